package org.sparksae.spark.ml;

import java.io.Serializable;
import java.util.List;
import org.sparksae.core.train.CodeStatistics;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.StopReason;

/**
 * How a fit went.
 *
 * @param history every pass: each term of the objective, the validation objective, rows and seconds
 * @param stopReason why training ended
 * @param statistics of the final model on the training rows: mean activation of every unit, L0,
 *     dead units, mean squared error, explained variance, number of rows
 * @param skippedRows training rows left out because they were not valid
 * @param seconds wall-clock time of the whole fit
 * @param kernelBackend what computed on the workers: the matrix products, and the other kernels
 */
public record SparseAutoencoderTrainingSummary(
    List<IterationRecord> history,
    StopReason stopReason,
    CodeStatistics statistics,
    long skippedRows,
    double seconds,
    String kernelBackend)
    implements Serializable {

  /** Passes made. */
  public int totalIterations() {
    return history.size();
  }

  /** The objective of each pass. */
  public double[] objectiveHistory() {
    return history.stream().mapToDouble(record -> record.terms().total()).toArray();
  }
}
