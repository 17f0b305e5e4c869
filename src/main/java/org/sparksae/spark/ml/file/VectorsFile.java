package org.sparksae.spark.ml.file;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.spark.data.HadoopPaths;

/**
 * Files of small models, laid out as MLlib's own: what was learned in {@code data}, one Parquet row
 * of vectors, then Spark's {@code metadata}, which every reader needs.
 */
public final class VectorsFile {
  private VectorsFile() {}

  /** What writes a model. */
  public static MLWriter writer(Params model, List<String> names, double[]... vectors) {
    return new MLWriter() {
      @Override
      public void saveImpl(String path) {
        StructType schema = schema(names);
        Row row = RowFactory.create(Arrays.stream(vectors).map(Vectors::dense).toArray());
        sparkSession()
            .createDataFrame(List.of(row), schema)
            .coalesce(1)
            .write()
            .parquet(path + "/data");
        SparkMetadata.save(model, path, sc());
      }
    };
  }

  private static StructType schema(List<String> names) {
    StructType schema = new StructType();
    for (String name : names) {
      schema = schema.add(name, SQLDataTypes.VectorType(), false);
    }
    return schema;
  }

  /**
   * What reads a model.
   *
   * @param ofUid makes the model from its uid and vectors, in the order of the names
   */
  public static <T extends Params> MLReader<T> reader(
      Class<T> type, List<String> names, BiFunction<String, double[][], T> ofUid) {
    return new MLReader<>() {
      @Override
      public T load(String path) {
        return SparkMetadata.load(
            path,
            sc().hadoopConfiguration(),
            type,
            uid -> ofUid.apply(uid, vectors(sparkSession(), path, names)));
      }
    };
  }

  private static Row row(SparkSession spark, String data, List<String> names) {
    try {
      return spark.read().schema(schema(names)).parquet(HadoopPaths.pattern(data)).head();
    } catch (Exception e) { // Scala throws checked ones, too, and does not declare them.
      throw new IllegalArgumentException(
          Text.format("cannot read what was learned from %s: %s", data, e.getMessage()), e);
    }
  }

  private static double[][] vectors(SparkSession spark, String path, List<String> names) {
    Row row = row(spark, path + "/data", names);
    double[][] vectors = new double[names.size()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = row.<Vector>getAs(i).toArray();
    }
    return vectors;
  }
}
