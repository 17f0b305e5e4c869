package org.sparksae.spark.ml;

import java.io.Serializable;
import org.sparksae.spark.ml.fit.Finding;
import org.sparksae.spark.ml.fit.FitDiagnosis;

/**
 * What is wrong with the result of a fit, in one line: the figure, its likely cause, and what to
 * change.
 *
 * @param kind what was checked
 * @param message the line
 */
public record TrainingWarning(Kind kind, String message) implements Serializable {

  /** What a fit is warned of. */
  public enum Kind {
    /**
     * The explained variance is below {@value FitDiagnosis#LEAST_EXPLAINED}, or below {@value
     * FitDiagnosis#LEAST_EXPLAINED_WITH_CAUSE} where a known cause explains it: the input's scale,
     * penalties of several layers, few steps of adam, or an objective that was still falling at the
     * end.
     */
    EXPLAINED_VARIANCE,
    /**
     * More than half of the code's units are dead, constant or always on: see {@link
     * org.sparksae.core.stats.CodeStatistics}. A unit that is always on counts only if zeros were
     * asked for (by k, lifetimeSparsity or a penalty) and possible (by k, relu or
     * activationThreshold).
     */
    UNITS,
    /** All epochs of adam together had fewer than {@value FitDiagnosis#LEAST_STEPS} steps. */
    STEPS,
    /** Training ended, by tol or on validation rows, before the learning rate had fallen. */
    SCHEDULE,
    /**
     * The penalty terms are more than half of the objective, and less than half of the variance is
     * explained.
     */
    PENALTY,
    /**
     * l-bfgs ended as converged in fewer than {@value FitDiagnosis#LEAST_ITERATIONS} iterations,
     * and less than half of the variance is explained.
     */
    CONVERGENCE,
    /** A few columns have nearly all of the variance, so the others hardly count. */
    COLUMNS
  }

  static TrainingWarning of(Finding finding) {
    return new TrainingWarning(Kind.valueOf(finding.kind().name()), finding.message());
  }

  @Override
  public String toString() {
    return message;
  }
}
