package org.sparksae.core.nn.layer;

import java.util.Arrays;
import org.sparksae.core.linalg.ColumnEntries;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * The gradient of W [out, in] from sparse rows x: {@code dJ/dW[:, j] = sum over the rows i with an
 * entry x_ij of x_ij delta_i}.
 *
 * <p>It is computed input by input, one column of W each. A few columns are collected in a buffer
 * and then written to W in runs that fill a cache line.
 */
final class SparseInputGradient {
  /** Columns computed together: the floats of a 64-byte cache line. */
  private static final int COLUMNS = 16;

  private final Tensor weight;
  private final ColumnEntries[] entries;
  private final float[][] buffers;

  SparseInputGradient(Tensor weight, int members) {
    this.weight = weight;
    this.entries = new ColumnEntries[members];
    this.buffers = new float[members][];
    for (int m = 0; m < members; m++) {
      entries[m] = new ColumnEntries();
      buffers[m] = new float[COLUMNS * weight.rows()];
    }
  }

  /**
   * Computes a member's part.
   *
   * @param x the layer's input, [n, in]
   * @param delta dJ/dz, [n, out]
   * @param gradient the flat gradient
   * @param accumulate whether to add to the gradient instead of replacing it
   */
  void part(
      SparseRows x, DenseRows delta, float[] gradient, boolean accumulate, Team team, int member) {
    team.part(
        member,
        weight.columns(),
        COLUMNS,
        (m, from, to) -> {
          entries[m].build(x, from, to);
          for (int j = from; j < to; j += COLUMNS) {
            int end = Math.min(j + COLUMNS, to);
            columns(entries[m], j, end, delta, gradient, accumulate, buffers[m]);
          }
        });
  }

  private void columns(
      ColumnEntries x,
      int from,
      int to,
      DenseRows delta,
      float[] gradient,
      boolean accumulate,
      float[] buffer) {
    if (accumulate && x.start(from) == x.end(to - 1)) {
      return;
    }
    int out = weight.rows();
    Arrays.fill(buffer, 0f);
    for (int j = from; j < to; j++) {
      Kernels.addGatheredRows(
          x.values(),
          x.rows(),
          x.start(j),
          x.end(j),
          delta.values(),
          delta.offset(),
          out,
          buffer,
          (j - from) * out);
    }
    for (int o = 0; o < out; o++) {
      int row = weight.offset() + o * weight.columns();
      for (int j = from; j < to; j++) {
        float sum = buffer[(j - from) * out + o];
        gradient[row + j] = accumulate ? gradient[row + j] + sum : sum;
      }
    }
  }
}
