package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** Rows are kept in all directories that Spark is given. */
class RowDirectoriesTest {
  @TempDir private static Path scratch;
  private static SparkSession session;

  @BeforeAll
  static void start() {
    LocalSpark.stop();
    session =
        LocalSpark.builder("local[2]")
            .config("spark.local.dir", scratch.resolve("a") + "," + scratch.resolve("b"))
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  @Test
  void filesAreSpreadOverTheDisks() {
    Dataset<Row> frame =
        TestFrames.frame(
            session,
            TestFrames.InputType.FLOATS,
            TestFrames.splitBySize(TestFrames.rows(80, 3, 1), 10, 10, 10, 10, 10, 10, 10, 10));
    FeatureColumn column = FeatureColumn.ofSize("features", 3);
    try (RowStore store = RowStore.read(frame, FeatureColumns.of(column), "", 5, false, 0)) {
      assertEquals(80, store.rows());
      Set<Path> disks =
          Stored.paths()
              .map(file -> scratch.relativize(file.toPath()).getName(0))
              .collect(Collectors.toSet());
      assertEquals(Set.of(Path.of("a"), Path.of("b")), disks);
    }
    Stored.awaitFiles(0);
  }
}
