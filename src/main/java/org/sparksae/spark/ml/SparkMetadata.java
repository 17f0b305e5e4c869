package org.sparksae.spark.ml;

import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import scala.Option;

/**
 * Spark's metadata files, by the overloads that every supported Spark version has: those with a
 * SparkSession came with 4.0.
 */
@SuppressWarnings("deprecation")
final class SparkMetadata {
  private SparkMetadata() {}

  static void save(Params instance, String path, SparkContext context) {
    DefaultParamsWriter.saveMetadata(instance, path, context, Option.empty(), Option.empty());
  }

  static DefaultParamsReader.Metadata load(String path, SparkContext context, Class<?> expected) {
    return DefaultParamsReader.loadMetadata(path, context, expected.getName());
  }
}
