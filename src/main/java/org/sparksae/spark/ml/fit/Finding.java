package org.sparksae.spark.ml.fit;

/**
 * A fault of a fit's result.
 *
 * @param kind what was looked at; users meet it as the equally named {@code TrainingWarning.Kind},
 *     which says when it is a fault
 * @param message figure, likely cause and remedy in one line
 */
public record Finding(Kind kind, String message) {

  /** What {@link FitDiagnosis} looks at. */
  public enum Kind {
    EXPLAINED_VARIANCE,
    UNITS,
    STEPS,
    SCHEDULE,
    PENALTY,
    CONVERGENCE,
    COLUMNS
  }
}
