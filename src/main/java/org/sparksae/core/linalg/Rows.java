package org.sparksae.core.linalg;

/**
 * A block of float rows, [rows, columns], in one of two forms: every value ({@link DenseRows}), or
 * the non-zeros ({@link SparseRows}).
 *
 * <p>Inputs and codes come in both forms; an affine map of sparse rows costs their non-zeros.
 */
public sealed interface Rows permits DenseRows, SparseRows {

  /** Number of rows. */
  int rows();

  /** Number of columns. */
  int columns();

  /** Rows {@code from} (inclusive) to {@code to} (exclusive), a view. */
  Rows slice(int from, int to);
}
