package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class DenseRowsTest {

  @Test
  void elementsLieRowByRowFromTheOffset() {
    float[] values = {9, 9, 1, 2, 3, 4, 5, 6, 9};
    DenseRows rows = new DenseRows(values, 2, 2, 3);
    assertEquals(1f, rows.get(0, 0));
    assertEquals(6f, rows.get(1, 2));
    assertEquals(5, rows.rowOffset(1));
    assertEquals(8, rows.end());
  }

  @Test
  void sliceIsAView() {
    DenseRows rows = DenseRows.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    DenseRows slice = rows.slice(1, 3);
    assertEquals(2, slice.rows());
    assertEquals(3f, slice.get(0, 0));
    slice.values()[slice.rowOffset(1)] = 50;
    assertEquals(50f, rows.get(2, 0));
    assertSame(rows.values(), slice.values());
    assertEquals(0, rows.slice(3, 3).rows());
  }

  @Test
  void shapesThatDoNotFitAreRefusedWithTheirNumbers() {
    assertMessage("got -1, 2, 3", () -> new DenseRows(new float[9], -1, 2, 3));
    assertMessage("got 0, -2, 3", () -> new DenseRows(new float[9], 0, -2, 3));
    assertMessage("got 0, 2, 0", () -> new DenseRows(new float[9], 0, 2, 0));
    assertMessage(
        "2 x 3 rows at offset 4 need an array of 10 floats, got 9",
        () -> new DenseRows(new float[9], 4, 2, 3));
    // 65536 * 65536 = 2^32 is 0 in int arithmetic
    assertMessage("4294967296", () -> DenseRows.of(new float[9], 65536, 65536));
    assertThrows(ArithmeticException.class, () -> DenseRows.zeros(65536, 65536));
  }

  private static void assertMessage(String part, Executable executable) {
    String message = assertThrows(IllegalArgumentException.class, executable).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void chunksCoverTheRowsInOrder() {
    for (int columns : new int[] {1, 7, 4096, 5000}) {
      DenseRows rows = DenseRows.zeros(23, columns);
      List<Integer> seen = new ArrayList<>();
      rows.forChunks(
          2,
          21,
          (from, to) -> {
            assertTrue((to - from) * columns <= 4096 || to - from == 1);
            for (int i = from; i < to; i++) {
              seen.add(i);
            }
          });
      assertEquals(IntStream.range(2, 21).boxed().toList(), seen);
    }
    DenseRows.zeros(3, 4).forChunks(2, 2, (from, to) -> fail("there are no rows"));
  }
}
