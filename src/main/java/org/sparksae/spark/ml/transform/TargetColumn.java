package org.sparksae.spark.ml.transform;

import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.ml.param.AutoencoderParams;

/** The column that {@code transform} compares the predictions of a transcoder with. */
public final class TargetColumn {
  private TargetColumn() {}

  /**
   * Returns the columns that a model reads of rows. It reads the target only for columns of errors,
   * so that rows without a target can be encoded.
   *
   * @throws IllegalArgumentException if the target is needed and {@code targetCol} does not name
   *     one of the model's size, or the model has no target and {@code targetCol} names one
   */
  public static FeatureColumns read(
      AutoencoderParams model, AutoencoderSpec spec, StructType schema) {
    FeatureColumn input = FeatureColumn.ofSize(model.getInputCol(), spec.inputSize());
    if (spec.target() == null && model.hasTarget()) {
      throw new IllegalArgumentException(
          Text.format(
              "targetCol is '%s', but this model reconstructs its input: clear targetCol, or train with it",
              model.getTargetCol()));
    }
    String needing = needing(model);
    if (spec.target() == null || needing.isEmpty()) {
      return FeatureColumns.of(input);
    }
    check(model, spec.outputSize(), schema, needing);
    return new FeatureColumns(input, FeatureColumn.ofSize(model.getTargetCol(), spec.outputSize()));
  }

  /** The Param that asks for a comparison, and its value; empty if there is none. */
  private static String needing(AutoencoderParams model) {
    if (!model.getReconstructionErrorCol().isEmpty()) {
      return Text.format("reconstructionErrorCol '%s'", model.getReconstructionErrorCol());
    }
    return model.getOutlierCol().isEmpty()
        ? ""
        : Text.format("outlierCol '%s'", model.getOutlierCol());
  }

  private static void check(AutoencoderParams model, int size, StructType schema, String needing) {
    if (!model.hasTarget()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s compares the prediction with its target: set targetCol, or clear that column",
              needing));
    }
    ColumnPath path;
    try {
      path = FeatureColumn.check(schema, "targetCol", model.getTargetCol());
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException(
          Text.format(
              "%s; %s needs it: add the column, or clear that one", refused.getMessage(), needing),
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
