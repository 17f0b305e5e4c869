package org.sparksae.spark.ml.transform;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.Codes;

/**
 * The active entries of one row of codes, in ascending order of columns. They are valid until the
 * next row is read.
 *
 * <p>{@link Codes#isActive} defines which entries are active.
 */
public final class CodeEntries {
  private final float least;
  private final int[] columns;
  private final double[] values;
  private int count;

  public CodeEntries(int codeSize, double activationThreshold) {
    this.least = Codes.leastActive(activationThreshold);
    this.columns = new int[codeSize];
    this.values = new double[codeSize];
  }

  /** The columns, [at least count]. */
  public int[] columns() {
    return columns;
  }

  /** The values, [at least count]. */
  public double[] values() {
    return values;
  }

  /** Number of entries. */
  public int count() {
    return count;
  }

  /**
   * Reads a row.
   *
   * @param codes [n, codeSize]; if sparse, the columns of a row ascend
   */
  public void read(Rows codes, int row) {
    if (codes instanceof SparseRows sparse) {
      readSparse(sparse, row);
    } else {
      DenseRows dense = (DenseRows) codes;
      count =
          Kernels.activeEntries(
              dense.values(), dense.rowOffset(row), dense.columns(), least, columns, values);
    }
  }

  private void readSparse(SparseRows codes, int row) {
    count = 0;
    for (int p = codes.start(row); p < codes.end(row); p++) {
      float value = codes.values()[p];
      if (!(Math.abs(value) < least)) {
        columns[count] = codes.indices()[p];
        values[count++] = value;
      }
    }
  }
}
