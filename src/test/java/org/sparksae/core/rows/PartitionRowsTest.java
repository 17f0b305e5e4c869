package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;

class PartitionRowsTest {
  private static final int COLUMNS = 3;
  private static final int ROWS = 23;

  /** Row i holds i, i + 0.25 and i + 0.5; its weight is 100 + i. */
  private static RowBlock numbered(boolean weighted) {
    float[] values = new float[ROWS * COLUMNS];
    float[] weights = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      weights[i] = 100 + i;
      for (int j = 0; j < COLUMNS; j++) {
        values[i * COLUMNS + j] = i + 0.25f * j;
      }
    }
    return new RowBlock(DenseRows.of(values, ROWS, COLUMNS), weighted ? weights : null);
  }

  private static List<PartitionRows> partitions(RowBlock all, int[][] sizes) {
    List<PartitionRows> partitions = new ArrayList<>();
    long first = 0;
    for (List<RowBlock> blocks : Blocks.cut(all, sizes)) {
      PartitionRows rows = new PartitionRows(blocks, first);
      partitions.add(rows);
      first += rows.rows();
    }
    return partitions;
  }

  /** The numbers of the rows of a batch, tile by tile; every element and weight is checked. */
  private static List<int[]> tiles(PartitionRows rows, Batch batch, int tileRows) {
    List<int[]> tiles = new ArrayList<>();
    rows.forEachTile(
        batch,
        new GatheredRows(tileRows),
        tile -> {
          DenseRows values = (DenseRows) tile.rows();
          int[] numbers = new int[tile.rows().rows()];
          for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (int) values.get(i, 0);
            assertEquals(numbers[i] + 0.25f, values.get(i, 1));
            assertEquals(numbers[i] + 0.5f, values.get(i, 2));
            if (tile.weights() != null) {
              assertEquals(100f + numbers[i], tile.weight(i));
            }
          }
          tiles.add(numbers);
        });
    return tiles;
  }

  private static int[] sizes(List<int[]> tiles) {
    return tiles.stream().mapToInt(tile -> tile.length).toArray();
  }

  private static int[] numbers(List<int[]> tiles) {
    return tiles.stream().flatMapToInt(Arrays::stream).toArray();
  }

  @Test
  void allRowsInTheirOrderAndNeverAcrossBlocks() {
    PartitionRows rows = partitions(numbered(true), new int[][] {{11, 1, 7, 4}}).get(0);
    List<int[]> tiles = tiles(rows, Batch.ALL, 5);
    assertEquals(ROWS, rows.rows());
    assertArrayEquals(new int[] {5, 5, 1, 1, 5, 2, 4}, sizes(tiles));
    assertArrayEquals(IntStream.range(0, ROWS).toArray(), numbers(tiles));
  }

  @Test
  void batchFillsTilesAcrossBlocksInTheOrderOfTheEpoch() {
    PartitionRows rows = partitions(numbered(true), new int[][] {{11, 1, 7, 4}}).get(0);
    RowPermutation order = new RowPermutation(ROWS, 42, 0);
    List<int[]> tiles = tiles(rows, Batch.of(order, 2, 15), 5);
    assertArrayEquals(new int[] {5, 5, 3}, sizes(tiles));
    long[] expected = LongStream.range(2, 15).map(order::rowAt).toArray();
    assertArrayEquals(expected, Arrays.stream(numbers(tiles)).asLongStream().toArray());
  }

  @Test
  void tilesAreNeverLargerThanTheBatch() {
    PartitionRows rows = partitions(numbered(false), new int[][] {{23}}).get(0);
    Batch batch = Batch.of(new RowPermutation(ROWS, 42, 0), 20, 23);
    assertArrayEquals(new int[] {3}, sizes(tiles(rows, batch, 512)));
  }

  @Test
  void batchesOfAnEpochVisitEveryRowOnce() {
    int[][] cut = {{}, {5, 3}, {1}, {}, {6, 6, 2}};
    for (boolean weighted : new boolean[] {false, true}) {
      List<PartitionRows> partitions = partitions(numbered(weighted), cut);
      RowPermutation order = new RowPermutation(ROWS, 42, 1);
      int[] visits = new int[ROWS];
      List<Integer> batchRows = new ArrayList<>();
      for (int from = 0; from < ROWS; from += 5) {
        int before = Arrays.stream(visits).sum();
        for (PartitionRows rows : partitions) {
          Batch batch = Batch.of(order, from, Math.min(from + 5, ROWS));
          for (int number : numbers(tiles(rows, batch, 2))) {
            visits[number]++;
          }
        }
        batchRows.add(Arrays.stream(visits).sum() - before);
      }
      assertEquals(List.of(5, 5, 5, 5, 3), batchRows);
      assertTrue(Arrays.stream(visits).allMatch(count -> count == 1));
    }
  }

  @Test
  void partitionsGiveTheirOwnRowsOnly() {
    List<PartitionRows> partitions = partitions(numbered(true), new int[][] {{8}, {}, {10, 5}});
    Batch epoch = Batch.of(new RowPermutation(ROWS, 42, 1), 0, ROWS);
    for (Batch batch : List.of(Batch.ALL, epoch)) {
      int[] first = numbers(tiles(partitions.get(0), batch, 4));
      int[] last = numbers(tiles(partitions.get(2), batch, 4));
      Arrays.sort(first);
      Arrays.sort(last);
      assertArrayEquals(IntStream.range(0, 8).toArray(), first);
      assertArrayEquals(IntStream.range(8, ROWS).toArray(), last);
      assertEquals(0, tiles(partitions.get(1), batch, 4).size());
    }
  }

  @Test
  void emptyBlocksHoldNoRow() {
    PartitionRows rows = partitions(numbered(true), new int[][] {{0, 9, 0, 0, 14, 0}}).get(0);
    Batch epoch = Batch.of(new RowPermutation(ROWS, 42, 1), 0, ROWS);
    for (Batch batch : List.of(Batch.ALL, epoch)) {
      int[] numbers = numbers(tiles(rows, batch, 4));
      Arrays.sort(numbers);
      assertArrayEquals(IntStream.range(0, ROWS).toArray(), numbers);
    }
  }

  @Test
  void blockWithoutWeightsAmongWeightedOnesWeighsOne() {
    List<RowBlock> blocks =
        List.of(
            new RowBlock(DenseRows.of(new float[] {0, 1}, 2, 1), null),
            new RowBlock(DenseRows.of(new float[] {2, 3}, 2, 1), new float[] {5, 5}));
    PartitionRows rows = new PartitionRows(blocks, 0);
    for (Batch batch : List.of(Batch.ALL, Batch.of(new RowPermutation(4, 42, 1), 0, 4))) {
      double[] total = new double[1];
      rows.forEachTile(batch, new GatheredRows(3), tile -> total[0] += tile.totalWeight());
      assertEquals(12, total[0]); // 1 + 1 + 5 + 5
    }
  }

  @Test
  void withoutWeightsTilesHaveNone() {
    PartitionRows rows = partitions(numbered(false), new int[][] {{10, 13}}).get(0);
    Batch epoch = Batch.of(new RowPermutation(ROWS, 42, 1), 0, ROWS);
    for (Batch batch : List.of(Batch.ALL, epoch)) {
      rows.forEachTile(batch, new GatheredRows(4), tile -> assertNull(tile.weights()));
    }
  }

  /** A cancelled task reads no more rows. */
  @Test
  void whatIsRunBeforeEachTileCanEndTheWork() {
    int[] seen = {0};
    Runnable third =
        () -> {
          if (seen[0] == 2) {
            throw new IllegalStateException("told to end");
          }
        };
    PartitionRows rows = new PartitionRows(List.of(numbered(false))).before(third);
    assertThrows(
        IllegalStateException.class,
        () -> rows.forEachTile(Batch.ALL, new GatheredRows(5), tile -> seen[0]++));
    assertEquals(2, seen[0]);
  }
}
