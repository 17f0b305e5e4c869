package org.sparksae.core.train;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.rows.Batch;

/**
 * Follows a loop iteration by iteration: history, listener, convergence, early stopping.
 *
 * <p>Converged: {@code |J_before - J| <= tol max(|J_before|, |J|)} over one iteration. Early stopping:
 * the objective of the validation rows, corrupted as those of training but by the same noise after
 * each iteration, has not fallen by more than that share below its best for {@value #PATIENCE} iterations;
 * the result is then, as always with validation rows, the best parameters and not the last. Iterations
 * after which the objective becomes another one (k comes down) are neither compared with the next
 * nor counted as iterations without a better one.
 */
public final class TrainingMonitor {
  /**
   * Iterations without a better validation objective that are borne: mini-batches make it jump about.
   */
  private static final int PATIENCE = 5;

  private final GradientSource validation;
  private final Batch held;
  private final double tol;
  private final TrainingListener listener;
  private final List<IterationRecord> history = new ArrayList<>();
  private double lastObjective;
  private double bestValidation;
  private float[] best;
  private int iterationsSinceBest;
  private StopReason stopReason;
  private long iterationStart = System.nanoTime();

  /**
   * A monitor of one run.
   *
   * @param validation objective of the validation rows, or null if there are none
   * @param start how far the run has come
   */
  TrainingMonitor(
      GradientSource validation,
      TrainingSettings settings,
      TrainingListener listener,
      TrainingProgress start) {
    this.validation = validation;
    this.held = Batch.ALL.with(settings.fixedNoise());
    this.tol = settings.tol();
    this.listener = listener;
    this.history.addAll(start.history());
    this.lastObjective = start.lastObjective();
    this.bestValidation = start.bestValidation();
    this.best = start.best();
    this.iterationsSinceBest = start.iterationsSinceBest();
    this.stopReason = start.stopReason();
  }

  /** Takes note of an iteration of an objective that stays the same; whether to go on. */
  boolean iterationDone(ObjectiveTerms terms, float[] parameters, long rows) {
    return iterationDone(terms, parameters, rows, true);
  }

  /**
   * Takes note of an iteration; whether to go on.
   *
   * @param settled whether the next iteration has the same objective; else it is no time to stop, and
   *     the next iteration is not compared with this one
   */
  boolean iterationDone(ObjectiveTerms terms, float[] parameters, long rows, boolean settled) {
    double objective = terms.total();
    if (settled && isSmallChange(lastObjective, objective, tol)) {
      stopReason = StopReason.CONVERGED;
    }
    // What the next iteration is compared with, if it has the same objective.
    lastObjective = settled ? objective : Double.NaN;
    double validationObjective = validation == null ? Double.NaN : validate(parameters, settled);
    long now = System.nanoTime();
    IterationRecord record =
        new IterationRecord(
            history.size() + 1, terms, validationObjective, rows, (now - iterationStart) / 1e9);
    iterationStart = now;
    history.add(record);
    listener.iterationDone(record);
    return stopReason == null;
  }

  private double validate(float[] parameters, boolean settled) {
    double objective = validation.terms(parameters, held).total();
    boolean clearlyBetter =
        objective < bestValidation && !isSmallChange(bestValidation, objective, tol);
    iterationsSinceBest = clearlyBetter || !settled ? 0 : iterationsSinceBest + 1;
    if (objective < bestValidation) {
      bestValidation = objective;
      best = parameters.clone();
    }
    if (iterationsSinceBest >= PATIENCE) {
      stopReason = StopReason.EARLY_STOPPING;
    }
    return objective;
  }

  /** Whether an iteration changed an objective by no more than a share of it. */
  public static boolean isSmallChange(double before, double after, double tol) {
    return Double.isFinite(before)
        && Math.abs(before - after) <= tol * Math.max(Math.abs(before), Math.abs(after));
  }

  /** The loop could not go further down. */
  void converged() {
    stopReason = StopReason.CONVERGED;
  }

  /** How far the run has come now. */
  TrainingProgress progress() {
    return new TrainingProgress(
        List.copyOf(history), lastObjective, bestValidation, best, iterationsSinceBest, stopReason);
  }
}
