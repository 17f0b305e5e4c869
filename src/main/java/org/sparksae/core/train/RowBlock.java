package org.sparksae.core.train;

import java.io.Serializable;
import java.util.Arrays;
import org.sparksae.core.linalg.Rows;

/**
 * Some rows of the training data, and their weights.
 *
 * <p>A plain class, as are others that travel as data: the Kryo that Spark brings cannot read
 * records.
 */
public final class RowBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Rows rows;
  private final float[] weights;
  private final long firstRow;

  /**
   * A block of rows that begin the training data.
   *
   * @param rows input rows, [n, inputSize], dense or sparse
   * @param weights weight of each row, [n]; null if every row weighs 1
   */
  public RowBlock(Rows rows, float[] weights) {
    this(rows, weights, 0);
  }

  private RowBlock(Rows rows, float[] weights, long firstRow) {
    this.rows = rows;
    this.weights = weights;
    this.firstRow = firstRow;
  }

  /** The same rows at another place in the training data. */
  public RowBlock startingAt(long number) {
    return number == firstRow ? this : new RowBlock(rows, weights, number);
  }

  /**
   * Number of its first row among all rows of the training data, which are numbered in their order
   * there, wherever they are now.
   */
  public long firstRow() {
    return firstRow;
  }

  /** Input rows, [n, inputSize]. */
  public Rows rows() {
    return rows;
  }

  /** Weight of each row, [n]; null if every row weighs 1. */
  public float[] weights() {
    return weights;
  }

  /** The weight of row {@code row}. */
  float weight(int row) {
    return weights == null ? 1f : weights[row];
  }

  /**
   * Rows {@code from} (inclusive) to {@code to} (exclusive); the rows are a view, the weights a
   * copy.
   */
  RowBlock slice(int from, int to) {
    if (from == 0 && to == rows.rows()) {
      return this;
    }
    float[] part = weights == null ? null : Arrays.copyOfRange(weights, from, to);
    return new RowBlock(rows.slice(from, to), part, firstRow + from);
  }

  /** Sum of the row weights. */
  public double totalWeight() {
    if (weights == null) {
      return rows.rows();
    }
    double total = 0;
    for (int i = 0; i < rows.rows(); i++) {
      total += weights[i];
    }
    return total;
  }
}
