package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.train.Evaluation;
import org.sparksae.core.train.Workspace;

/** Rows copied together from blocks, in either form; and reused buffers. */
class GatheredRowsTest {
  private static final int COLUMNS = 5;

  /** Row i holds 100 + i at column i % 5 and, where i is odd, i at column 4; it weighs i. */
  private static RowBlock block(int from, int rows, boolean sparse, boolean weighted) {
    float[] values = new float[rows * COLUMNS];
    float[] weights = new float[rows];
    for (int i = 0; i < rows; i++) {
      float[] row = row(from + i);
      System.arraycopy(row, 0, values, i * COLUMNS, COLUMNS);
      weights[i] = from + i;
    }
    RowBlock dense = new RowBlock(DenseRows.of(values, rows, COLUMNS), weighted ? weights : null);
    return sparse ? Blocks.sparse(dense) : dense;
  }

  private static float[] row(int i) {
    float[] row = new float[COLUMNS];
    row[4] = i % 2 * i;
    row[i % COLUMNS] = i % 9 == 8 ? 0 : 100 + i;
    return row;
  }

  /** Small blocks, some of them sparse, and {@code tiles} of the same form. */
  private static PartitionRows partition(boolean mixed, boolean weighted) {
    List<RowBlock> blocks = new ArrayList<>();
    int[] sizes = {3, 0, 7, 1, 12};
    int from = 0;
    for (int b = 0; b < sizes.length; b++) {
      // Only every second block has weights.
      blocks.add(block(from, sizes[b], !mixed || b == 2, weighted && b % 2 == 0));
      from += sizes[b];
    }
    return new PartitionRows(blocks, 0);
  }

  private static void assertRow(int number, float[] row, RowBlock tile, int i, boolean weighted) {
    assertArrayEquals(row(number), row, "row " + number);
    if (weighted) {
      boolean hasWeight = number < 10 || number >= 11;
      assertEquals(hasWeight ? number : 1, tile.weight(i));
    } else {
      assertNull(tile.weights());
    }
  }

  private static float[] copy(Rows rows, int i) {
    float[] row = new float[COLUMNS];
    if (rows instanceof SparseRows sparse) {
      sparse.copyRow(i, row, 0);
    } else {
      for (int j = 0; j < COLUMNS; j++) {
        row[j] = ((DenseRows) rows).get(i, j);
      }
    }
    return row;
  }

  @Test
  void smallBlocksAreCopiedTogetherAndStaySparseIfAllAre() {
    GatheredRows buffer = new GatheredRows(13);
    for (boolean mixed : new boolean[] {false, true, false}) {
      for (boolean weighted : new boolean[] {true, false}) {
        List<Integer> sizes = new ArrayList<>();
        int[] next = {0};
        partition(mixed, weighted)
            .forEachTile(
                Batch.ALL,
                buffer,
                tile -> {
                  assertEquals(mixed, tile.rows() instanceof DenseRows);
                  for (int i = 0; i < tile.rows().rows(); i++) {
                    assertRow(next[0]++, copy(tile.rows(), i), tile, i, weighted);
                  }
                  sizes.add(tile.rows().rows());
                });
        assertEquals(List.of(13, 10), sizes);
      }
    }
  }

  @Test
  void oneBlockIsNotCopied() {
    RowBlock block = block(0, 11, true, true);
    new PartitionRows(List.of(block), 0)
        .forEachTile(Batch.ALL, new GatheredRows(20), tile -> assertSame(block, tile));
    new PartitionRows(List.of(block), 0)
        .forEachTile(
            Batch.ALL,
            new GatheredRows(4),
            tile ->
                assertSame(
                    ((SparseRows) block.rows()).values(), ((SparseRows) tile.rows()).values()));
  }

  @Test
  void gatheredRowsComeInTheOrderOfTheBatch() {
    RowPermutation order = new RowPermutation(23, 7, 2);
    GatheredRows buffer = new GatheredRows(13);
    try (Team three = new Team(3)) {
      for (boolean mixed : new boolean[] {false, true}) {
        for (boolean weighted : new boolean[] {true, false}) {
          for (Team team : List.of(Team.SOLO, three)) {
            PartitionRows rows = partition(mixed, weighted);
            for (int[] range : new int[][] {{5, 18}, {20, 23}, {0, 1}, {4, 4}}) {
              RowBlock tile =
                  rows.gather(
                      i -> (int) order.rowAt(i), range[0], range[1], Batch.ALL, buffer, team);
              assertEquals(range[1] - range[0], tile.rows().rows());
              for (int i = 0; i < tile.rows().rows(); i++) {
                int number = (int) order.rowAt(range[0] + i);
                assertRow(number, copy(tile.rows(), i), tile, i, weighted);
              }
            }
          }
        }
      }
    }
  }

  /** Buffers that served other parameters, batches and forms of rows give what new ones give. */
  @Test
  void lentBuffersLeaveNoTraces() {
    for (Cases.Case of : KSparseCases.few(COLUMNS, 7, 2).toList()) {
      Cases.Data data = Cases.random(of, 20, 1);
      float[] parameters = Cases.floats(data.parameters());
      float[] others = Cases.floats(Cases.random(of, 1, 2).parameters());
      RowBlock rows = Blocks.block(data.rows(), data.weights(), COLUMNS);
      PartitionSum dense = Blocks.onePartition(rows);
      PartitionSum sparse = Blocks.onePartition(Blocks.sparse(rows));
      Evaluation first = Blocks.evaluate(of, parameters, dense, Batch.ALL);
      Evaluation firstSparse = Blocks.evaluate(of, parameters, sparse, Batch.ALL);
      Blocks.assertEqual(first, firstSparse, 1e-6);
      Evaluation other = Blocks.evaluate(of, others, sparse, Batch.ALL);
      Blocks.assertEqual(Blocks.evaluate(of, others, dense, Batch.ALL), other, 1e-6);
      Evaluation second = Blocks.evaluate(of, parameters, dense, Batch.ALL);
      assertArrayEquals(first.gradient(), second.gradient());
      assertArrayEquals(first.terms().values(), second.terms().values());
      Evaluation secondSparse = Blocks.evaluate(of, parameters, sparse, Batch.ALL);
      assertArrayEquals(firstSparse.gradient(), secondSparse.gradient());
    }
  }

  @Test
  void workspacesAreLentToOneAtATimeAndUsedAgain() {
    AutoencoderSpec spec = KSparseCases.oneLayer(COLUMNS, KSparseCases.codes(11, 4).get(0));
    Batch batch = Batch.of(new RowPermutation(20, 1, 0), 0, 6);
    Workspace first = Workspace.lend(spec, batch);
    Workspace second = Workspace.lend(spec, batch);
    assertEquals(6, first.gatheredRows().capacity());
    assertNotSame(first, second);
    first.close();
    assertSame(first, Workspace.lend(spec, batch));
    second.close();
    first.close();
    assertEquals(1, Workspace.lend(spec, Batch.of(batch.order(), 3, 3)).gatheredRows().capacity());
  }
}
