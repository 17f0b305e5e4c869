package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

@ExtendWith(LocalSpark.class)
class PackedPartTest {

  /** A block of 128 rows of 1000 columns has 512 KB, which is half of G1's smallest region. */
  @Test
  void rowsOfManyColumnsTravelInShortArrays() {
    float[][] rows = TestFrames.rows(128, 1000, 4);
    DenseRows dense = DenseRows.zeros(rows.length, rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(
          rows[i], 0, dense.values(), dense.offset() + i * rows[i].length, rows[i].length);
    }
    BlockReader.Part part =
        new BlockReader.Part(3, new RowBlock(dense, null).startingAt(77), 5, 2, "a problem");
    PackedPart packed = PackedPart.of(part);
    assertTrue(packed.longest() <= 1 << 16, "an array of " + packed.longest() + " bytes");
    BlockReader.Part unpacked = packed.unpack();
    assertEquals(3, unpacked.partition());
    assertEquals(77, unpacked.block().firstRow());
    for (int i = 0; i < rows.length; i++) {
      float[] row = new float[rows[i].length];
      unpacked.block().copyRows(i, i + 1, row, 0);
      assertArrayEquals(rows[i], row);
    }
  }
}
