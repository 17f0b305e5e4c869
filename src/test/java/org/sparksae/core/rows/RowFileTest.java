package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;

/** Rows in a mapped file equal those in arrays, including the order of stored values. */
class RowFileTest {
  private static final int COLUMNS = 7;
  private static final int[] SIZES = {3, 0, 17, 1, 40};
  private static final long[] FIRST_ROWS = {1000, 5};

  /** Piece sizes for blocks of at most 1200 bytes: one block in a piece, a few, all. */
  private static final int[] PIECES = {1, 1300, 1 << 30};

  @TempDir private Path scratch;
  private int files;

  /** What the blocks of a partition are like. */
  enum Form {
    DENSE,
    SPARSE,
    MIXED;

    boolean isSparse(int block) {
      return this == SPARSE || this == MIXED && block % 2 == 0;
    }
  }

  /** Blocks numbered from 0 on; a third of their values are not 0. */
  private static List<RowBlock> blocks(Form form, boolean weighted) {
    return blocks(form, weighted, StoragePrecision.FLOAT32);
  }

  private static List<RowBlock> blocks(Form form, boolean weighted, StoragePrecision precision) {
    SplittableRandom random = new SplittableRandom(3);
    List<RowBlock> blocks = new ArrayList<>();
    long first = 0;
    for (int b = 0; b < SIZES.length; b++) {
      float[] values = new float[SIZES[b] * COLUMNS];
      float[] weights = new float[SIZES[b]];
      for (int i = 0; i < values.length; i++) {
        float value = precision.round((float) random.nextDouble());
        values[i] = random.nextInt(3) == 0 ? value : 0f;
        weights[i / COLUMNS] = i;
      }
      // Only every second block has weights.
      RowBlock dense =
          new RowBlock(
              DenseRows.of(values, SIZES[b], COLUMNS), weighted && b % 2 == 0 ? weights : null);
      blocks.add((form.isSparse(b) ? Blocks.sparse(dense) : dense).startingAt(first));
      first += SIZES[b];
    }
    return blocks;
  }

  private Path written(List<RowBlock> blocks) throws IOException {
    return written(blocks, StoragePrecision.FLOAT32);
  }

  private Path written(List<RowBlock> blocks, StoragePrecision precision) throws IOException {
    Path file = scratch.resolve("rows-" + files++);
    try (RowFileWriter writer = new RowFileWriter(file, precision)) {
      for (int b = 0; b < blocks.size(); b++) {
        writer.add(blocks.get(b), b < 2 ? 1 : 0);
      }
      writer.finish(new byte[] {4, 2});
    }
    return file;
  }

  private static PartitionRows inArrays(List<RowBlock> blocks) {
    List<RowBlock> numbered = new ArrayList<>();
    for (int b = 0; b < blocks.size(); b++) {
      RowBlock block = blocks.get(b);
      numbered.add(block.startingAt(FIRST_ROWS[b < 2 ? 1 : 0] + block.firstRow()));
    }
    return new PartitionRows(numbered);
  }

  /** The whole content of a tile, as text. */
  private static String describe(RowBlock tile) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tile.size(); i++) {
      text.append(tile.number(i)).append(tile.isWeighted() ? " weighs " + tile.weight(i) : "");
      if (tile.rows() instanceof SparseRows sparse) {
        for (int p = sparse.start(i); p < sparse.end(i); p++) {
          text.append(' ').append(sparse.indices()[p]).append(':').append(sparse.values()[p]);
        }
      } else {
        DenseRows dense = (DenseRows) tile.rows();
        int from = dense.rowOffset(i);
        text.append(Arrays.toString(Arrays.copyOfRange(dense.values(), from, from + COLUMNS)));
      }
      text.append('\n');
    }
    return text.append("end of tile\n").toString();
  }

  private static String tiles(PartitionRows rows, Batch batch, int capacity) {
    StringBuilder text = new StringBuilder();
    rows.forEachTile(batch, new GatheredRows(capacity), tile -> text.append(describe(tile)));
    return text.toString();
  }

  @ParameterizedTest
  @EnumSource(StoragePrecision.class)
  void tilesAndBatchesAreThoseOfBlocksInArrays(StoragePrecision precision) throws IOException {
    // Numbers are not consecutive, so an epoch over 2000 positions meets each row once.
    Batch epoch = Batch.of(new RowPermutation(2000, 42, 1), 0, 2000);
    try (Team two = new Team(2)) {
      for (Form form : Form.values()) {
        for (boolean weighted : new boolean[] {false, true}) {
          List<RowBlock> blocks = blocks(form, weighted, precision);
          PartitionRows expected = inArrays(blocks);
          Path file = written(blocks, precision);
          for (int piece : PIECES) {
            PartitionRows rows = RowFile.open(file, piece).rows(FIRST_ROWS);
            assertEquals(expected.rows(), rows.rows());
            for (int capacity : new int[] {6, 600}) {
              assertEquals(tiles(expected, Batch.ALL, capacity), tiles(rows, Batch.ALL, capacity));
              assertEquals(tiles(expected, epoch, capacity), tiles(rows, epoch, capacity));
            }
            assertEquals(
                describe(expected.gather(i -> 60 - i, 0, 61, Batch.ALL, new GatheredRows(61), two)),
                describe(rows.gather(i -> 60 - i, 0, 61, Batch.ALL, new GatheredRows(61), two)));
          }
        }
      }
    }
  }

  @Test
  void halfPreciseValuesTakeHalfThePlace() throws IOException {
    List<RowBlock> block = List.of(new RowBlock(DenseRows.zeros(1024, 8), null));
    long full = Files.size(written(block, StoragePrecision.FLOAT32));
    long half = Files.size(written(block, StoragePrecision.BFLOAT16));
    assertEquals(2 * 1024 * 8, full - half);
  }

  /** So that a row of a page is read as one page. */
  @Test
  void blocksBeginAtPages() throws IOException {
    RowBlock block = new RowBlock(DenseRows.zeros(3, 1000), null);
    long one = Files.size(written(List.of(block), StoragePrecision.FLOAT32));
    long two = Files.size(written(List.of(block, block), StoragePrecision.FLOAT32));
    assertEquals(3 * 4096 + BlockEntry.BYTES, two - one);
  }

  @Test
  void valuesThatWouldLoseBitsAreRefused() throws IOException {
    RowBlock block = new RowBlock(DenseRows.of(new float[] {1, 1 + 0x1p-8f}, 1, 2), null);
    Path file = scratch.resolve("rounded");
    try (RowFileWriter writer = new RowFileWriter(file, StoragePrecision.BFLOAT16)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> writer.add(block, 0)).getMessage();
      assertEquals("1.0039062 is not a bfloat16", message);
    }
  }

  /** As of a block alone, which in arrays is not copied at all. */
  @Test
  void oneBlockIsCutAsInArrays() throws IOException {
    for (Form form : List.of(Form.DENSE, Form.SPARSE)) {
      List<RowBlock> blocks = blocks(form, true).subList(4, 5);
      PartitionRows rows = RowFile.open(written(blocks)).rows(new long[] {0, 7});
      PartitionRows expected =
          new PartitionRows(List.of(blocks.get(0).startingAt(7 + blocks.get(0).firstRow())));
      for (int capacity : new int[] {6, 40, 600}) {
        assertEquals(tiles(expected, Batch.ALL, capacity), tiles(rows, Batch.ALL, capacity));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(StoragePrecision.class)
  void rowsAreCopiedWithTheirZeros(StoragePrecision precision) throws IOException {
    for (Form form : Form.values()) {
      List<RowBlock> blocks = blocks(form, true, precision);
      List<StoredBlock> mapped = List.copyOf(RowFile.open(written(blocks, precision)).blocks());
      blocks.removeIf(block -> block.size() == 0);
      assertEquals(blocks.size(), mapped.size());
      for (int b = 0; b < mapped.size(); b++) {
        int size = mapped.get(b).size();
        for (int from = 0; from < size; from++) {
          for (int to : new int[] {from, from + 1, size}) {
            float[] expected = new float[COLUMNS * (to - from) + 2];
            float[] copy = new float[expected.length];
            Arrays.fill(expected, 9f);
            Arrays.fill(copy, 9f);
            blocks.get(b).copyRows(from, to, expected, 1);
            mapped.get(b).load(from, to);
            mapped.get(b).copyRows(from, to, copy, 1);
            assertArrayEquals(expected, copy);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(StoragePrecision.class)
  void largeBlocksPassThroughTheBuffer(StoragePrecision precision) throws IOException {
    float[] values = new float[300_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 251;
    }
    RowBlock block = new RowBlock(new DenseRows(values, 1, 299_999, 1), null);
    PartitionRows rows =
        RowFile.open(written(List.of(block, block), precision)).rows(new long[] {0, 0});
    for (StoredBlock mapped : rows.blocks()) {
      float[] copy = new float[299_999];
      mapped.copyRows(0, copy.length, copy, 0);
      assertArrayEquals(Arrays.copyOfRange(values, 1, 300_000), copy);
    }
  }

  @Test
  void aFileWithoutRowsHasItsNoteOnly() throws IOException {
    RowFile file = RowFile.open(written(List.of()));
    assertEquals(0, file.rows(new long[0]).rows());
    assertArrayEquals(new byte[] {4, 2}, file.note());
  }

  /** As after a power failure, or if the file was never finished. */
  @Test
  void aFileThatIsNotWholeIsRefused() throws IOException {
    Path file = written(blocks(Form.MIXED, true));
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 1, 19, 20, 100, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      IOException refused = assertThrows(IOException.class, () -> RowFile.open(file));
      assertEquals(
          file + ", of " + length + " bytes, is not a whole file of rows", refused.getMessage());
    }
    byte[] behind = new byte[whole.length + 4];
    System.arraycopy(whole, 0, behind, 4, whole.length);
    Files.write(file, behind);
    assertThrows(IOException.class, () -> RowFile.open(file));
    Path unfinished = scratch.resolve("unfinished");
    try (RowFileWriter writer = new RowFileWriter(unfinished, StoragePrecision.FLOAT32)) {
      writer.add(blocks(Form.DENSE, false).get(2), 0);
    }
    assertThrows(IOException.class, () -> RowFile.open(unfinished));
  }

  @Test
  void aFileThatCannotBeMadeIsAnError() {
    Path vanished = scratch.resolve("vanished").resolve("rows");
    assertInstanceOf(
        NoSuchFileException.class,
        assertThrows(
            IOException.class, () -> new RowFileWriter(vanished, StoragePrecision.FLOAT32)));
  }

  /** A task may still run when its fit closes the store. */
  @Test
  void aDeletedFileCanBeReadThroughItsMapping() throws IOException {
    List<RowBlock> blocks = blocks(Form.MIXED, true);
    Path file = written(blocks);
    PartitionRows rows = RowFile.open(file).rows(FIRST_ROWS);
    assertTrue(Files.deleteIfExists(file));
    assertEquals(tiles(inArrays(blocks), Batch.ALL, 6), tiles(rows, Batch.ALL, 6));
  }
}
