package org.sparksae.core.linalg.bfloat16;

/**
 * A part of a matrix, or of its transpose: element (i, j) is at {@code offset + i rowStride + j
 * columnStride}, counted in elements.
 */
record View(
    OneDnnMatrix matrix, long offset, int rows, int columns, long rowStride, long columnStride) {

  View transposed() {
    return new View(matrix, offset, columns, rows, columnStride, rowStride);
  }

  View rows(int from, int to) {
    return new View(matrix, offset + from * rowStride, to - from, columns, rowStride, columnStride);
  }

  View columns(int from, int to) {
    return transposed().rows(from, to).transposed();
  }

  /** Returns the address of element (0, 0). */
  long address() {
    return matrix.memory().address() + offset * matrix.type().bytes;
  }
}
