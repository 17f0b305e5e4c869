package org.sparksae.spark.data;

import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Reads an input and a target as one row, {@code [x, y]}. It is sparse if x is a SparseVector,
 * whatever y is.
 */
public final class PairReader implements RowReader {
  private final FeatureReader input;
  private final FeatureReader target;
  private final int cut;
  private final String ofTarget;
  private final float[] dense;
  private FeatureReader opened;
  private String problem;

  /** Reads the two columns. */
  PairReader(
      FeatureReader input, FeatureColumn ofInput, FeatureReader target, FeatureColumn ofTarget) {
    this.input = input;
    this.target = target;
    this.cut = ofInput.size();
    this.ofTarget = "has a target in column '" + ofTarget.name() + "' that ";
    this.dense = new float[ofTarget.size()];
  }

  @Override
  public String open(InternalRow row) {
    opened = input;
    String ofInput = input.open(row);
    if (ofInput != null) {
      return ofInput;
    }
    opened = target;
    return named(target.open(row));
  }

  private String named(String problemOfTarget) {
    return problemOfTarget == null ? null : ofTarget + problemOfTarget;
  }

  @Override
  public boolean hasOtherSize() {
    return opened.hasOtherSize();
  }

  @Override
  public boolean isSparse() {
    return input.isSparse();
  }

  @Override
  public int entries() {
    return input.entries() + target.entries();
  }

  @Override
  public String read(float[] values, int offset) {
    String ofInput = input.read(values, offset);
    return ofInput == null ? named(target.read(values, offset + cut)) : ofInput;
  }

  @Override
  public int readEntries(float[] values, int[] columns, int offset) {
    int inputs = input.readEntries(values, columns, offset);
    if (inputs < 0) {
      problem = input.describe();
      return -1;
    }
    int from = offset + inputs;
    int targets =
        target.isSparse()
            ? target.readEntries(values, columns, from)
            : readNonZeros(values, columns, from);
    if (targets < 0) {
      problem = named(target.describe());
      return -1;
    }
    for (int p = from; p < from + targets; p++) {
      columns[p] += cut;
    }
    return inputs + targets;
  }

  private int readNonZeros(float[] values, int[] columns, int from) {
    if (target.read(dense, 0) != null) {
      return -1;
    }
    int next = from;
    for (int j = 0; j < dense.length; j++) {
      if (dense[j] != 0f) {
        values[next] = dense[j];
        columns[next++] = j;
      }
    }
    return next - from;
  }

  @Override
  public String describe() {
    return problem;
  }
}
