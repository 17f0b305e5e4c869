package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * Keeps the activations of a code that reach the threshold of their latent (a hidden unit, or a map
 * of a convolution). The others become 0. NaN is kept, so that it shows.
 */
final class Winners {
  private final boolean sparse;
  private final int positions;
  private final Team team;
  private final int[] starts;
  private float[] values = new float[0];
  private int[] indices = new int[0];

  /**
   * Creates an instance for codes of at most {@code maxRows} rows.
   *
   * @param sparse whether to return the winners as sparse rows
   * @param positions adjacent values of a latent in a row
   */
  Winners(boolean sparse, int positions, int maxRows, Team team) {
    this.sparse = sparse;
    this.positions = positions;
    this.team = team;
    this.starts = new int[sparse ? maxRows + 1 : 0];
  }

  /**
   * Returns the code with only its winners; valid until the next call.
   *
   * @param code activations, [n, units positions]; changed if both it and the result are dense
   * @param thresholds [units], each above 0
   */
  Rows keep(Rows code, float[] thresholds) {
    if (code instanceof SparseRows few) {
      return entries(few, thresholds);
    }
    return keep((DenseRows) code, thresholds);
  }

  private Rows keep(DenseRows code, float[] thresholds) {
    if (sparse) {
      return entries(code, thresholds);
    }
    team.split(
        code.rows(),
        LayerForward.ROW_GRAIN,
        (member, from, to) -> dropOthers(code.slice(from, to), positions, thresholds));
    return code;
  }

  /**
   * Sets all values below the threshold of their latent to 0.
   *
   * @param code [n, units columnsPerUnit], with the columns of a latent adjacent
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

  /**
   * Returns the values of each latent, of which a row has at most one, as dense rows: [n, units], 0
   * where there is none.
   */
  static DenseRows byUnit(SparseRows code, int positions) {
    DenseRows values = DenseRows.zeros(code.rows(), code.columns() / positions);
    for (int i = 0; i < code.rows(); i++) {
      for (int p = code.start(i); p < code.end(i); p++) {
        values.values()[values.rowOffset(i) + code.indices()[p] / positions] = code.values()[p];
      }
    }
    return values;
  }

  private SparseRows entries(SparseRows code, float[] thresholds) {
    reserve(code.entries());
    int count = 0;
    for (int i = 0; i < code.rows(); i++) {
      for (int p = code.start(i); p < code.end(i); p++) {
        if (!(code.values()[p] < thresholds[code.indices()[p] / positions])) {
          values[count] = code.values()[p];
          indices[count++] = code.indices()[p];
        }
      }
      starts[i + 1] = count;
    }
    return new SparseRows(values, indices, starts, 0, code.rows(), code.columns());
  }

  private SparseRows entries(DenseRows code, float[] thresholds) {
    team.split(
        code.rows(),
        LayerForward.ROW_GRAIN,
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
        LayerForward.ROW_GRAIN,
        (member, from, to) -> {
          for (int i = from; i < to; i++) {
            copy(code, i, thresholds);
          }
        });
    return new SparseRows(values, indices, starts, 0, code.rows(), code.columns());
  }

  /**
   * Makes room for the entries and a quarter more, since the next batch rarely has the same number.
   */
  private void reserve(int entries) {
    if (values.length < entries) {
      values = new float[entries + entries / 4];
      indices = new int[values.length];
    }
  }

  private int count(DenseRows code, int row, float[] thresholds) {
    float[] h = code.values();
    int at = code.rowOffset(row);
    int count = 0;
    for (float threshold : thresholds) {
      for (int end = at + positions; at < end; at++) {
        count += h[at] < threshold ? 0 : 1;
      }
    }
    return count;
  }

  private void copy(DenseRows code, int row, float[] thresholds) {
    float[] h = code.values();
    int first = code.rowOffset(row);
    int at = first;
    int entry = starts[row];
    for (float threshold : thresholds) {
      for (int end = at + positions; at < end; at++) {
        if (!(h[at] < threshold)) {
          values[entry] = h[at];
          indices[entry++] = at - first;
        }
      }
    }
  }
}
