package org.sparksae.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Spark for the benchmarks, in one process or in several, and the rows in it. */
public final class Sessions {
  static final String INPUT = "x";

  private static final int EXECUTOR_MB = 3072;

  private Sessions() {}

  /** All in this process, a task slot for each core. */
  static SparkSession local() {
    return builder("local[%d]".formatted(Cores.COUNT)).getOrCreate();
  }

  /**
   * Executors in processes of their own, each with a task slot on one core.
   *
   * @param conf more settings
   */
  public static SparkSession executors(int count, Map<String, Object> conf) {
    return executors(count, EXECUTOR_MB, conf);
  }

  /** The same with a given heap, in MB. */
  static SparkSession executors(int count, int megabytes, Map<String, Object> conf) {
    return builder("local-cluster[%d,1,%d]".formatted(count, megabytes))
        .config("spark.executor.memory", megabytes + "m")
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.scheduler.minRegisteredResourcesRatio", "1")
        .config(conf)
        .getOrCreate();
  }

  private static SparkSession.Builder builder(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("benchmark")
        .config("spark.ui.enabled", false)
        .config("spark.sql.shuffle.partitions", Cores.COUNT);
  }

  /** Cut from its list of rows, which every job would send to its tasks, cached or not. */
  static Dataset<Row> cached(SparkSession spark, BenchData data, int partitions) {
    List<Row> list = new ArrayList<>();
    for (int i = 0; i < data.count(); i++) {
      double[] row = new double[data.columns()];
      for (int j = 0; j < row.length; j++) {
        row[j] = data.rows()[i * row.length + j];
      }
      list.add(RowFactory.create(Vectors.dense(row)));
    }
    StructField field = new StructField(INPUT, SQLDataTypes.VectorType(), false, Metadata.empty());
    JavaRDD<Row> rdd =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(list, partitions);
    Dataset<Row> frame =
        spark
            .createDataFrame(rdd, new StructType(new StructField[] {field}))
            .localCheckpoint()
            .cache();
    frame.count();
    return frame;
  }
}
