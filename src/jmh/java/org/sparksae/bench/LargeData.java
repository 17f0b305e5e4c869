package org.sparksae.bench;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.spark.ml.SparseAutoencoder;

/**
 * A fit of rows that need not fit in memory, in this process or on executors of one core each. Rows
 * are made while they are read, so nothing but the fit takes memory or disk.
 *
 * <pre>
 * LargeData where way rows columns hidden iterations
 *   where  local, or executors:MB with the heap of each
 *   way    adam (TopK, k = 32), l-bfgs (KL), or kmeans (MLlib's, for comparison)
 * </pre>
 *
 * <p>Prints a row of a Markdown table: way, where, size of the rows as float32, heap of this
 * process, what it read from disk, seconds of the fit, and rows per second once they are read.
 */
public final class LargeData {
  private static final int K = 32;
  private static final int BATCH = 1024;
  private static final int PARTITIONS = 16;
  private static final String WITHIN = "local";

  private LargeData() {}

  public static void main(String[] arguments) {
    String where = arguments[0];
    Rows rows = new Rows(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
    SparkSession spark = session(where);
    try {
      int hidden = Integer.parseInt(arguments[4]);
      int iterations = Integer.parseInt(arguments[5]);
      Dataset<Row> frame = rows.frame(spark);
      long start = System.nanoTime();
      double rate =
          arguments[1].equals("kmeans")
              ? clusters(frame, iterations)
              : fit(frame, arguments[1], hidden, iterations);
      print(arguments[1], where, rows, (System.nanoTime() - start) / 1e9, rate);
    } finally {
      spark.stop();
    }
  }

  private static SparkSession session(String where) {
    if (where.equals(WITHIN)) {
      return Sessions.local();
    }
    int megabytes = Integer.parseInt(where.substring(where.indexOf(':') + 1));
    return Sessions.executors(Cores.COUNT, megabytes, Map.of());
  }

  /** Returns rows per second, without the time for reading. */
  private static double fit(Dataset<Row> frame, String solver, int hidden, int iterations) {
    SparseAutoencoder estimator =
        new SparseAutoencoder()
            .setInputCol(Sessions.INPUT)
            .setHiddenLayers(hidden)
            .setSolver(solver)
            .setMaxIter(iterations)
            .setTol(0)
            .setSeed(1);
    if (solver.equals("adam")) {
      estimator.setK(K).setBatchSize(BATCH).setStepSize(Case.STEP_SIZE);
    }
    List<IterationRecord> history = estimator.fit(frame).summary().history();
    double rows = history.stream().mapToDouble(IterationRecord::rows).sum();
    return rows / history.stream().mapToDouble(IterationRecord::seconds).sum();
  }

  private static double clusters(Dataset<Row> frame, int iterations) {
    new KMeans().setFeaturesCol(Sessions.INPUT).setK(2).setMaxIter(iterations).setSeed(1).fit(frame);
    return Double.NaN;
  }

  private static void print(String way, String where, Rows rows, double seconds, double rate) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "| %s | %s | %,d x %d, %.2f GB | %d MB | %.1f GB | %.0f s | %s |",
            way,
            where,
            rows.count,
            rows.columns,
            4e-9 * rows.count * rows.columns,
            Runtime.getRuntime().maxMemory() >> 20,
            1e-9 * bytesFromDisk(),
            seconds,
            Double.isNaN(rate) ? Table.NONE : String.format(Locale.ROOT, "%,.0f", rate)));
  }

  /** What Linux says of this process. */
  private static long bytesFromDisk() {
    String key = "read_bytes: ";
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/io"))) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.substring(key.length())))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Uniform rows, made by the tasks that read them. */
  private record Rows(int count, int columns) implements Serializable {

    Dataset<Row> frame(SparkSession spark) {
      JavaRDD<Row> made =
          JavaSparkContext.fromSparkContext(spark.sparkContext())
              .parallelize(IntStream.range(0, PARTITIONS).boxed().toList(), PARTITIONS)
              .flatMap(this::partition);
      StructType schema = new StructType().add(Sessions.INPUT, SQLDataTypes.VectorType(), false);
      return spark.createDataFrame(made, schema);
    }

    private Iterator<Row> partition(int number) {
      SplittableRandom random = new SplittableRandom(number);
      int own = (int) ((long) count * (number + 1) / PARTITIONS - (long) count * number / PARTITIONS);
      return IntStream.range(0, own).mapToObj(row -> row(random)).iterator();
    }

    private Row row(SplittableRandom random) {
      double[] values = new double[columns];
      for (int j = 0; j < columns; j++) {
        values[j] = random.nextInt(1 << 16) * 0x1p-16;
      }
      return RowFactory.create(Vectors.dense(values));
    }
  }
}
