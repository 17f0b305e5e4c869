package org.sparksae.spark.ml.transform;

import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.ml.param.AutoencoderParams;

/** The column that a transcoder's predictions are compared with. */
public final class TargetColumn {
  private TargetColumn() {}

  /**
   * Returns the columns that {@code transform} reads of rows. It reads the target only for columns
   * of errors, so that rows without a target can be encoded.
   *
   * @throws IllegalArgumentException if the target is needed and {@code targetCol} does not name
   *     one of the model's size, or the model has no target and {@code targetCol} names one
   */
  public static FeatureColumns read(
      AutoencoderParams model, AutoencoderSpec spec, StructType schema) {
    return read(model, spec, schema, Need.of(model));
  }

  /**
   * Returns the columns that a model is measured on, which always include the target.
   *
   * @throws IllegalArgumentException as {@link #read} does
   */
  public static FeatureColumns compared(
      AutoencoderParams model, AutoencoderSpec spec, StructType schema) {
    return read(model, spec, schema, new Need("evaluate", ""));
  }

  private static FeatureColumns read(
      AutoencoderParams model, AutoencoderSpec spec, StructType schema, Need need) {
    FeatureColumn input = FeatureColumn.ofSize(model.getInputCol(), spec.inputSize());
    if (spec.target() == null && model.hasTarget()) {
      throw new IllegalArgumentException(
          Text.format(
              "targetCol is '%s', but this model reconstructs its input: clear targetCol, or train with it",
              model.getTargetCol()));
    }
    if (spec.target() == null || need == null) {
      return FeatureColumns.of(input);
    }
    check(model, spec.outputSize(), schema, need);
    return new FeatureColumns(input, FeatureColumn.ofSize(model.getTargetCol(), spec.outputSize()));
  }

  /**
   * What asks for a comparison.
   *
   * @param name of the Param and its value, or of the method
   * @param remedy what else could be done, as the end of a sentence
   */
  private record Need(String name, String remedy) {

    /** What {@code transform} needs the target for; null for nothing. */
    static Need of(AutoencoderParams model) {
      String error = model.getReconstructionErrorCol();
      if (!error.isEmpty()) {
        return column("reconstructionErrorCol", error);
      }
      String outlier = model.getOutlierCol();
      return outlier.isEmpty() ? null : column("outlierCol", outlier);
    }

    private static Need column(String param, String value) {
      return new Need(Text.format("%s '%s'", param, value), ", or clear " + param);
    }
  }

  private static void check(AutoencoderParams model, int size, StructType schema, Need need) {
    if (!model.hasTarget()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s compares the prediction with its target: set targetCol%s",
              need.name(), need.remedy()));
    }
    ColumnPath path;
    try {
      path = FeatureColumn.check(schema, "targetCol", model.getTargetCol());
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException(
          Text.format(
              "%s; %s needs it: add the column%s",
              refused.getMessage(), need.name(), need.remedy()),
          refused);
    }
    int known = FeatureColumn.attributeSize(path.field());
    if (known > 0 && known != size) {
      throw new IllegalArgumentException(
          Text.format(
              "targetCol: column '%s' has vectors of %d values, but the model predicts %d",
              model.getTargetCol(), known, size));
    }
  }
}
