package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

@ExtendWith(LocalSpark.class)
class RowStoreTest {
  private static final float[][] ROWS = TestFrames.rows(23, 3, 19);

  private static RowStore read(Dataset<Row> frame, int blockRows) {
    FeatureColumn column = FeatureColumn.of(frame, "inputCol", "features");
    return RowStore.read(frame, FeatureColumns.of(column), "", blockRows, false, 0);
  }

  /** Numbers of the first row of each block. */
  private static List<Long> numbers(RowStore blocked) {
    return Stored.blocks(blocked).collect().stream().map(RowBlock::firstRow).toList();
  }

  @Test
  void keepsPartitionsOrderAndBlockSizes() {
    Dataset<Row> frame =
        TestFrames.frame(InputType.FLOATS, TestFrames.splitBySize(ROWS, 10, 0, 12, 1));
    try (RowStore blocked = read(frame, 5)) {
      assertEquals(23, blocked.rows());
      assertEquals(23, blocked.weight());
      assertEquals(0, blocked.skippedRows());
      assertEquals(List.of(0L, 5L, 10L, 15L, 20L, 22L), numbers(blocked));
      List<List<Integer>> sizes =
          Stored.blocks(blocked).glom().collect().stream()
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
    try (RowStore blocked = read(TestFrames.frame(ROWS, 1), 5)) {
      assertEquals(List.of(0L, 10L, 20L, 5L, 15L), numbers(blocked));
      List<float[]> expected = new ArrayList<>();
      for (int first : new int[] {0, 10, 20, 5, 15}) {
        expected.addAll(Arrays.asList(ROWS).subList(first, Math.min(first + 5, 23)));
      }
      assertArrayEquals(expected.toArray(float[][]::new), rowsOf(blocked));
    }
  }

  /** Each worker needs one partition, whatever the DataFrame's partitions. */
  @Test
  void anExactNumberOfPartitionsKeepsTheNumbersOfTheRows() {
    Dataset<Row> frame =
        TestFrames.frame(InputType.FLOATS, TestFrames.splitBySize(ROWS, 10, 0, 13));
    FeatureColumn column = FeatureColumn.of(frame, "inputCol", "features");
    for (Dataset<Row> rows : List.of(frame, frame.coalesce(2), frame.union(frame.limit(0)))) {
      try (RowStore blocked = RowStore.read(rows, FeatureColumns.of(column), "", 5, false, 2)) {
        assertEquals(2, Stored.blocks(blocked).getNumPartitions());
        assertEquals(23, blocked.rows());
        for (RowBlock block : Stored.blocks(blocked).collect()) {
          DenseRows values = (DenseRows) block.rows();
          assertEquals(ROWS[(int) block.firstRow()][1], values.get(0, 1));
        }
      }
    }
  }

  /** Each row (a, b, c) as (a + b, 0, ..., 0) of some columns. */
  private static RowStore.RowsMap sums(int columns) {
    return () ->
        x -> {
          DenseRows sums = DenseRows.zeros(x.rows(), columns);
          DenseRows rows = (DenseRows) x;
          for (int i = 0; i < x.rows(); i++) {
            sums.values()[i * columns] = rows.get(i, 0) + rows.get(i, 1);
          }
          return sums;
        };
  }

  private static float[][] sumsOf(float[][] rows, int columns) {
    float[][] sums = new float[rows.length][columns];
    for (int i = 0; i < rows.length; i++) {
      sums[i][0] = rows[i][0] + rows[i][1];
    }
    return sums;
  }

  /** As if the DataFrame had held these values. With one non-zero in ten they are stored sparse. */
  @Test
  void rowsAreMappedWhereTheyAre() {
    for (int columns : new int[] {2, 10}) {
      for (int[] sizes : new int[][] {{10, 0, 12, 1}, {23}}) {
        Dataset<Row> frame =
            TestFrames.frame(InputType.FLOATS, TestFrames.splitBySize(ROWS, sizes));
        Dataset<Row> other =
            TestFrames.frame(
                InputType.SPARSE_VECTOR, TestFrames.splitBySize(sumsOf(ROWS, columns), sizes));
        try (RowStore rows = read(frame, 5);
            RowStore mapped = rows.map(sums(columns));
            RowStore expected = read(other, 5)) {
          assertEquals(expected.contentHash(), mapped.contentHash());
          assertEquals(expected.sourcePartitions(), mapped.sourcePartitions());
          assertEquals(numbers(expected), numbers(mapped));
          assertEquals(numbers(rows), numbers(mapped));
          boolean sparse = columns == 10;
          assertTrue(
              Stored.blocks(mapped).collect().stream()
                  .allMatch(block -> block.rows() instanceof SparseRows == sparse));
        }
      }
    }
  }

  /** What is lost with an executor is recomputed from the DataFrame. */
  @Test
  void mappedRowsOutliveThoseThatTheyAreMadeOf() {
    Dataset<Row> frame =
        TestFrames.frame(InputType.FLOATS, TestFrames.splitBySize(ROWS, 10, 0, 13));
    RowStore rows = read(frame, 5);
    try (RowStore mapped = rows.map(sums(2))) {
      rows.close();
      Stored.awaitFiles(3);
      Stored.loseFiles();
      assertArrayEquals(sumsOf(ROWS, 2), rowsOf(mapped));
    }
  }

  /** Equal however rows are cut, spread and stored, but different for other rows. */
  @Test
  void theContentHashIsOfTheRowsAndNotOfWhereTheyAre() {
    String hash = hash(ROWS);
    assertEquals(16, hash.length());
    for (InputType type : List.of(InputType.FLOATS, InputType.SPARSE_VECTOR)) {
      for (int[] sizes : new int[][] {{23}, {10, 0, 13}, {1, 2, 3, 4, 5, 8}}) {
        Dataset<Row> frame = TestFrames.frame(type, TestFrames.splitBySize(ROWS, sizes));
        FeatureColumn column = FeatureColumn.of(frame, "inputCol", "features");
        for (int partitions : new int[] {0, 5}) {
          for (int blockRows : new int[] {3, 100}) {
            try (RowStore rows =
                RowStore.read(frame, FeatureColumns.of(column), "", blockRows, false, partitions)) {
              assertEquals(hash, rows.contentHash(), type + Arrays.toString(sizes));
            }
          }
        }
      }
    }
    float[][] changed = copy();
    changed[7][1] = Math.nextUp(changed[7][1]);
    float[][] swappedRows = copy();
    swappedRows[3] = ROWS[4];
    swappedRows[4] = ROWS[3];
    float[][] swappedValues = copy();
    swappedValues[3][1] = ROWS[3][2];
    swappedValues[3][2] = ROWS[3][1];
    float[][] moreZeros = Arrays.copyOf(copy(), 24);
    moreZeros[23] = new float[3];
    Set<String> hashes = new HashSet<>(Set.of(hash));
    for (float[][] rows :
        List.of(changed, swappedRows, swappedValues, moreZeros, Arrays.copyOf(ROWS, 22))) {
      assertTrue(hashes.add(hash(rows)));
    }
    float[][] negativeZero = copy();
    assertEquals(0f, negativeZero[5][0]);
    negativeZero[5][0] = -0f;
    assertEquals(hash, hash(negativeZero), "a sparse block has no negative zeros");
  }

  @Test
  void theContentHashKnowsTheWeights() {
    List<String> hashes = new ArrayList<>();
    for (double[] weights : new double[][] {{1, 1}, {2, 1}, {1, 2}, {1, 0}}) {
      StructType schema =
          new StructType().add("features", InputType.FLOATS.type()).add("weight", "double");
      Dataset<Row> frame =
          TestFrames.frame(
              schema,
              List.of(
                  List.of(
                      RowFactory.create(InputType.FLOATS.form(ROWS[0]), weights[0]),
                      RowFactory.create(InputType.FLOATS.form(ROWS[1]), weights[1]))));
      FeatureColumn column = FeatureColumn.of(frame, "inputCol", "features");
      try (RowStore rows = RowStore.read(frame, FeatureColumns.of(column), "weight", 5, false, 0)) {
        hashes.add(rows.contentHash());
      }
    }
    assertEquals(4, Set.copyOf(hashes).size());
    assertEquals(hash(Arrays.copyOf(ROWS, 2)), hashes.get(0), "no weight is weight 1");
  }

  private static String hash(float[][] rows) {
    try (RowStore blocked = read(TestFrames.frame(rows, 2), 5)) {
      return blocked.contentHash();
    }
  }

  private static float[][] copy() {
    return Arrays.stream(ROWS).map(float[]::clone).toArray(float[][]::new);
  }

  /** As when Spark cuts a file in two that cannot be cut. */
  @Test
  void onePartitionWithAllRowsIsSpread() {
    float[][] many = TestFrames.rows(1000, 3, 19);
    for (int partitions : new int[] {0, 2}) {
      FeatureColumn column = FeatureColumn.ofSize("features", 3);
      List<List<Integer>> sizes = new ArrayList<>();
      for (int[] cut : new int[][] {{1000, 0}, {600, 400}}) {
        Dataset<Row> frame = TestFrames.frame(InputType.FLOATS, TestFrames.splitBySize(many, cut));
        try (RowStore blocked =
            RowStore.read(frame, FeatureColumns.of(column), "", 512, false, partitions)) {
          assertEquals(1000, blocked.rows());
          sizes.add(
              Stored.blocks(blocked).glom().collect().stream()
                  .map(blocks -> blocks.stream().mapToInt(block -> block.rows().rows()).sum())
                  .toList());
        }
      }
      // Eight blocks of at most 128 rows are dealt out; six tenths are even enough.
      assertEquals(List.of(List.of(512, 488), List.of(600, 400)), sizes);
    }
  }

  @Test
  void rowsAreReadOnceAndFreedOnClose() {
    RowStore blocked = read(TestFrames.frame(ROWS, 2), 100);
    Stored.awaitFiles(2);
    blocked.close();
    Stored.awaitFiles(0);
  }

  @Test
  void aRefusedReadKeepsNothing() {
    float[][] rows = {{1, 2}, {Float.NaN, 0}};
    assertThrows(
        IllegalArgumentException.class, () -> read(TestFrames.frame(rows, 2), 100).close());
    Stored.awaitFiles(0);
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
    Dataset<Row> unnamed = TestFrames.frame(InputType.FLOATS, TestFrames.split(ROWS, 2));
    assertEquals(3, FeatureColumn.of(unnamed, "inputCol", "features").size());
  }

  /** Spark's exceptions are checked, but not declared. */
  @Test
  void aReadThatFailsInATaskKeepsNothing() {
    Dataset<Row> readable = TestFrames.frame(ROWS, 2);
    JavaRDD<Row> broken =
        readable
            .toJavaRDD()
            .map(
                row -> {
                  throw new IllegalStateException("not readable");
                });
    Dataset<Row> frame = LocalSpark.session().createDataFrame(broken, readable.schema());
    FeatureColumn column = FeatureColumn.ofSize("features", 3);
    Exception failure =
        assertThrows(
            SparkException.class,
            () -> RowStore.read(frame, FeatureColumns.of(column), "", 5, false, 0).close());
    assertTrue(failure.getMessage().contains("not readable"), failure::toString);
    Stored.awaitFiles(0);
  }

  /** A user may set it to any number of partitions. */
  @Test
  void rowsAreSpreadOverTheSlotsWhateverTheDefaultParallelismIs() {
    SparkConf conf = LocalSpark.session().sparkContext().conf();
    conf.set("spark.default.parallelism", "50");
    Dataset<Row> frame = TestFrames.frame(ROWS, 1);
    try (RowStore blocked = read(frame, 5)) {
      assertEquals(50, LocalSpark.session().sparkContext().defaultParallelism());
      assertEquals(2, blocked.partitions());
    } finally {
      conf.remove("spark.default.parallelism");
    }
  }

  @Test
  void manyPartitionsOfFewRowsArePutTogether() {
    float[][] many = TestFrames.rows(400, 3, 19);
    try (RowStore blocked = read(TestFrames.frame(many, 40), 100);
        RowStore kept = read(TestFrames.frame(many, 8), 100);
        RowStore fullBlocks = read(TestFrames.frame(many, 40), 10);
        RowStore mapped = blocked.map(sums(2))) {
      assertEquals(4, blocked.partitions(), "one for each block");
      assertEquals(8, kept.partitions(), "as few as four for each slot stay");
      assertEquals(40, fullBlocks.partitions(), "partitions of whole blocks stay");
      assertArrayEquals(many, rowsOf(blocked));
      assertArrayEquals(sumsOf(many, 2), rowsOf(mapped));
      assertEquals(numbers(fullBlocks), numbers(blocked));
      assertEquals(numbers(blocked), numbers(mapped));
      assertEquals(kept.contentHash(), blocked.contentHash());
      assertEquals(fullBlocks.sourcePartitions(), blocked.sourcePartitions());
      assertEquals(
          List.of(100, 100, 100, 100),
          Stored.blocks(blocked).glom().collect().stream()
              .map(blocks -> blocks.stream().mapToInt(block -> block.rows().rows()).sum())
              .toList());
      Stored.awaitFiles(4 + 8 + 40 + 4);
    }
    Stored.awaitFiles(0);
  }

  @Test
  void manyPartitionsOfWhichMostAreEmptyArePutTogether() {
    int[] sizes = new int[30];
    sizes[3] = 7;
    sizes[11] = 6;
    sizes[28] = 10;
    Dataset<Row> frame = TestFrames.frame(InputType.FLOATS, TestFrames.splitBySize(ROWS, sizes));
    try (RowStore blocked = read(frame, 100)) {
      assertEquals(2, blocked.partitions());
      assertEquals(List.of(0L, 7L, 13L), numbers(blocked));
      assertArrayEquals(ROWS, rowsOf(blocked));
    }
  }

  private static float[][] rowsOf(RowStore blocked) {
    List<float[]> rows = new ArrayList<>();
    for (RowBlock block : Stored.blocks(blocked).collect()) {
      DenseRows values = (DenseRows) block.rows();
      for (int i = 0; i < values.rows(); i++) {
        int from = values.rowOffset(i);
        rows.add(Arrays.copyOfRange(values.values(), from, from + values.columns()));
      }
    }
    return rows.toArray(float[][]::new);
  }
}
