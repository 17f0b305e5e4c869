package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;

/**
 * The activations of a code that reach their unit's threshold; the others are 0. NaN stays, so that
 * it is seen.
 */
final class Winners {
  private final boolean sparse;
  private final Team team;
  private final int[] starts;
  private float[] values = new float[0];
  private int[] indices = new int[0];

  /**
   * For codes of at most {@code maxRows} rows.
   *
   * @param sparse whether to keep the winners alone
   */
  Winners(boolean sparse, int maxRows, Team team) {
    this.sparse = sparse;
    this.team = team;
    this.starts = new int[sparse ? maxRows + 1 : 0];
  }

  /**
   * The code with its winners alone; valid until the next call.
   *
   * @param code activations, [n, units]; changed
   * @param thresholds [units], each above 0
   */
  Rows keep(DenseRows code, float[] thresholds) {
    if (sparse) {
      return entries(code, thresholds);
    }
    team.split(
        code.rows(),
        Autoencoder.ROW_GRAIN,
        (member, from, to) -> dropOthers(code.slice(from, to), 1, thresholds));
    return code;
  }

  /**
   * Makes all 0 that are below their unit's threshold.
   *
   * @param code [n, units columnsPerUnit], a unit's columns side by side
   */
  static void dropOthers(DenseRows code, int columnsPerUnit, float[] thresholds) {
    float[] values = code.values();
    int at = code.offset();
    for (int i = 0; i < code.rows(); i++) {
      for (float threshold : thresholds) {
        for (int end = at + columnsPerUnit; at < end; at++) {
          if (values[at] < threshold) {
            values[at] = 0f;
          }
        }
      }
    }
  }

  private SparseRows entries(DenseRows code, float[] thresholds) {
    team.split(
        code.rows(),
        Autoencoder.ROW_GRAIN,
        (member, from, to) -> {
          for (int i = from; i < to; i++) {
            starts[i + 1] = count(code, i, thresholds);
          }
        });
    for (int i = 0; i < code.rows(); i++) {
      starts[i + 1] += starts[i];
    }
    reserve(starts[code.rows()]);
    team.split(
        code.rows(),
        Autoencoder.ROW_GRAIN,
        (member, from, to) -> {
          for (int i = from; i < to; i++) {
            copy(code, i, thresholds);
          }
        });
    return new SparseRows(values, indices, starts, 0, code.rows(), code.columns());
  }

  /** Some more than asked for: the next batch's are rarely just as many. */
  private void reserve(int entries) {
    if (values.length < entries) {
      values = new float[entries + entries / 4];
      indices = new int[values.length];
    }
  }

  private static int count(DenseRows code, int row, float[] thresholds) {
    float[] h = code.values();
    int at = code.rowOffset(row);
    int count = 0;
    for (int j = 0; j < thresholds.length; j++) {
      count += h[at + j] < thresholds[j] ? 0 : 1;
    }
    return count;
  }

  private void copy(DenseRows code, int row, float[] thresholds) {
    float[] h = code.values();
    int at = code.rowOffset(row);
    int entry = starts[row];
    for (int j = 0; j < thresholds.length; j++) {
      if (!(h[at + j] < thresholds[j])) {
        values[entry] = h[at + j];
        indices[entry++] = j;
      }
    }
  }
}
