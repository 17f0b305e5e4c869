package org.sparksae.spark.ml.fit;

import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InputNorm;
import org.sparksae.core.stats.Centre;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.exchange.TreeSum;

/** What a stage trains on. */
public final class TrainingRows implements AutoCloseable {
  /** Depth of the sums, the same for all fits that share the rows. */
  private static final int AGGREGATION_DEPTH = 2;

  private final RowStore training;
  private final RowStore held;

  /** Mean distance of the training rows from their mean; negative until it is needed. */
  private double distance = -1;

  /**
   * The rows of a stage.
   *
   * @param training rows
   * @param held validation rows, or null
   */
  TrainingRows(RowStore training, RowStore held) {
    this.training = training;
    this.held = held;
  }

  /** The training rows. */
  public RowStore training() {
    return training;
  }

  /** The validation rows, or null. */
  public RowStore held() {
    return held;
  }

  /**
   * Returns the factor that gives what a model reconstructs, in the training rows, the size that
   * {@code inputNorm} asks for; 1 if all of it is equal. The first call visits the rows.
   *
   * @throws IllegalArgumentException if it is no float32 of full precision
   */
  float scale(InputNorm norm, AutoencoderSpec spec) {
    if (norm == InputNorm.NONE || distance(spec) == 0) {
      return 1;
    }
    double size = Math.sqrt(spec.outputSize());
    double scale = size / distance(spec);
    if (!(scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          Text.format(
              "inputNorm = %s needs rows whose mean distance from their mean float32 can scale to %.4g, but it is %.4g; scale the column, or set inputNorm = none",
              norm.paramName(), size, distance(spec)));
    }
    return (float) scale;
  }

  private double distance(AutoencoderSpec spec) {
    if (distance < 0) {
      int columns = spec.cut() + spec.outputSize();
      distance = Centre.meanDistance(new TreeSum(training, AGGREGATION_DEPTH), spec.cut(), columns);
    }
    return distance;
  }

  /** The rows as other values; to be closed on their own. */
  TrainingRows map(RowStore.RowsMap map) {
    RowStore mapped = training.map(map);
    try {
      return new TrainingRows(mapped, held == null ? null : held.map(map));
    } catch (Throwable failed) {
      mapped.close();
      throw failed;
    }
  }

  /** Number of invalid rows that were left out, those for validation included. */
  public long skippedRows() {
    return training.skippedRows() + (held == null ? 0 : held.skippedRows());
  }

  @Override
  public void close() {
    training.close();
    if (held != null) {
      held.close();
    }
  }
}
