package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.Param;

/**
 * The Params of a stage that makes a column of rows from another one.
 *
 * @param <S> the stage's own class
 */
public interface ColumnParams<S> extends ParamGroup, SharedParams.Input, SharedParams.Output {

  /**
   * Column of rows: Vector (dense or sparse) or array of numbers, at the top or as a field of
   * structs ({@code s.features}).
   */
  @Override
  default Param<String> inputCol() {
    return paramSet()
        .text(
            "inputCol",
            "column of rows: Vector (dense or sparse) or array of numbers",
            Rule.text());
  }

  /** The value of {@link #inputCol()}. */
  @Override
  default String getInputCol() {
    return getOrDefault(inputCol());
  }

  /** Sets {@link #inputCol()}. */
  default S setInputCol(String value) {
    return ParamSet.set(this, inputCol(), value);
  }

  /** Column that gets the new rows, Vectors. */
  @Override
  default Param<String> outputCol() {
    return paramSet()
        .text(
            "outputCol", "column that gets the new rows, Vectors", Rule.text(), uid() + "__output");
  }

  /** The value of {@link #outputCol()}. */
  @Override
  default String getOutputCol() {
    return getOrDefault(outputCol());
  }

  /** Sets {@link #outputCol()}. */
  default S setOutputCol(String value) {
    return ParamSet.set(this, outputCol(), value);
  }
}
