package org.sparksae.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** What makes a fit see the same rows in the same order, however the DataFrame came to be. */
@ExtendWith(LocalSpark.class)
class RowOrderTest {
  private static final String ADAPTIVE = "spark.sql.adaptive.enabled";

  @TempDir private Path directory;

  /** With a key, and a column that is not trained on. */
  private static Dataset<Row> keyed() {
    return TestFrames.frame(TestFrames.rows(240, 3, 12), 3)
        .withColumn("id", functions.monotonically_increasing_id())
        .withColumn("label", functions.rand(3));
  }

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator().setMaxIter(2);
  }

  private static float[] fit(Dataset<Row> rows) {
    return estimator().fit(rows).parameters();
  }

  private static float[] cachedFit(Dataset<Row> rows) {
    Dataset<Row> cached = rows.cache();
    try {
      return fit(cached);
    } finally {
      cached.unpersist(true);
    }
  }

  /** The guide's first recipe (reproducibility.md). */
  private static Dataset<Row> ordered(Dataset<Row> rows) {
    return rows.repartition(4, col("id")).sortWithinPartitions("id");
  }

  @Test
  void rowsThatAreSortedWithinPartitionsByTheirKeyGiveTheSameBits() {
    float[] expected = fit(ordered(keyed()));
    List<UnaryOperator<Dataset<Row>>> ways =
        List.of(
            rows -> rows.repartition(7),
            rows -> rows.coalesce(1),
            rows -> rows.orderBy(functions.rand(5)));
    for (UnaryOperator<Dataset<Row>> way : ways) {
      assertArrayEquals(expected, fit(ordered(way.apply(keyed()))));
      assertArrayEquals(expected, cachedFit(ordered(way.apply(keyed()))));
    }
    withoutAdaptiveExecution(() -> assertArrayEquals(expected, cachedFit(ordered(keyed()))));
    withoutAdaptiveExecution(() -> assertArrayEquals(expected, fit(ordered(keyed()))));
  }

  /** The guide's second recipe (reproducibility.md). */
  @Test
  void rowsThatAreReadFromParquetFilesGiveTheSameBits() {
    SparkSession spark = LocalSpark.session();
    String path = directory.resolve("rows").toString();
    keyed().repartition(5).write().parquet(path);
    float[] expected = fit(spark.read().parquet(path));
    assertArrayEquals(expected, cachedFit(spark.read().parquet(path)));
    withoutAdaptiveExecution(() -> assertArrayEquals(expected, fit(spark.read().parquet(path))));
  }

  private static void withoutAdaptiveExecution(Runnable check) {
    LocalSpark.session().conf().set(ADAPTIVE, "false");
    try {
      check.run();
    } finally {
      LocalSpark.session().conf().unset(ADAPTIVE);
    }
  }

  /** A repartition deals rows out by the bytes of all columns that it has to move. */
  @Test
  void aCheckpointThatTheCacheMakesUselessIsRefusedWithTheReason() {
    SparseAutoencoder kept =
        estimator().setCheckpointDir(directory.resolve("checkpoints").toUri().toString());
    Dataset<Row> rows = keyed().repartition(4);
    kept.fit(rows);
    Dataset<Row> cached = rows.cache();
    String refused =
        assertThrows(IllegalArgumentException.class, () -> kept.fit(cached)).getMessage();
    cached.unpersist(true);
    assertTrue(refused.contains("another training: rows.contentHash is "), refused);
    assertTrue(
        refused.endsWith(
            "The number of rows is the same, but the rows, their order or their partitions differ:"
                + " cache(), adaptive execution and repartition change order and partitions. To fix"
                + " them, use"
                + " repartition(n, key) and sortWithinPartitions(key) with a key that no two rows"
                + " share, or write the rows to Parquet files and fit what is read from these"),
        refused);

    SparseAutoencoder fixed =
        estimator().setCheckpointDir(directory.resolve("fixed").toUri().toString());
    float[] before = fixed.fit(ordered(keyed())).parameters();
    Dataset<Row> again = ordered(keyed()).cache();
    assertArrayEquals(before, fixed.fit(again).parameters());
    again.unpersist(true);
  }

  @Test
  void anotherNumberOfRowsIsNotBlamedOnTheirOrder() {
    SparseAutoencoder kept = estimator().setCheckpointDir(directory.toUri().toString());
    kept.fit(keyed());
    String refused =
        assertThrows(IllegalArgumentException.class, () -> kept.fit(keyed().filter("id > 3")))
            .getMessage();
    assertEquals(-1, refused.indexOf("The number of rows is the same"), refused);
  }
}
