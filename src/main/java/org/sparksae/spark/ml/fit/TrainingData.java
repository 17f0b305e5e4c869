package org.sparksae.spark.ml.fit;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.ml.param.Choices;

/**
 * The rows of a DataFrame that fits learn from, and those for validation.
 *
 * @param reading the columns and how they are read
 * @param dataset has the columns
 * @param columns those of which rows are made
 */
public record TrainingData(Reading reading, Dataset<?> dataset, FeatureColumns columns) {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingData.class);

  /**
   * Reads the rows, once; to be closed.
   *
   * @throws IllegalArgumentException if there is nothing to learn from
   */
  public TrainingRows read() {
    RowStore training = read(trainingRows());
    RowStore held = null;
    try {
      held = isValidated() ? read(dataset.filter(isValidation())) : null;
      requireRows(training, held);
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
    return !reading.validationIndicatorCol().isEmpty();
  }

  private Dataset<?> trainingRows() {
    return isValidated() ? dataset.filter(functions.not(isValidation())) : dataset;
  }

  /** A row with null is not for validation. */
  private Column isValidation() {
    String name = reading.validationIndicatorCol();
    Column indicator = ColumnPath.of(dataset.schema(), "validationIndicatorCol", name).expression();
    return functions.coalesce(indicator, functions.lit(false));
  }

  private RowStore read(Dataset<?> rows) {
    boolean skip = reading.handleInvalid().equals(Choices.SKIP);
    FeatureColumns stored = columns.roundedTo(reading.precision());
    return RowStore.read(
        rows, stored, reading.weightCol(), reading.blockRows(), skip, reading.partitions());
  }

  private void requireRows(RowStore training, RowStore held) {
    if (training.rows() == 0 && held != null && held.rows() > 0) {
      throw new IllegalArgumentException(
          Text.format(
              "validationIndicatorCol: column '%s' is true in each of the %d valid rows, so there is none to train on; set it to false in some",
              reading.validationIndicatorCol(), held.rows()));
    }
    if (training.rows() == 0) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: column '%s' has no valid row to train on (%d were skipped)",
              reading.inputCol(), training.skippedRows()));
    }
    if (training.weight() == 0) {
      throw new IllegalArgumentException(
          Text.format(
              "weightCol: the weights of column '%s' sum to 0; at least one row must weigh more",
              reading.weightCol()));
    }
  }

  private boolean stopsEarly(RowStore validation) {
    if (validation.rows() == 0 && validation.skippedRows() > 0) {
      throw new IllegalArgumentException(
          Text.format(
              "validationIndicatorCol: each of the %d rows that column '%s' selects is invalid, so training could not stop early; mend them, or unset validationIndicatorCol",
              validation.skippedRows(), reading.validationIndicatorCol()));
    }
    if (validation.rows() == 0) {
      LOG.warn(
          "validationIndicatorCol '{}' selects no row: training will not stop early",
          reading.validationIndicatorCol());
      return false;
    }
    if (validation.weight() == 0) {
      throw new IllegalArgumentException(
          Text.format(
              "weightCol: the weights of the validation rows in column '%s' sum to 0; at least one row must weigh more",
              reading.weightCol()));
    }
    return true;
  }
}
