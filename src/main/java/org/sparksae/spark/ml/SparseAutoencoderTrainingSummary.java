package org.sparksae.spark.ml;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.ml.classification.TrainingSummary;
import org.sparksae.core.Text;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.StopReason;

/**
 * How a fit went.
 *
 * <p>With {@code layerTraining = joint} there is one stage. With {@code greedy} there is one stage
 * for each layer, and with {@code greedyThenJoint} one more for all layers. The methods of the
 * summary itself describe the last stage: objectives of different stages cannot be compared.
 *
 * <p>The statistics describe what {@code transform} makes of the training rows, weighted: with
 * {@code encodeK}, {@code outputLayer} and {@code activationThreshold}, the plain codes with {@code
 * lifetimeSparsity}, and the full maps with {@code spatialSparsity}, before pooling. The objectives
 * in the history are those of training, computed from the units or winners that training kept.
 *
 * @param stages the trainings of the fit, in order; at least one
 * @param statistics of the final model on the training rows: mean activation of every unit, L0,
 *     dead units, mean squared error, explained variance, number of rows; {@link
 *     AutoencoderModel#evaluate} gives those of other rows
 * @param skippedRows rows left out because they were not valid, those for validation included
 * @param seconds wall-clock time of the whole fit; of several in one call, the time since the model
 *     before it was done
 * @param kernelBackend what computed matrix products and other kernels on the workers
 * @param storagePrecision how precisely the rows were stored, which training and statistics used:
 *     float32 or bfloat16
 * @param warnings what is wrong with the result, if anything; also logged
 */
public record SparseAutoencoderTrainingSummary(
    List<TrainingStage> stages,
    CodeStatistics statistics,
    long skippedRows,
    double seconds,
    String kernelBackend,
    String storagePrecision,
    List<TrainingWarning> warnings)
    implements TrainingSummary, Serializable {

  /** Every iteration of the last stage. */
  public List<IterationRecord> history() {
    return last().history();
  }

  /** Why the last stage ended. */
  public StopReason stopReason() {
    return last().stopReason();
  }

  /**
   * Factor of the rows in the last stage, whose objectives are those of the scaled rows; 1 with
   * {@code inputNorm = none}.
   */
  public double inputScale() {
    return last().inputScale();
  }

  /** Iterations made in the last stage; the last may be a part of an epoch. */
  @Override
  public int totalIterations() {
    return last().totalIterations();
  }

  /** Steps made in the last stage: mini-batches of adam, iterations of l-bfgs. */
  public long totalSteps() {
    return last().totalSteps();
  }

  /** Whether {@code maxSteps} ended the last stage inside an epoch. */
  public boolean endsInsideEpoch() {
    return last().endsInsideEpoch();
  }

  /** The objective of each iteration of the last stage. */
  @Override
  public double[] objectiveHistory() {
    return last().objectiveHistory();
  }

  /**
   * The part of the last epoch's rows for which each unit of the code was active, as the last stage
   * kept activations in training, [units]; counted exactly, over all workers. A row counts as one,
   * whatever its weight. If training ended inside an epoch, these are the rows of that epoch's
   * steps. Empty after l-bfgs, with {@code maxIter = 0}, and for codes that are never exactly 0.
   */
  public double[] firingFrequencies() {
    return last().activity().firingFrequencies();
  }

  /**
   * For how many rows, up to the end of the last stage, each unit of the code has not been active,
   * [units]; 0 if it was active in the last batch. Empty where {@link #firingFrequencies()} is.
   */
  public long[] silentRows() {
    return last().activity().silentRows();
  }

  /** How many times a dead unit was replaced in the last stage; 0 without {@code resampleSteps}. */
  public long resampledUnits() {
    return last().activity().resampled();
  }

  /**
   * Number of rows in the last stage, counted in each epoch, whose code was selected from
   * candidates that a product in bfloat16 found; 0 where the processor has none, and for other
   * codes.
   */
  public long candidateRows() {
    return last().activity().candidateRows();
  }

  /**
   * Number of {@link #candidateRows()} whose candidates might not have sufficed, so that all of
   * their pre-activations were computed in float32. Many of them cost time, not exactness.
   */
  public long candidateFallbacks() {
    return last().activity().candidateFallbacks();
  }

  /** Stages, statistics and time in a line; not the whole history. */
  @Override
  public String toString() {
    return Text.format(
        "%s; %s; %d rows skipped, stored as %s, %.1f s, computed by %s",
        stages.stream().map(TrainingStage::toString).collect(Collectors.joining("; ")),
        statistics,
        skippedRows,
        storagePrecision,
        seconds,
        kernelBackend);
  }

  private TrainingStage last() {
    return stages.get(stages.size() - 1);
  }
}
