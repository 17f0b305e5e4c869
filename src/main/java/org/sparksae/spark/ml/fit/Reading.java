package org.sparksae.spark.ml.fit;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.rows.StoragePrecision;
import org.sparksae.spark.exchange.WorkerPlan;
import org.sparksae.spark.ml.param.AutoencoderParams;

/**
 * Everything that decides how the rows of a fit are read and stored. Fits with equal readings can
 * share their rows, and get the bits that each would get on rows of its own.
 *
 * @param inputCol the input column
 * @param targetCol the column of the rows to predict, or empty
 * @param weightCol the column of weights, or empty
 * @param validationIndicatorCol the column that selects rows for validation, or empty
 * @param handleInvalid what to do with invalid rows
 * @param precision how the values are stored
 * @param blockRows maximum number of rows in a block. Where blocks end decides which of them are
 *     sparse, how sums over all rows are cut into tiles, and how many small partitions are merged
 * @param partitions exact number of partitions, or 0
 */
public record Reading(
    String inputCol,
    String targetCol,
    String weightCol,
    String validationIndicatorCol,
    String handleInvalid,
    StoragePrecision precision,
    int blockRows,
    int partitions) {

  /** Returns what a fit needs. */
  public static Reading of(AutoencoderParams params, AutoencoderSpec spec, WorkerPlan plan) {
    return new Reading(
        params.getInputCol(),
        params.getTargetCol(),
        params.getWeightCol(),
        params.getValidationIndicatorCol(),
        params.getHandleInvalid(),
        params.storedPrecision(),
        spec.blockRows(),
        plan.workers());
  }
}
