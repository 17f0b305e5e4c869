package org.sparksae.spark.ml;

import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparksae.spark.LocalSpark;

/**
 * A process that fits rows larger than its heap, with each solver and aggregation and kind of rows
 * that it is given.
 */
final class SmallHeap {
  static final String DONE = "fitted ";

  /** 128 MB, as floats or as floats with their columns. */
  private static final int VALUES = 32_000_000;

  /** Blocks that are dealt out have 128 rows: those of dense rows are half a region of G1. */
  private static final int COLUMNS = 1024;

  private static final int SPARSE_VALUES = 64;

  /** More than there are workers, whose rows are therefore dealt out by a shuffle. */
  private static final int PARTITIONS = 3;

  /** Few enough that a worker's batch takes little of the heap beside Spark. */
  private static final int BATCH_ROWS = 2048;

  private SmallHeap() {}

  /** Fits, each by the names of solver and aggregation, and whether rows are dense or sparse. */
  public static void main(String[] fits) {
    SparkSession spark =
        LocalSpark.builder("local[2]")
            // Spark requires 450 MB, except under test, and takes 60 % of what it does not reserve.
            .config("spark.memory.fraction", "0.2")
            .config("spark.testing.reservedMemory", "0")
            .getOrCreate();
    for (String fit : fits) {
      String[] names = fit.split("/");
      boolean sparse = names[2].equals("sparse");
      SparseAutoencoderModel model =
          Fixtures.estimator()
              .setHiddenLayers(2)
              .setSolver(names[0])
              .setAggregation(names[1])
              .setBatchSize(BATCH_ROWS)
              .setMaxIter(1)
              .fit(frame(spark, sparse));
      System.out.println(DONE + fit + " " + model.summary().totalIterations());
    }
    spark.stop();
  }

  private static int rows(boolean sparse) {
    return VALUES / (sparse ? 2 * SPARSE_VALUES : COLUMNS);
  }

  /** Rows that are made while they are read. */
  private static Dataset<Row> frame(SparkSession spark, boolean sparse) {
    int rows = rows(sparse);
    JavaRDD<Row> made =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(IntStream.range(0, PARTITIONS).boxed().toList(), PARTITIONS)
            .flatMap(part -> rows(part, rows / PARTITIONS, sparse));
    return spark.createDataFrame(made, new StructType().add("features", SQLDataTypes.VectorType()));
  }

  private static Iterator<Row> rows(int part, int rows, boolean sparse) {
    SplittableRandom random = new SplittableRandom(part);
    return IntStream.range(0, rows)
        .mapToObj(row -> RowFactory.create(sparse ? sparse(random) : dense(random)))
        .iterator();
  }

  private static Vector dense(SplittableRandom random) {
    double[] values = new double[COLUMNS];
    for (int j = 0; j < COLUMNS; j++) {
      values[j] = random.nextInt(1000) / 1000.0;
    }
    return Vectors.dense(values);
  }

  private static Vector sparse(SplittableRandom random) {
    int[] indices = new int[SPARSE_VALUES];
    double[] values = new double[SPARSE_VALUES];
    int step = COLUMNS / SPARSE_VALUES;
    for (int p = 0; p < SPARSE_VALUES; p++) {
      indices[p] = p * step + random.nextInt(step);
      values[p] = random.nextInt(1, 1000) / 1000.0;
    }
    return Vectors.sparse(COLUMNS, indices, values);
  }
}
