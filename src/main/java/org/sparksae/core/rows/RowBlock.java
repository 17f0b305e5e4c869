package org.sparksae.core.rows;

import java.io.Serializable;
import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;

/**
 * Some rows of the training data in arrays, and their weights.
 *
 * <p>This is not a record, because the version of Kryo that Spark includes cannot read records.
 */
public final class RowBlock implements StoredBlock, Serializable {
  private static final long serialVersionUID = 1L;

  private final Rows rows;
  private final float[] weights;
  private final long firstRow;

  /** Number of each row, if the rows are not consecutive; otherwise null. */
  private final long[] numbers;

  /** The encoder's input, if it is not these rows; otherwise null. */
  private final Rows inputs;

  /**
   * A block of the first rows of the training data.
   *
   * @param rows input rows, [n, inputSize], dense or sparse
   * @param weights weight of each row, [n]; null if every row weighs 1
   */
  public RowBlock(Rows rows, float[] weights) {
    this(rows, weights, 0, null, null);
  }

  private RowBlock(Rows rows, float[] weights, long firstRow, long[] numbers, Rows inputs) {
    this.rows = rows;
    this.weights = weights;
    this.firstRow = firstRow;
    this.numbers = numbers;
    this.inputs = inputs;
  }

  /**
   * A tile of rows that need not be consecutive.
   *
   * @param numbers number of each row in the training data, [at least n]
   */
  static RowBlock gathered(Rows rows, float[] weights, long[] numbers) {
    return new RowBlock(rows, weights, 0, numbers, null);
  }

  /**
   * The same rows as a model sees them.
   *
   * @param inputs input of the encoder, [n, inputSize]
   * @param targets with which a reconstruction is compared, [n, outputSize]
   */
  RowBlock with(Rows inputs, Rows targets) {
    return new RowBlock(targets, weights, firstRow, numbers, inputs);
  }

  @Override
  public RowBlock startingAt(long number) {
    return number == firstRow ? this : new RowBlock(rows, weights, number, null, null);
  }

  @Override
  public int size() {
    return rows.rows();
  }

  @Override
  public int columns() {
    return rows.columns();
  }

  @Override
  public boolean isSparse() {
    return rows instanceof SparseRows;
  }

  @Override
  public boolean isWeighted() {
    return weights != null;
  }

  @Override
  public long firstRow() {
    return firstRow;
  }

  /** Number of row {@code row} in the training data. */
  public long number(int row) {
    return numbers == null ? firstRow + row : numbers[row];
  }

  /**
   * The rows with which a reconstruction is compared, [n, outputSize]. Stored rows of a transcoder
   * hold its input and its target.
   */
  public Rows rows() {
    return rows;
  }

  /**
   * Input of the encoder, [n, inputSize]: {@link #rows()}, in training a corrupted copy, or the
   * input that a transcoder predicts them from.
   */
  public Rows inputs() {
    return inputs == null ? rows : inputs;
  }

  @Override
  public int entries(int from, int to) {
    SparseRows sparse = (SparseRows) rows;
    return to == from ? 0 : sparse.end(to - 1) - sparse.start(from);
  }

  @Override
  public void copyEntries(int from, int to, float[] values, int[] indices, int offset) {
    SparseRows sparse = (SparseRows) rows;
    int count = entries(from, to);
    System.arraycopy(sparse.values(), sparse.start(from), values, offset, count);
    System.arraycopy(sparse.indices(), sparse.start(from), indices, offset, count);
  }

  @Override
  public void copyRows(int from, int to, float[] target, int offset) {
    copy(rows, from, to, target, offset);
  }

  /** Copies a row of {@link #inputs}, including zeros. */
  public void copyInput(int row, float[] target, int offset) {
    copy(inputs(), row, row + 1, target, offset);
  }

  private static void copy(Rows rows, int from, int to, float[] target, int offset) {
    if (rows instanceof DenseRows dense) {
      int count = (to - from) * dense.columns();
      System.arraycopy(dense.values(), dense.rowOffset(from), target, offset, count);
      return;
    }
    SparseRows sparse = (SparseRows) rows;
    for (int row = from; row < to; row++) {
      sparse.copyRow(row, target, offset + (row - from) * sparse.columns());
    }
  }

  /** Does nothing, because arrays are in memory. */
  @Override
  public void load(int from, int to) {}

  /** Weight of each row, [n]; null if every row weighs 1. */
  public float[] weights() {
    return weights;
  }

  @Override
  public float weight(int row) {
    return weights == null ? 1f : weights[row];
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive), as a view; weights are copied. */
  public RowBlock slice(int from, int to) {
    if (from == 0 && to == rows.rows()) {
      return this;
    }
    float[] part = weights == null ? null : Arrays.copyOfRange(weights, from, to);
    return new RowBlock(rows.slice(from, to), part, firstRow + from, null, null);
  }

  @Override
  public RowBlock tile(int from, int to, GatheredRows buffer) {
    return slice(from, to);
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
