package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.ml.SparseAutoencoder;

/** Where Spark encrypts what it writes to local disks, rows are encrypted, too. */
class EncryptedRowsTest {
  private static final float[][] ROWS = TestFrames.rows(40, 3, 8);

  /** The first two values of the first row, as a plain file has them. */
  private static final byte[] VALUES =
      ByteBuffer.allocate(8)
          .order(ByteOrder.nativeOrder())
          .putFloat(ROWS[0][0])
          .putFloat(ROWS[0][1])
          .array();

  private static float[] plain;
  private static SparkSession spark;

  @BeforeAll
  static void fitAndEncrypt() throws IOException {
    plain = fit(LocalSpark.session());
    try (RowStore store = read(LocalSpark.session())) {
      assertEquals(40, store.rows());
      assertTrue(isReadable());
    }
    LocalSpark.stop();
    spark =
        LocalSpark.builder("local[2]").config("spark.io.encryption.enabled", "true").getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Dataset<Row> frame(SparkSession session) {
    return TestFrames.frame(session, InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, 17, 23));
  }

  private static RowStore read(SparkSession session) {
    FeatureColumn column = FeatureColumn.ofSize(TestFrames.FEATURES, 3);
    return RowStore.read(frame(session), FeatureColumns.of(column), "", 5, false, 0);
  }

  private static float[] fit(SparkSession session) {
    return new SparseAutoencoder()
        .setInputCol(TestFrames.FEATURES)
        .setHiddenLayers(4)
        .setSolver("adam")
        .setBatchSize(10)
        .setMaxIter(3)
        .setSeed(5)
        .fit(frame(session))
        .parameters();
  }

  private static boolean isReadable() throws IOException {
    for (File file : Stored.paths().toList()) {
      byte[] bytes = Files.readAllBytes(file.toPath());
      for (int at = 0; at + VALUES.length <= bytes.length; at++) {
        if (Arrays.equals(bytes, at, at + VALUES.length, VALUES, 0, VALUES.length)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void filesHideTheirValuesAndGiveThem() throws IOException {
    try (RowStore store = read(spark)) {
      assertEquals(2, Stored.files().size());
      assertFalse(isReadable());
      List<RowBlock> blocks = Stored.blocks(store).collect();
      assertEquals(40, blocks.stream().mapToInt(RowBlock::size).sum());
    }
    Stored.awaitFiles(0);
  }

  @Test
  void fitsHaveTheBitsOfPlainFiles() {
    assertArrayEquals(plain, fit(spark));
    Stored.awaitFiles(0);
  }

  @Test
  void shortenedFilesAreWrittenAgain() throws IOException {
    try (RowStore store = read(spark)) {
      long rows = Stored.blocks(store).count();
      for (File file : Stored.paths().toList()) {
        byte[] bytes = Files.readAllBytes(file.toPath());
        Files.write(file.toPath(), Arrays.copyOf(bytes, bytes.length - 9));
      }
      RowFiles.forgetMapped();
      assertEquals(rows, Stored.blocks(store).count());
      assertEquals(2, Stored.files().size());
    }
  }
}
