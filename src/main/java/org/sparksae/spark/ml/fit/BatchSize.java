package org.sparksae.spark.ml.fit;

import org.sparksae.spark.ml.param.OptimiserParams;

/** How many rows a mini-batch has. */
public final class BatchSize {
  private static final int STEPS_OF_EPOCH = 50;
  static final int LEAST = 16;
  private static final int MOST = 1024;

  private BatchSize() {}

  /**
   * {@code batchSize}, or as many rows as make 50 steps of an epoch, from 16 to 1024.
   *
   * @param rows number of training rows
   */
  public static int of(OptimiserParams params, long rows) {
    return params.isDefined(params.batchSize())
        ? params.getBatchSize()
        : (int) Math.min(MOST, Math.max(LEAST, rows / STEPS_OF_EPOCH));
  }
}
