package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.TopKSelector;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * Divides the largest latents (hidden units) of each row into the k largest, which are the code,
 * and the others, for Multi-TopK ({@link org.sparksae.core.model.CodeLoss}). Equal latents have the
 * order of a k-sparse code, so the code is the same as without Multi-TopK.
 */
final class RankedCode {
  private final int k;
  private final int most;
  private final int units;
  private final boolean byMagnitude;
  private final boolean positiveOnly;
  private final Team team;
  private final TopKSelector[] selectors;
  private final float[] noBiases;
  private final Part first;
  private final Part next;
  private int rows;

  /** Some entries of each row, the same number everywhere. */
  private record Part(float[] values, int[] indices, int[] starts) {

    static Part of(int entries, int maxRows) {
      int[] starts = new int[maxRows + 1];
      for (int i = 0; i <= maxRows; i++) {
        starts[i] = i * entries;
      }
      int size = Math.multiplyExact(maxRows, entries);
      return new Part(new float[size], new int[size], starts);
    }

    void set(int at, float value, int index) {
      values[at] = value;
      indices[at] = index;
    }

    SparseRows rows(int count, int units) {
      return new SparseRows(values, indices, starts, 0, count, units);
    }
  }

  /**
   * Allocates the buffers.
   *
   * @param most number of the largest latents of a row, k or more
   * @param positiveOnly whether latents at or below 0 are never active
   */
  RankedCode(
      int k,
      int most,
      int units,
      boolean byMagnitude,
      boolean positiveOnly,
      int maxRows,
      Team team) {
    this.k = k;
    this.most = most;
    this.units = units;
    this.byMagnitude = byMagnitude;
    this.positiveOnly = positiveOnly;
    this.team = team;
    this.noBiases = new float[most];
    this.first = Part.of(k, maxRows);
    this.next = Part.of(most - k, maxRows);
    this.selectors = new TopKSelector[team.size()];
    for (int m = 0; m < selectors.length; m++) {
      selectors[m] = new TopKSelector(1, k);
    }
  }

  /**
   * Returns the k largest of each row.
   *
   * @param values the largest latents of each row, [n, most]
   * @param indices their columns, ascending in a row, [n, most]
   */
  SparseRows first(float[] values, int[] indices, int count) {
    rows = count;
    team.split(
        count,
        LayerForward.ROW_GRAIN,
        (member, from, to) -> {
          for (int i = from; i < to; i++) {
            divide(selectors[member], values, indices, i);
          }
        });
    return first.rows(count, units);
  }

  /** Returns the others of the rows that were divided last. */
  SparseRows next() {
    return next.rows(rows, units);
  }

  private void divide(TopKSelector selector, float[] values, int[] indices, int row) {
    int from = row * most;
    int begin = first.starts()[row];
    selector.reset(1, k, byMagnitude, positiveOnly);
    selector.scan(values, from, most, most, noBiases, 0, 0);
    selector.finish(first.indices(), first.values(), begin);
    int chosen = begin;
    int other = next.starts()[row];
    for (int p = 0; p < most; p++) {
      if (chosen < begin + k && first.indices()[chosen] == p) {
        first.set(chosen++, values[from + p], indices[from + p]);
      } else {
        next.set(other++, values[from + p], indices[from + p]);
      }
    }
  }
}
