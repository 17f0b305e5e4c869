package org.sparksae.spark.ml;

import java.io.Serializable;
import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.StopReason;
import org.sparksae.core.train.UnitActivity;
import org.sparksae.spark.ml.fit.StageResult;

/**
 * How one stage of a fit went.
 *
 * @param name {@code joint}, or {@code layer 1} and so on for a layer that was trained alone
 * @param history every iteration: the terms of the stage's objective, the validation objective,
 *     rows and seconds
 * @param stopReason why the stage ended
 * @param activity how active the units of the stage's code were in training
 * @param totalSteps number of steps: mini-batches of adam, iterations of l-bfgs
 * @param endsInsideEpoch whether {@code maxSteps} ended training inside an epoch; the last record
 *     of the history then describes the part of it that was made
 * @param inputScale factor of the rows that the stage learned from, 1 with {@code inputNorm =
 *     none}. The objectives of the history are those of the scaled rows: their reconstruction term
 *     is that of the rows times the square of the factor
 */
public record TrainingStage(
    String name,
    List<IterationRecord> history,
    StopReason stopReason,
    UnitActivity activity,
    long totalSteps,
    boolean endsInsideEpoch,
    double inputScale)
    implements Serializable {

  static TrainingStage of(StageResult result) {
    return new TrainingStage(
        result.name(),
        result.history(),
        result.stopReason(),
        result.activity(),
        result.steps(),
        result.endsInsideEpoch(),
        result.inputScale());
  }

  @Override
  public String toString() {
    String end = history.isEmpty() ? "" : ": " + history.get(history.size() - 1).terms().describe();
    String part = endsInsideEpoch ? Text.format(", the last in part (%d steps)", totalSteps) : "";
    return Text.format("%s, %d iterations%s, %s%s", name, history.size(), part, stopReason, end);
  }

  /** Iterations made; the last may be a part of an epoch. */
  public int totalIterations() {
    return history.size();
  }

  /** The stage's objective of each iteration. */
  public double[] objectiveHistory() {
    return history.stream().mapToDouble(record -> record.terms().total()).toArray();
  }
}
