package org.sparksae.spark.ml.fit;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.rows.CorruptionKind;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.exchange.WorkerPlan;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.Choices;
import org.sparksae.spark.ml.param.SpecBuilder;

/**
 * The rows of a DataFrame that a fit learns from, and those for validation.
 *
 * @param params an estimator's
 * @param dataset has the columns that they name
 * @param column its input column
 */
public record TrainingData(AutoencoderParams params, Dataset<?> dataset, FeatureColumn column) {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingData.class);

  /**
   * Reads the rows, once; to be closed.
   *
   * @throws IllegalArgumentException if there is nothing to learn from
   */
  public TrainingRows read(AutoencoderSpec spec, WorkerPlan plan) {
    RowStore training = read(trainingRows(), spec, plan);
    RowStore held = null;
    try {
      held = isValidated() ? read(dataset.filter(isValidation()), spec, plan) : null;
      requireRows(training, held);
      requireDense(training);
      boolean stopsEarly = held != null && stopsEarly(held);
      if (held != null && !stopsEarly) {
        held.close();
      }
      return new TrainingRows(training, stopsEarly ? held : null);
    } catch (Throwable refused) {
      new TrainingRows(training, held).close();
      throw refused;
    }
  }

  private boolean isValidated() {
    return !params.getValidationIndicatorCol().isEmpty();
  }

  private Dataset<?> trainingRows() {
    return isValidated() ? dataset.filter(functions.not(isValidation())) : dataset;
  }

  /** A row with null is not for validation. */
  private Column isValidation() {
    String name = params.getValidationIndicatorCol();
    Column indicator = ColumnPath.of(dataset.schema(), "validationIndicatorCol", name).expression();
    return functions.coalesce(indicator, functions.lit(false));
  }

  private RowStore read(Dataset<?> rows, AutoencoderSpec spec, WorkerPlan plan) {
    boolean skip = params.getHandleInvalid().equals(Choices.SKIP);
    FeatureColumn stored = column.roundedTo(params.precision());
    return RowStore.read(
        rows, stored, params.getWeightCol(), spec.blockRows(), skip, plan.workers());
  }

  private void requireRows(RowStore training, RowStore held) {
    if (training.rows() == 0 && held != null && held.rows() > 0) {
      throw new IllegalArgumentException(
          Text.format(
              "validationIndicatorCol: column '%s' is true in each of the %d valid rows, so there is none to train on; set it to false in some",
              params.getValidationIndicatorCol(), held.rows()));
    }
    if (training.rows() == 0) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: column '%s' has no valid row to train on (%d were skipped)",
              params.getInputCol(), training.skippedRows()));
    }
    if (training.weight() == 0) {
      throw new IllegalArgumentException(
          Text.format(
              "weightCol: the weights of column '%s' sum to 0; at least one row must weigh more",
              params.getWeightCol()));
    }
  }

  /** Noise that changes zeros would turn sparse rows into dense ones, which may be huge. */
  private void requireDense(RowStore training) {
    CorruptionKind kind = SpecBuilder.corruption(params).kind();
    if (!kind.keepsZeros() && training.hasSparseRows()) {
      throw new IllegalArgumentException(
          Text.format(
              "corruption = %s changes zeros, too, but column '%s' has SparseVectors of few values, which would all become dense: use corruption = masking, or make the column dense (Vector.toDense, or an array)",
              kind.paramName(), params.getInputCol()));
    }
  }

  private boolean stopsEarly(RowStore validation) {
    if (validation.rows() == 0) {
      LOG.warn(
          "validationIndicatorCol '{}' selects no row: training will not stop early",
          params.getValidationIndicatorCol());
      return false;
    }
    if (validation.weight() == 0) {
      throw new IllegalArgumentException(
          Text.format(
              "weightCol: the weights of the validation rows in column '%s' sum to 0; at least one row must weigh more",
              params.getWeightCol()));
    }
    return true;
  }
}
