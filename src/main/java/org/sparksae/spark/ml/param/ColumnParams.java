package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.Param;

/**
 * Params of a stage that makes one column of rows of another.
 *
 * @param <S> the stage's own class
 */
public interface ColumnParams<S extends ColumnParams<S>> extends SharedParams.Columns {

  /** The Param objects of this instance; built after the uid. */
  ColumnParamSet columns();

  /**
   * Column of rows: Vector (dense or sparse) or array of numbers, at the top or as a field of
   * structs ({@code s.features}); of an {@code ImageVectorizer} images.
   */
  @Override
  default Param<String> inputCol() {
    return columns().inputCol;
  }

  /** Column that gets the rows made of them, Vectors. */
  @Override
  default Param<String> outputCol() {
    return columns().outputCol;
  }

  /** Value of {@link #inputCol()}. */
  @Override
  default String getInputCol() {
    return getOrDefault(inputCol());
  }

  /** Value of {@link #outputCol()}. */
  @Override
  default String getOutputCol() {
    return getOrDefault(outputCol());
  }

  /** Sets {@link #inputCol()}. */
  @SuppressWarnings("unchecked") // S is the stage's own class.
  default S setInputCol(String value) {
    set(inputCol(), value);
    return (S) this;
  }

  /** Sets {@link #outputCol()}. */
  @SuppressWarnings("unchecked") // S is the stage's own class.
  default S setOutputCol(String value) {
    set(outputCol(), value);
    return (S) this;
  }
}
