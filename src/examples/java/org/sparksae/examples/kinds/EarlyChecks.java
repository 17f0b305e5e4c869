package org.sparksae.examples.kinds;

import org.sparksae.cli.job.InputTable;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.AutoencoderEstimator;

/** Finds before the first of several trainings what would end the command after some of them. */
public final class EarlyChecks {
  private EarlyChecks() {}

  /**
   * Checks the Params and columns of a training and of the rows that measure its model.
   *
   * @param estimator without {@code inputCol}, which is that of the rows
   * @throws IllegalArgumentException naming the Param or the column
   */
  public static void check(
      AutoencoderEstimator<?, ?> estimator, InputTable training, InputTable test) {
    estimator.set(estimator.inputCol(), training.column());
    estimator.transformSchema(training.rows().schema());
    if (estimator.hasTarget()) {
      FeatureColumn.check(test.rows().schema(), "targetCol", estimator.getTargetCol());
    }
  }
}
