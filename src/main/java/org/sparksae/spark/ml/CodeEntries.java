package org.sparksae.spark.ml;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.nn.Codes;

/**
 * The active entries of one row of codes, columns ascending; valid until the next row is read.
 *
 * <p>What is active is {@link Codes#isActive}'s to say.
 */
final class CodeEntries {
  private final double activationThreshold;
  private final int[] columns;
  private final double[] values;
  private int count;

  CodeEntries(int codeSize, double activationThreshold) {
    this.activationThreshold = activationThreshold;
    this.columns = new int[codeSize];
    this.values = new double[codeSize];
  }

  /** The columns, [at least count]. */
  int[] columns() {
    return columns;
  }

  /** The values, [at least count]. */
  double[] values() {
    return values;
  }

  /** Number of entries. */
  int count() {
    return count;
  }

  /**
   * Reads a row.
   *
   * @param codes [n, codeSize]; if sparse, the columns of a row ascend
   */
  void read(Rows codes, int row) {
    count = 0;
    if (codes instanceof SparseRows sparse) {
      readSparse(sparse, row);
    } else {
      readDense((DenseRows) codes, row);
    }
  }

  private void readDense(DenseRows codes, int row) {
    float[] all = codes.values();
    int from = codes.rowOffset(row);
    for (int j = 0; j < codes.columns(); j++) {
      add(j, all[from + j]);
    }
  }

  private void readSparse(SparseRows codes, int row) {
    for (int p = codes.start(row); p < codes.end(row); p++) {
      add(codes.indices()[p], codes.values()[p]);
    }
  }

  private void add(int column, float value) {
    if (Codes.isActive(value, activationThreshold)) {
      columns[count] = column;
      values[count++] = value;
    }
  }
}
