package org.sparksae.examples.synthetic;

import java.util.Arrays;

/**
 * Pairs rows with columns one to one, so that the sum of the gains of the pairs is largest.
 *
 * <p>The Hungarian method with potentials: each row in turn is added by a shortest augmenting path.
 * O(n^2 m) for n rows and m columns, n at most m.
 *
 * <p>Source: Kuhn, The Hungarian method for the assignment problem (1955); Jonker and Volgenant
 * (1987) for paths by potentials.
 */
final class Assignment {
  private final float[][] gains;
  private final int columns;
  private final double[] rowPotential;
  private final double[] columnPotential;

  /** The row of each column, or -1. */
  private final int[] rowOf;

  private Assignment(float[][] gains, int columns) {
    this.gains = gains;
    this.columns = columns;
    this.rowPotential = new double[gains.length];
    this.columnPotential = new double[columns];
    this.rowOf = new int[columns];
    Arrays.fill(rowOf, -1);
  }

  /**
   * Returns the column of each row, [rows]; -1 for rows that are left over if there are more rows
   * than columns.
   *
   * @param gains finite, [rows][columns]
   */
  static int[] best(float[][] gains) {
    int columns = gains[0].length;
    if (gains.length > columns) {
      int[] columnOf = new int[gains.length];
      Arrays.fill(columnOf, -1);
      int[] rowOf = best(transposed(gains));
      for (int j = 0; j < columns; j++) {
        columnOf[rowOf[j]] = j;
      }
      return columnOf;
    }
    Assignment assignment = new Assignment(gains, columns);
    for (int i = 0; i < gains.length; i++) {
      assignment.add(i);
    }
    int[] columnOf = new int[gains.length];
    for (int j = 0; j < columns; j++) {
      if (assignment.rowOf[j] >= 0) {
        columnOf[assignment.rowOf[j]] = j;
      }
    }
    return columnOf;
  }

  private static float[][] transposed(float[][] gains) {
    float[][] transposed = new float[gains[0].length][gains.length];
    for (int i = 0; i < gains.length; i++) {
      for (int j = 0; j < transposed.length; j++) {
        transposed[j][i] = gains[i][j];
      }
    }
    return transposed;
  }

  /** Adds a row: Dijkstra's method from the row to the nearest free column. */
  private void add(int row) {
    double[] distance = new double[columns];
    int[] before = new int[columns];
    boolean[] done = new boolean[columns];
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    int last = -1;
    int from = row;
    double length = 0;
    do {
      int nearest = -1;
      for (int j = 0; j < columns; j++) {
        if (done[j]) {
          continue;
        }
        double step = length - gains[from][j] - rowPotential[from] - columnPotential[j];
        if (step < distance[j]) {
          distance[j] = step;
          before[j] = last;
        }
        if (nearest < 0 || distance[j] < distance[nearest]) {
          nearest = j;
        }
      }
      done[nearest] = true;
      length = distance[nearest];
      last = nearest;
      from = rowOf[nearest];
    } while (from >= 0);
    raise(row, distance, done, length);
    // Along the path, each column takes the row of the one before it.
    for (int j = last; j >= 0; j = before[j]) {
      rowOf[j] = before[j] < 0 ? row : rowOf[before[j]];
    }
  }

  /** Keeps all reduced costs at 0 or more, and at 0 along the path. */
  private void raise(int row, double[] distance, boolean[] done, double length) {
    rowPotential[row] += length;
    for (int j = 0; j < columns; j++) {
      if (done[j]) {
        double slack = length - distance[j];
        columnPotential[j] -= slack;
        if (rowOf[j] >= 0) {
          rowPotential[rowOf[j]] += slack;
        }
      }
    }
  }
}
