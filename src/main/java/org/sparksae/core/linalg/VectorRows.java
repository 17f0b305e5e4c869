package org.sparksae.core.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Products with gathered rows of a matrix in the Vector API, for {@link VectorKernels}. */
final class VectorRows {
  private static final VectorSpecies<Float> S = VectorKernels.S;
  private static final int LANES = VectorKernels.LANES;

  /**
   * Eight vectors of sums, which fit the 16 registers of AVX2 with the coefficients and the loads.
   */
  private static final int BLOCK = 8 * LANES;

  private VectorRows() {}

  static void addGatheredRows(
      float[] coefficients,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] y,
      int yFrom) {
    int p = from;
    for (; p <= to - 4; p += 4) {
      addFourRows(coefficients, rows, p, matrix, matrixOffset, columns, y, yFrom);
    }
    if (p < to) {
      addFewRows(coefficients, rows, p, to, matrix, matrixOffset, columns, y, yFrom);
    }
  }

  /**
   * Reads four rows from begin to end, so that the processor fetches what comes next. A block of
   * columns of many rows would be fetched when it is needed.
   */
  private static void addFourRows(
      float[] coefficients,
      int[] rows,
      int p,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] y,
      int yFrom) {
    int row0 = matrixOffset + rows[p] * columns;
    int row1 = matrixOffset + rows[p + 1] * columns;
    int row2 = matrixOffset + rows[p + 2] * columns;
    int row3 = matrixOffset + rows[p + 3] * columns;
    FloatVector a0 = FloatVector.broadcast(S, coefficients[p]);
    FloatVector a1 = FloatVector.broadcast(S, coefficients[p + 1]);
    FloatVector a2 = FloatVector.broadcast(S, coefficients[p + 2]);
    FloatVector a3 = FloatVector.broadcast(S, coefficients[p + 3]);
    int end = S.loopBound(columns);
    for (int c = 0; c < end; c += LANES) {
      FloatVector sum = FloatVector.fromArray(S, y, yFrom + c);
      sum = FloatVector.fromArray(S, matrix, row0 + c).fma(a0, sum);
      sum = FloatVector.fromArray(S, matrix, row1 + c).fma(a1, sum);
      sum = FloatVector.fromArray(S, matrix, row2 + c).fma(a2, sum);
      sum = FloatVector.fromArray(S, matrix, row3 + c).fma(a3, sum);
      sum.intoArray(y, yFrom + c);
    }
    for (int c = end; c < columns; c++) {
      float sum = y[yFrom + c];
      sum = Math.fma(matrix[row0 + c], coefficients[p], sum);
      sum = Math.fma(matrix[row1 + c], coefficients[p + 1], sum);
      sum = Math.fma(matrix[row2 + c], coefficients[p + 2], sum);
      y[yFrom + c] = Math.fma(matrix[row3 + c], coefficients[p + 3], sum);
    }
  }

  private static void addFewRows(
      float[] coefficients,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] y,
      int yFrom) {
    int c = 0;
    for (; c <= columns - BLOCK; c += BLOCK) {
      addBlock(coefficients, rows, from, to, matrix, matrixOffset + c, columns, y, yFrom + c);
    }
    for (; c <= columns - LANES; c += LANES) {
      addVector(coefficients, rows, from, to, matrix, matrixOffset + c, columns, y, yFrom + c);
    }
    for (; c < columns; c++) {
      float sum = y[yFrom + c];
      for (int p = from; p < to; p++) {
        sum = Math.fma(matrix[matrixOffset + c + rows[p] * columns], coefficients[p], sum);
      }
      y[yFrom + c] = sum;
    }
  }

  /**
   * Keeps the sums of {@link #BLOCK} columns in registers: one load and one fused multiply-add per
   * vector.
   */
  private static void addBlock(
      float[] coefficients,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] y,
      int yFrom) {
    FloatVector y0 = FloatVector.fromArray(S, y, yFrom);
    FloatVector y1 = FloatVector.fromArray(S, y, yFrom + LANES);
    FloatVector y2 = FloatVector.fromArray(S, y, yFrom + 2 * LANES);
    FloatVector y3 = FloatVector.fromArray(S, y, yFrom + 3 * LANES);
    FloatVector y4 = FloatVector.fromArray(S, y, yFrom + 4 * LANES);
    FloatVector y5 = FloatVector.fromArray(S, y, yFrom + 5 * LANES);
    FloatVector y6 = FloatVector.fromArray(S, y, yFrom + 6 * LANES);
    FloatVector y7 = FloatVector.fromArray(S, y, yFrom + 7 * LANES);
    for (int p = from; p < to; p++) {
      FloatVector a = FloatVector.broadcast(S, coefficients[p]);
      int at = matrixOffset + rows[p] * columns;
      y0 = FloatVector.fromArray(S, matrix, at).fma(a, y0);
      y1 = FloatVector.fromArray(S, matrix, at + LANES).fma(a, y1);
      y2 = FloatVector.fromArray(S, matrix, at + 2 * LANES).fma(a, y2);
      y3 = FloatVector.fromArray(S, matrix, at + 3 * LANES).fma(a, y3);
      y4 = FloatVector.fromArray(S, matrix, at + 4 * LANES).fma(a, y4);
      y5 = FloatVector.fromArray(S, matrix, at + 5 * LANES).fma(a, y5);
      y6 = FloatVector.fromArray(S, matrix, at + 6 * LANES).fma(a, y6);
      y7 = FloatVector.fromArray(S, matrix, at + 7 * LANES).fma(a, y7);
    }
    VectorKernels.exact(y0).intoArray(y, yFrom);
    VectorKernels.exact(y1).intoArray(y, yFrom + LANES);
    VectorKernels.exact(y2).intoArray(y, yFrom + 2 * LANES);
    VectorKernels.exact(y3).intoArray(y, yFrom + 3 * LANES);
    VectorKernels.exact(y4).intoArray(y, yFrom + 4 * LANES);
    VectorKernels.exact(y5).intoArray(y, yFrom + 5 * LANES);
    VectorKernels.exact(y6).intoArray(y, yFrom + 6 * LANES);
    VectorKernels.exact(y7).intoArray(y, yFrom + 7 * LANES);
  }

  private static void addVector(
      float[] coefficients,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] y,
      int yFrom) {
    FloatVector sum = FloatVector.fromArray(S, y, yFrom);
    for (int p = from; p < to; p++) {
      sum =
          FloatVector.fromArray(S, matrix, matrixOffset + rows[p] * columns)
              .fma(FloatVector.broadcast(S, coefficients[p]), sum);
    }
    VectorKernels.exact(sum).intoArray(y, yFrom);
  }

  static void dotGatheredRows(
      float[] x,
      int xFrom,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] out) {
    int p = from;
    for (; p <= to - 4; p += 4) {
      dotFourRows(x, xFrom, rows, p, matrix, matrixOffset, columns, out);
    }
    for (; p < to; p++) {
      out[p] = dotRow(x, xFrom, matrix, matrixOffset + rows[p] * columns, columns);
    }
  }

  /** Computes {@link #dotRow} for four rows, loading each part of x once. */
  private static void dotFourRows(
      float[] x,
      int xFrom,
      int[] rows,
      int p,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] out) {
    int a = matrixOffset + rows[p] * columns;
    int b = matrixOffset + rows[p + 1] * columns;
    int c = matrixOffset + rows[p + 2] * columns;
    int d = matrixOffset + rows[p + 3] * columns;
    FloatVector even0 = FloatVector.zero(S);
    FloatVector even1 = even0;
    FloatVector even2 = even0;
    FloatVector even3 = even0;
    FloatVector odd0 = even0;
    FloatVector odd1 = even0;
    FloatVector odd2 = even0;
    FloatVector odd3 = even0;
    int i = 0;
    for (; i <= columns - 2 * LANES; i += 2 * LANES) {
      FloatVector u = FloatVector.fromArray(S, x, xFrom + i);
      even0 = FloatVector.fromArray(S, matrix, a + i).fma(u, even0);
      even1 = FloatVector.fromArray(S, matrix, b + i).fma(u, even1);
      even2 = FloatVector.fromArray(S, matrix, c + i).fma(u, even2);
      even3 = FloatVector.fromArray(S, matrix, d + i).fma(u, even3);
      FloatVector v = FloatVector.fromArray(S, x, xFrom + i + LANES);
      odd0 = FloatVector.fromArray(S, matrix, a + i + LANES).fma(v, odd0);
      odd1 = FloatVector.fromArray(S, matrix, b + i + LANES).fma(v, odd1);
      odd2 = FloatVector.fromArray(S, matrix, c + i + LANES).fma(v, odd2);
      odd3 = FloatVector.fromArray(S, matrix, d + i + LANES).fma(v, odd3);
    }
    if (i <= columns - LANES) {
      FloatVector u = FloatVector.fromArray(S, x, xFrom + i);
      even0 = FloatVector.fromArray(S, matrix, a + i).fma(u, even0);
      even1 = FloatVector.fromArray(S, matrix, b + i).fma(u, even1);
      even2 = FloatVector.fromArray(S, matrix, c + i).fma(u, even2);
      even3 = FloatVector.fromArray(S, matrix, d + i).fma(u, even3);
      i += LANES;
    }
    float tail0 = 0;
    float tail1 = 0;
    float tail2 = 0;
    float tail3 = 0;
    for (; i < columns; i++) {
      float u = x[xFrom + i];
      tail0 = Math.fma(matrix[a + i], u, tail0);
      tail1 = Math.fma(matrix[b + i], u, tail1);
      tail2 = Math.fma(matrix[c + i], u, tail2);
      tail3 = Math.fma(matrix[d + i], u, tail3);
    }
    out[p] = VectorKernels.sumOfLanes(VectorKernels.exact(even0).add(odd0)) + tail0;
    out[p + 1] = VectorKernels.sumOfLanes(VectorKernels.exact(even1).add(odd1)) + tail1;
    out[p + 2] = VectorKernels.sumOfLanes(VectorKernels.exact(even2).add(odd2)) + tail2;
    out[p + 3] = VectorKernels.sumOfLanes(VectorKernels.exact(even3).add(odd3)) + tail3;
  }

  private static float dotRow(float[] x, int xFrom, float[] matrix, int at, int columns) {
    FloatVector even = FloatVector.zero(S);
    FloatVector odd = even;
    int i = 0;
    for (; i <= columns - 2 * LANES; i += 2 * LANES) {
      even =
          FloatVector.fromArray(S, matrix, at + i)
              .fma(FloatVector.fromArray(S, x, xFrom + i), even);
      odd =
          FloatVector.fromArray(S, matrix, at + i + LANES)
              .fma(FloatVector.fromArray(S, x, xFrom + i + LANES), odd);
    }
    if (i <= columns - LANES) {
      even =
          FloatVector.fromArray(S, matrix, at + i)
              .fma(FloatVector.fromArray(S, x, xFrom + i), even);
      i += LANES;
    }
    float tail = 0;
    for (; i < columns; i++) {
      tail = Math.fma(matrix[at + i], x[xFrom + i], tail);
    }
    return VectorKernels.sumOfLanes(VectorKernels.exact(even).add(odd)) + tail;
  }
}
