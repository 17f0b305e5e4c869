package org.sparksae.core.linalg;

/** Transposes matrices. */
public final class Transpose {
  /** Side of a square of floats that fits the first-level cache together with its transpose. */
  private static final int SQUARE = 32;

  private Transpose() {}

  /**
   * Computes {@code result[j, i] = matrix[i, j]}: matrix [rows, columns] at {@code from}, result
   * [columns, rows] at {@code to}.
   */
  public static void matrix(
      float[] matrix, int from, int rows, int columns, float[] result, int to, Team team) {
    team.split(
        columns,
        SQUARE,
        (member, first, last) -> {
          for (int i = 0; i < rows; i += SQUARE) {
            for (int j = first; j < last; j += SQUARE) {
              int iEnd = Math.min(i + SQUARE, rows);
              int jEnd = Math.min(j + SQUARE, last);
              square(matrix, from, columns, i, iEnd, j, jEnd, result, to, rows);
            }
          }
        });
  }

  private static void square(
      float[] matrix,
      int from,
      int columns,
      int i0,
      int i1,
      int j0,
      int j1,
      float[] result,
      int to,
      int rows) {
    for (int j = j0; j < j1; j++) {
      for (int i = i0; i < i1; i++) {
        result[to + j * rows + i] = matrix[from + i * columns + j];
      }
    }
  }
}
