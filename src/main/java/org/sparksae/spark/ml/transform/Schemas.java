package org.sparksae.spark.ml.transform;

import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.ColumnParams;

/** Checks input columns, and adds output columns to schemas. */
public final class Schemas {
  private Schemas() {}

  /**
   * Checks the input column and returns the schema with the output columns.
   *
   * @param inputSize number of values in a row; -1 if it is not known
   * @param outputSize number of values in a reconstruction; -1 if it is not known
   * @param codeSize number of values in a code; -1 if it is not known
   */
  public static StructType transform(
      AutoencoderParams params, StructType schema, int inputSize, int outputSize, int codeSize) {
    checkInput(params, schema, inputSize);
    if (params.getOutputCol().isEmpty()
        && params.getReconstructionCol().isEmpty()
        && params.getReconstructionErrorCol().isEmpty()
        && params.getOutlierCol().isEmpty()) {
      throw new IllegalArgumentException(
          "outputCol, reconstructionCol, reconstructionErrorCol and outlierCol are all empty; name"
              + " at least one");
    }
    StructType result = schema;
    result = add(result, "outputCol", vector(params.getOutputCol(), codeSize));
    result = add(result, "reconstructionCol", vector(params.getReconstructionCol(), outputSize));
    result = add(result, "reconstructionErrorCol", number(params.getReconstructionErrorCol()));
    return add(result, "outlierCol", number(params.getOutlierCol()));
  }

  private static StructField number(String name) {
    return new StructField(name, DataTypes.DoubleType, false, Metadata.empty());
  }

  /** Checks the input column and returns the schema with a column of vectors of the same size. */
  public static StructType append(StructType schema, ColumnParams<?> params, int size) {
    checkInput(params, params.inputCol(), schema, size);
    return addVectors(schema, params, size);
  }

  /** Returns the schema with a stage's column of vectors. */
  public static StructType addVectors(StructType schema, ColumnParams<?> params, int size) {
    if (params.getOutputCol().isEmpty()) {
      throw new IllegalArgumentException("outputCol must not be empty; name the column to add");
    }
    return add(schema, "outputCol", vector(params.getOutputCol(), size));
  }

  /**
   * Checks the input column of a model.
   *
   * @param inputSize number of values in a row; -1 if it is not known
   */
  public static void checkInput(AutoencoderParams params, StructType schema, int inputSize) {
    checkInput(params, params.inputCol(), schema, inputSize);
  }

  private static void checkInput(
      Params params, Param<String> inputCol, StructType schema, int inputSize) {
    String name = inputCol(params, inputCol, schema);
    ColumnPath input = FeatureColumn.check(schema, "inputCol", name);
    int known = FeatureColumn.attributeSize(input.field());
    if (inputSize > 0 && known > 0 && known != inputSize) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: column '%s' has vectors of %d values, but the model takes %d",
              name, known, inputSize));
    }
  }

  /** Returns the name of the input column, which must be set. */
  public static String inputCol(Params params, Param<String> inputCol, StructType schema) {
    if (!params.isDefined(inputCol)) {
      throw new IllegalArgumentException(
          "inputCol must be set; the columns are " + String.join(", ", schema.fieldNames()));
    }
    return params.getOrDefault(inputCol);
  }

  private static StructField vector(String name, int size) {
    return new StructField(name, SQLDataTypes.VectorType(), false, vectorMetadata(name, size));
  }

  /** Returns attributes with the size of a vector column, if it is known. */
  static Metadata vectorMetadata(String name, int size) {
    return size < 0 || name.isEmpty()
        ? Metadata.empty()
        : new AttributeGroup(name, size).toMetadata();
  }

  /**
   * Adds a column, unless its name is empty. Names that differ only in case are equal unless
   * Spark's settings say otherwise.
   */
  private static StructType add(StructType schema, String param, StructField field) {
    if (field.name().isEmpty()) {
      return schema;
    }
    if (ColumnPath.isColumn(schema, field.name())) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: column '%s' exists already; choose another name or drop it first",
              param, field.name()));
    }
    return schema.add(field);
  }

  /** Checks the columns that only training reads. */
  public static void checkTrainingColumns(AutoencoderParams params, StructType schema) {
    checkWeightCol(schema, params.getWeightCol());
    if (params.hasTarget()) {
      FeatureColumn.check(schema, "targetCol", params.getTargetCol());
    }
    String validationCol = params.getValidationIndicatorCol();
    if (!validationCol.isEmpty()) {
      DataType type = ColumnPath.of(schema, "validationIndicatorCol", validationCol).type();
      if (!type.equals(DataTypes.BooleanType)) {
        throw new IllegalArgumentException(
            Text.format(
                "validationIndicatorCol: column '%s' must be boolean, but it is %s",
                validationCol, type.catalogString()));
      }
    }
  }

  /** Checks a column of row weights, if one is named. */
  public static void checkWeightCol(StructType schema, String weightCol) {
    if (weightCol.isEmpty()) {
      return;
    }
    DataType type = ColumnPath.of(schema, "weightCol", weightCol).type();
    if (!(type instanceof NumericType)) {
      throw new IllegalArgumentException(
          Text.format(
              "weightCol: column '%s' must be numeric, but it is %s",
              weightCol, type.catalogString()));
    }
  }
}
