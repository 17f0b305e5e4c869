package org.sparksae.core.train;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.rows.Batch;

/**
 * Follows a training loop: keeps the history, calls the listener, and decides on convergence and
 * early stopping.
 *
 * <p>A training has converged if {@code |J_before - J| <= tol max(|J_before|, |J|)} for one
 * iteration. It stops early if the objective of the validation rows has not fallen below its best
 * by more than the share {@code tol} for {@value #PATIENCE} iterations. Validation rows are
 * corrupted like training rows, but with the same noise in every iteration. With validation rows,
 * the result is always the best parameters, not the last. While k still changes, the objective
 * changes with it: such iterations are not compared with the next, and do not count as iterations
 * without improvement.
 */
public final class TrainingMonitor {
  /**
   * Iterations without improvement before training stops. With mini-batches the validation
   * objective fluctuates.
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
  private boolean isBest;
  private int iterationsSinceBest;
  private StopReason stopReason;
  private EpochPart epoch;
  private long iterationStart;
  private long clockStopped;

  /**
   * Monitors one run.
   *
   * @param validation objective of the validation rows, or null if there are none
   * @param start progress of the run so far
   */
  TrainingMonitor(
      GradientSource validation,
      TrainingSettings settings,
      TrainingListener listener,
      TrainingProgress start) {
    this.validation = validation;
    this.held = settings.allRows();
    this.tol = settings.tol();
    this.listener = listener;
    this.history.addAll(start.history());
    this.lastObjective = start.lastObjective();
    this.bestValidation = start.bestValidation();
    this.best = start.best();
    this.iterationsSinceBest = start.iterationsSinceBest();
    this.stopReason = start.stopReason();
    this.epoch = start.epoch();
    this.iterationStart = System.nanoTime() - (long) (1e9 * start.epoch().seconds());
    this.clockStopped = System.nanoTime();
  }

  /** Stops the clock, until {@link #startClock()}: other models are trained meanwhile. */
  void stopClock() {
    clockStopped = System.nanoTime();
  }

  /** Starts the clock again, which stands still at first. */
  void startClock() {
    iterationStart += System.nanoTime() - clockStopped;
  }

  /** Adds a step to the present epoch. */
  void stepDone(BatchStep.Result step) {
    epoch = epoch.plus(step, (System.nanoTime() - iterationStart) / 1e9);
    listener.stepsDone(iterations() + 1, epoch);
  }

  /** Number of complete iterations. */
  int iterations() {
    return history.size();
  }

  /** The part of the present epoch that has been made. */
  EpochPart epoch() {
    return epoch;
  }

  /** Whether training continues, with at most the steps of a length. */
  boolean goesOn(TrainingLength length) {
    return stopReason == null && length.made(iterations(), epoch) < length.steps();
  }

  /** Records an iteration whose objective stays the same; returns whether to continue. */
  boolean iterationDone(ObjectiveTerms terms, float[] parameters, long rows) {
    return iterationDone(terms, parameters, rows, true);
  }

  /**
   * Records an iteration; returns whether to continue.
   *
   * @param settled whether the next iteration has the same objective; if not, training does not
   *     stop now, and the next iteration is not compared with this one
   */
  boolean iterationDone(ObjectiveTerms terms, float[] parameters, long rows, boolean settled) {
    double objective = terms.total();
    if (settled && isSmallChange(lastObjective, objective, tol)) {
      stopReason = StopReason.CONVERGED;
    }
    // The next iteration is compared with this one only if it has the same objective.
    lastObjective = settled ? objective : Double.NaN;
    double validationObjective = validation == null ? Double.NaN : validate(parameters, settled);
    long now = System.nanoTime();
    IterationRecord record =
        new IterationRecord(
            history.size() + 1, terms, validationObjective, rows, (now - iterationStart) / 1e9);
    iterationStart = now;
    epoch = EpochPart.NONE;
    history.add(record);
    listener.iterationDone(record);
    return stopReason == null;
  }

  private double validate(float[] parameters, boolean settled) {
    double objective = validation.terms(parameters, held).total();
    boolean clearlyBetter =
        objective < bestValidation && !isSmallChange(bestValidation, objective, tol);
    iterationsSinceBest = clearlyBetter || !settled ? 0 : iterationsSinceBest + 1;
    isBest = objective < bestValidation;
    if (isBest) {
      bestValidation = objective;
      best = parameters.clone();
    }
    if (iterationsSinceBest >= PATIENCE) {
      stopReason = StopReason.EARLY_STOPPING;
    }
    return objective;
  }

  /** Whether the last iteration had the lowest objective of the validation rows so far. */
  boolean isBest() {
    return isBest;
  }

  /** Whether an objective changed by at most the share {@code tol}. */
  public static boolean isSmallChange(double before, double after, double tol) {
    return Double.isFinite(before)
        && Math.abs(before - after) <= tol * Math.max(Math.abs(before), Math.abs(after));
  }

  /** Records that no step could lower the objective. */
  void converged() {
    stopReason = StopReason.CONVERGED;
  }

  /** Returns the progress so far. */
  TrainingProgress progress() {
    return new TrainingProgress(
        List.copyOf(history),
        lastObjective,
        bestValidation,
        best,
        iterationsSinceBest,
        stopReason,
        epoch);
  }
}
