package org.sparksae.spark.ml.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.core.format.DoubleTensor;
import org.sparksae.core.format.Safetensors;
import org.sparksae.spark.data.HadoopPaths;

/**
 * Files of small models: what was learned in {@value #NAME}, vectors of float64 by name, then
 * Spark's {@code metadata}, which every reader needs.
 *
 * <p>The driver writes the file. Earlier releases wrote {@code data}, one Parquet row of vectors as
 * MLlib's own models have, which is still read. Executors write that, so it cannot be on a driver's
 * local disk.
 */
public final class VectorsFile {
  private static final String NAME = "vectors.safetensors";

  private VectorsFile() {}

  /** What writes a model. */
  public static MLWriter writer(Params model, List<String> names, double[]... vectors) {
    List<DoubleTensor> tensors = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      tensors.add(DoubleTensor.of(names.get(i), vectors[i], vectors[i].length));
    }
    return new MLWriter() {
      @Override
      public void saveImpl(String path) {
        try {
          new StageFolder(path, sc().hadoopConfiguration())
              .write(NAME, out -> Safetensors.write(out, tensors, Map.of()));
        } catch (IOException e) {
          throw new UncheckedIOException("cannot write the model to " + path, e);
        }
        SparkMetadata.save(model, path, sc());
      }
    };
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
        Configuration hadoop = sc().hadoopConfiguration();
        return SparkMetadata.load(
            path,
            hadoop,
            type,
            uid -> ofUid.apply(uid, vectors(sparkSession(), path, hadoop, names)));
      }
    };
  }

  private static double[][] vectors(
      SparkSession spark, String path, Configuration hadoop, List<String> names) {
    try {
      StageFolder folder = new StageFolder(path, hadoop);
      double[][] vectors =
          folder.has(NAME)
              ? folder.read(NAME, (in, length) -> vectors(Safetensors.read(in, length), names))
              : parquet(spark, path + "/data", names);
      for (int i = 0; i < vectors.length; i++) {
        requireFinite(names.get(i), vectors[i]);
      }
      return vectors;
    } catch (Exception e) { // Scala throws checked ones, too, and does not declare them.
      throw new IllegalArgumentException(
          Text.format("cannot read what was learned from %s: %s", path, e.getMessage()), e);
    }
  }

  private static double[][] vectors(Safetensors.Contents contents, List<String> names) {
    return names.stream()
        .map(
            name -> {
              DoubleTensor vector = contents.doubles().get(name);
              if (vector == null) {
                throw new IllegalArgumentException(
                    Text.format(
                        "%s must have the float64 vectors %s, but '%s' is missing",
                        NAME, names, name));
              }
              return vector.values();
            })
        .toArray(double[][]::new);
  }

  private static void requireFinite(String name, double[] vector) {
    for (int i = 0; i < vector.length; i++) {
      if (!Double.isFinite(vector[i])) {
        throw new IllegalArgumentException(
            Text.format(
                "the vector '%s' must have finite values only, got %s at index %d of %d: fit the"
                    + " stage again",
                name, vector[i], i, vector.length));
      }
    }
  }

  private static double[][] parquet(SparkSession spark, String data, List<String> names) {
    StructType schema = new StructType();
    for (String name : names) {
      schema = schema.add(name, SQLDataTypes.VectorType(), false);
    }
    Row row = spark.read().schema(schema).parquet(HadoopPaths.pattern(data)).head();
    double[][] vectors = new double[names.size()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = row.<Vector>getAs(i).toArray();
    }
    return vectors;
  }
}
