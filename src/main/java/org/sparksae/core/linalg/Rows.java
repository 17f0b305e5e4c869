package org.sparksae.core.linalg;

/**
 * A block of float rows, [rows, columns], which stores either every value ({@link DenseRows}) or
 * the non-zeros ({@link SparseRows}).
 *
 * <p>Inputs and codes come in both forms. The cost of an affine map of sparse rows is proportional
 * to their non-zeros.
 */
public sealed interface Rows permits DenseRows, SparseRows {

  /** Returns the number of rows. */
  int rows();

  /** Returns the number of columns. */
  int columns();

  /** Returns a view of rows {@code from} (inclusive) to {@code to} (exclusive). */
  Rows slice(int from, int to);
}
