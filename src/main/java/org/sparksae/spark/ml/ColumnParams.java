package org.sparksae.spark.ml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** Params of a stage that makes one column of rows of another. */
public interface ColumnParams extends Params {

  /**
   * Column of rows: Vector (dense or sparse), array&lt;float&gt; or array&lt;double&gt;; of an
   * {@link ImageVectorizer} images.
   */
  Param<String> inputCol();

  /** Column that gets the rows made of them, Vectors. */
  Param<String> outputCol();

  /** Value of {@link #inputCol()}. */
  default String getInputCol() {
    return getOrDefault(inputCol());
  }

  /** Value of {@link #outputCol()}. */
  default String getOutputCol() {
    return getOrDefault(outputCol());
  }
}
