package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.train.RowBlock;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

@ExtendWith(LocalSpark.class)
class BlockedRowsTest {
  private static final float[][] ROWS = TestFrames.rows(23, 3, 19);

  private static BlockedRows read(Dataset<Row> frame, int blockRows) {
    FeatureColumn column = FeatureColumn.of(frame, "inputCol", "features");
    return BlockedRows.read(frame, column, "", blockRows, false, 0);
  }

  /** Of the first row of each block. */
  private static List<Long> numbers(BlockedRows blocked) {
    return blocked.blocks().collect().stream().map(RowBlock::firstRow).toList();
  }

  @Test
  void keepsPartitionsOrderAndBlockSizes() {
    Dataset<Row> frame =
        TestFrames.frame(InputType.FLOATS, TestFrames.splitBySize(ROWS, 10, 0, 12, 1));
    try (BlockedRows blocked = read(frame, 5)) {
      assertEquals(23, blocked.rows());
      assertEquals(23, blocked.weight());
      assertEquals(0, blocked.skippedRows());
      assertEquals(List.of(0L, 5L, 10L, 15L, 20L, 22L), numbers(blocked));
      List<List<Integer>> sizes =
          blocked.blocks().glom().collect().stream()
              .map(blocks -> blocks.stream().map(block -> block.rows().rows()).toList())
              .toList();
      assertEquals(List.of(List.of(5, 5), List.of(), List.of(5, 5, 2), List.of(1)), sizes);
      assertArrayEquals(ROWS, rowsOf(blocked));
    }
  }

  /** Blocks of 5, 5, 5, 5 and 3 rows, dealt out in turn: 0, 2, 4 and 1, 3. */
  @Test
  void tooFewPartitionsAreSpreadOverTheCoresBlockByBlock() {
    assertEquals(2, LocalSpark.session().sparkContext().defaultParallelism());
    try (BlockedRows blocked = read(TestFrames.frame(ROWS, 1), 5)) {
      assertEquals(List.of(0L, 10L, 20L, 5L, 15L), numbers(blocked));
      List<float[]> expected = new ArrayList<>();
      for (int first : new int[] {0, 10, 20, 5, 15}) {
        expected.addAll(Arrays.asList(ROWS).subList(first, Math.min(first + 5, 23)));
      }
      assertArrayEquals(expected.toArray(float[][]::new), rowsOf(blocked));
    }
  }

  /** A barrier stage needs exactly one partition a worker; what it is made from must not show. */
  @Test
  void anExactNumberOfPartitionsKeepsTheNumbersOfTheRows() {
    Dataset<Row> frame =
        TestFrames.frame(InputType.FLOATS, TestFrames.splitBySize(ROWS, 10, 0, 13));
    FeatureColumn column = FeatureColumn.of(frame, "inputCol", "features");
    for (Dataset<Row> rows : List.of(frame, frame.coalesce(2), frame.union(frame.limit(0)))) {
      try (BlockedRows blocked = BlockedRows.read(rows, column, "", 5, false, 2)) {
        assertEquals(2, blocked.blocks().getNumPartitions());
        assertEquals(23, blocked.rows());
        for (RowBlock block : blocked.blocks().collect()) {
          DenseRows values = (DenseRows) block.rows();
          assertEquals(ROWS[(int) block.firstRow()][1], values.get(0, 1));
        }
      }
    }
  }

  @Test
  void rowsAreReadOnceAndFreedOnClose() {
    BlockedRows blocked = read(TestFrames.frame(ROWS, 2), 100);
    assertEquals(1, LocalSpark.session().sparkContext().getPersistentRDDs().size());
    blocked.close();
    assertTrue(LocalSpark.session().sparkContext().getPersistentRDDs().isEmpty());
  }

  @Test
  void aRefusedReadKeepsNothing() {
    float[][] rows = {{1, 2}, {Float.NaN, 0}};
    assertThrows(
        IllegalArgumentException.class, () -> read(TestFrames.frame(rows, 2), 100).close());
    assertTrue(LocalSpark.session().sparkContext().getPersistentRDDs().isEmpty());
  }

  @Test
  void theSizeIsThatOfTheAttributesOrOfTheFirstRow() {
    Metadata attributes = new AttributeGroup("features", 5).toMetadata();
    StructType schema =
        new StructType(
            new StructField[] {
              new StructField("features", SQLDataTypes.VectorType(), true, attributes)
            });
    Dataset<Row> named = TestFrames.frame(schema, List.of(List.of()));
    assertEquals(5, FeatureColumn.of(named, "inputCol", "features").size());
    assertEquals(3, FeatureColumn.of(TestFrames.frame(ROWS, 2), "inputCol", "features").size());
  }

  private static float[][] rowsOf(BlockedRows blocked) {
    List<float[]> rows = new ArrayList<>();
    for (RowBlock block : blocked.blocks().collect()) {
      DenseRows values = (DenseRows) block.rows();
      for (int i = 0; i < values.rows(); i++) {
        int from = values.rowOffset(i);
        rows.add(Arrays.copyOfRange(values.values(), from, from + values.columns()));
      }
    }
    return rows.toArray(float[][]::new);
  }
}
