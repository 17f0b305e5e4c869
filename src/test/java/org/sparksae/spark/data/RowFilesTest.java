package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sparksae.core.rows.StoragePrecision.BFLOAT16;
import static org.sparksae.core.rows.StoragePrecision.FLOAT32;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.RDDBlockId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.rows.GatheredRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** Files of rows that are lost, damaged, or written twice. */
@ExtendWith(LocalSpark.class)
class RowFilesTest {
  private static final float[][] ROWS = TestFrames.rows(23, 3, 19);
  private static final AtomicInteger READS = new AtomicInteger();
  private static final CyclicBarrier TWO = new CyclicBarrier(2);

  private static Dataset<Row> frame() {
    return TestFrames.frame(InputType.FLOATS, TestFrames.splitBySize(ROWS, 10, 0, 13));
  }

  /** The rows of a frame, each counted when it is read. */
  private static Dataset<Row> counted() {
    READS.set(0);
    JavaRDD<Row> rows =
        frame()
            .toJavaRDD()
            .map(
                row -> {
                  READS.incrementAndGet();
                  return row;
                });
    return LocalSpark.session().createDataFrame(rows, frame().schema());
  }

  private static RowStore read(Dataset<Row> frame) {
    FeatureColumn column = FeatureColumn.ofSize("features", 3);
    return RowStore.read(frame, FeatureColumns.of(column), "", 5, false, 0);
  }

  private static String rowsOf(RowStore store) {
    StringBuilder text = new StringBuilder();
    for (RowBlock block : Stored.blocks(store).collect()) {
      DenseRows rows = (DenseRows) block.rows();
      for (int i = 0; i < rows.rows(); i++) {
        text.append(block.firstRow() + i).append(' ').append(rows.get(i, 1)).append('\n');
      }
    }
    return text.toString();
  }

  @Test
  void jobsAfterTheFirstReadTheFiles() {
    try (RowStore store = read(counted())) {
      assertEquals(23, READS.get());
      assertEquals(rowsOf(store), rowsOf(store));
      assertEquals(23, READS.get());
    }
  }

  @Test
  void lostFilesAreWrittenAgain() {
    try (RowStore store = read(counted())) {
      String rows = rowsOf(store);
      Stored.loseFiles();
      assertEquals(rows, rowsOf(store));
      assertEquals(46, READS.get());
      assertEquals(3, Stored.files().size());
      assertEquals(rows, rowsOf(store));
      assertEquals(46, READS.get());
    }
    Stored.awaitFiles(0);
  }

  @Test
  void lostFilesOfHalfPreciseRowsAreTheSameAgain() {
    float[][] wide = TestFrames.rows(23, 1000, 19);
    Dataset<Row> frame =
        TestFrames.frame(InputType.FLOATS, TestFrames.splitBySize(wide, 10, 0, 13));
    FeatureColumn column = FeatureColumn.ofSize("features", 1000);
    try (RowStore store =
        RowStore.read(frame, FeatureColumns.of(column.roundedTo(BFLOAT16)), "", 5, false, 0)) {
      String rows = rowsOf(store);
      long bytes = Stored.paths().mapToLong(File::length).sum();
      Stored.loseFiles();
      assertEquals(rows, rowsOf(store));
      assertEquals(bytes, Stored.paths().mapToLong(File::length).sum());
      try (RowStore full = RowStore.read(frame, FeatureColumns.of(column), "", 5, false, 0)) {
        assertNotEquals(full.contentHash(), store.contentHash());
        // Five rows fill three pages instead of five.
        assertTrue(1.5 * bytes < Stored.paths().mapToLong(File::length).sum() - bytes);
      }
    }
    Stored.awaitFiles(0);
  }

  /** As of a directory that somebody cleans, and after a loss of power. */
  @Test
  void deletedAndDamagedFilesAreWrittenAgain() throws Exception {
    try (RowStore store = read(counted())) {
      String rows = rowsOf(store);
      for (boolean whole : new boolean[] {true, false}) {
        for (File file : Stored.paths().toList()) {
          harm(file, whole);
        }
        RowFiles.forgetMapped();
        assertEquals(rows, rowsOf(store));
      }
      assertEquals(3 * 23, READS.get());
      assertEquals(3, Stored.files().size());
    }
    Stored.awaitFiles(0);
  }

  /** As where somebody cleans the disk while Spark runs. Spark does not make directories twice. */
  @Test
  void directoriesThatVanishedAreMadeAgain() {
    try (RowStore store = read(counted())) {
      String rows = rowsOf(store);
      Stored.paths().map(File::getParentFile).distinct().toList().forEach(RowFilesTest::deleteAll);
      RowFiles.forgetMapped();
      assertEquals(rows, rowsOf(store));
      assertEquals(46, READS.get());
      assertEquals(3, Stored.files().size());
    }
    Stored.awaitFiles(0);
  }

  private static void deleteAll(File directory) {
    for (File file : directory.listFiles()) {
      assertTrue(file.delete(), file::toString);
    }
    assertTrue(directory.delete(), directory::toString);
  }

  @Test
  void aDirectoryThatVanishesWhileRowsAreWrittenIsNamed() {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    int store = context.sc().newRddId();
    File directory = fileOf(store).getParentFile();
    List<String> messages =
        context
            .parallelize(List.of(1f), 1)
            .map(
                value -> {
                  RowBlock block = new RowBlock(DenseRows.of(new float[] {value}, 1, 1), null);
                  BlockReader.Part part = new BlockReader.Part(0, block, 0, 0, null);
                  Iterator<BlockReader.Part> vanishing =
                      Stream.of(false, true)
                          .peek(last -> deleteAtLast(directory, last))
                          .map(last -> part)
                          .iterator();
                  RowFiles files = new RowFiles(new RDDBlockId(store, 0), TaskContext.get());
                  try {
                    return assertThrows(
                            UncheckedIOException.class, () -> files.write(vanishing, null, FLOAT32))
                        .getMessage();
                  } finally {
                    assertTrue(directory.mkdir());
                  }
                })
            .collect();
    assertTrue(
        messages
            .get(0)
            .matches(
                "training rows \\(\\d+ bytes of their partition so far\\) cannot be written to"
                    + " .*/blockmgr-.* \\(0 bytes free\\): .*; make room, or let spark.local.dir"
                    + " name other directories"),
        messages.get(0));
  }

  private static File fileOf(int store) {
    return SparkEnv.get().blockManager().diskBlockManager().getFile("rdd_" + store + "_0");
  }

  private static void deleteAtLast(File directory, boolean last) {
    if (last) {
      deleteAll(directory);
    }
  }

  private static void harm(File file, boolean delete) throws IOException {
    if (delete) {
      Files.delete(file.toPath());
      return;
    }
    try (RandomAccessFile shorter = new RandomAccessFile(file, "rw")) {
      shorter.setLength(shorter.length() / 2);
    }
  }

  /** As with {@code rand()}, or with an order that depends on a shuffle. */
  @Test
  void aPartitionThatIsOtherRowsWhenItIsReadAgainIsRefused() {
    READS.set(0);
    JavaRDD<Row> rows = frame().toJavaRDD();
    JavaRDD<Row> turned =
        rows.mapPartitions(
            it -> {
              List<Row> all = new ArrayList<>();
              it.forEachRemaining(all::add);
              if (READS.getAndIncrement() >= 3) {
                Collections.reverse(all);
              }
              return all.iterator();
            });
    try (RowStore store = read(LocalSpark.session().createDataFrame(turned, frame().schema()))) {
      Stored.loseFiles();
      String message =
          assertThrows(SparkException.class, () -> rowsOf(store)).getCause().getMessage();
      assertTrue(
          message.matches(
              "partition [02] of the training rows was lost, and has other rows \\(1[03]\\) when it is computed again: the DataFrame does not give the same rows each time; write it to files, or checkpoint it, before the fit"),
          message);
    }
    Stored.awaitFiles(0);
  }

  /**
   * Two attempts read different rows. The driver knows one, but the other left a file, too, which
   * is dropped. What is then written under its name is not taken for the rows that are still
   * mapped.
   */
  @Test
  void aFileOfOtherRowsIsNotUsed() {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    int store = context.sc().newRddId();
    List<String> found =
        context
            .parallelize(List.of(1f), 1)
            .map(
                value -> {
                  RowFiles files = new RowFiles(new RDDBlockId(store, 0), TaskContext.get());
                  StoredPartition first = files.write(part(value), null, FLOAT32);
                  long known = first.fingerprint();
                  String same = (files.find(known) != null) + " " + (files.find(known + 1) != null);
                  StoredPartition other = files.write(part(value + 1), null, FLOAT32);
                  return same + " " + valueOf(first) + " " + valueOf(other);
                })
            .collect();
    assertEquals(List.of("true false 1.0 2.0"), found);
    context.sc().unpersistRDD(store, true);
    Stored.awaitFiles(0);
  }

  private static Iterator<BlockReader.Part> part(float value) {
    RowBlock block = new RowBlock(DenseRows.of(new float[] {value}, 1, 1), null);
    return List.of(new BlockReader.Part(0, block, 0, 0, null)).iterator();
  }

  private static float valueOf(StoredPartition partition) {
    DenseRows rows =
        (DenseRows)
            partition.rows(new long[1]).blocks().get(0).tile(0, 1, new GatheredRows(1)).rows();
    return rows.get(0, 0);
  }

  /** As with speculative tasks: both write under names of their own, and one file remains. */
  @Test
  void twoAttemptsLeaveOneFile() {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    int store = context.sc().newRddId();
    float[] values = {1, 2, 3, 4};
    List<Integer> sizes =
        context
            .parallelize(List.of(0, 1), 2)
            .map(
                attempt -> {
                  TWO.await(60, TimeUnit.SECONDS);
                  RowBlock block = new RowBlock(DenseRows.of(values, 2, 2), null);
                  RowFiles files = new RowFiles(new RDDBlockId(store, 0), TaskContext.get());
                  StoredPartition written =
                      files.write(
                          List.of(new BlockReader.Part(0, block, 0, 0, null)).iterator(),
                          null,
                          FLOAT32);
                  return (int) written.rows(new long[1]).rows();
                })
            .collect();
    assertEquals(List.of(2, 2), sizes);
    assertEquals(List.of("rdd_" + store + "_0"), Stored.files());
    context.sc().unpersistRDD(store, true);
    Stored.awaitFiles(0);
  }
}
