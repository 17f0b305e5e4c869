package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.HiddenLayer;

/**
 * Counts the rows of a batch in which each unit of a code is active, that is, not 0. A map is
 * active if it is not 0 at some position.
 */
final class FiringCounts {
  private final int units;
  private final int positions;
  private final int rowGrain;
  private final Team team;
  private final int[][] counts;

  /** Allocates the buffers. */
  FiringCounts(HiddenLayer layer, int rowGrain, Team team) {
    this.units = layer.units();
    this.positions = layer.positions();
    this.rowGrain = rowGrain;
    this.team = team;
    this.counts = new int[team.size()][units];
  }

  /**
   * Adds the counts of some rows, and the number of rows. Rows of weight 0 do not count.
   *
   * @param code [n, units positions]
   * @param rowWeights weight of each row, or null for 1
   * @param sums the counts are added to it, [units + 1] from {@code at} on
   */
  void addTo(Rows code, float[] rowWeights, double[] sums, int at) {
    int counted = 0;
    for (int i = 0; i < code.rows(); i++) {
      counted += counts(rowWeights, i) ? 1 : 0;
    }
    sums[at + units] += counted;
    team.split(
        code.rows(),
        rowGrain,
        (member, from, to) -> {
          for (int i = from; i < to; i++) {
            if (!counts(rowWeights, i)) {
              continue;
            }
            if (code instanceof SparseRows sparse) {
              count(sparse, i, counts[member]);
            } else if (positions == 1) {
              count((DenseRows) code, i, counts[member]);
            } else {
              countMaps((DenseRows) code, i, counts[member]);
            }
          }
        });
    for (int[] own : counts) {
      for (int j = 0; j < units; j++) {
        sums[at + j] += own[j];
        own[j] = 0;
      }
    }
  }

  private static boolean counts(float[] rowWeights, int row) {
    return rowWeights == null || rowWeights[row] > 0;
  }

  /** The entries of a unit are adjacent. */
  private void count(SparseRows code, int row, int[] own) {
    int last = -1;
    for (int p = code.start(row); p < code.end(row); p++) {
      int unit = positions == 1 ? code.indices()[p] : code.indices()[p] / positions;
      if (code.values()[p] != 0f && unit != last) {
        own[unit]++;
        last = unit;
      }
    }
  }

  private void count(DenseRows code, int row, int[] own) {
    float[] h = code.values();
    int at = code.rowOffset(row);
    for (int j = 0; j < units; j++) {
      own[j] += h[at + j] == 0f ? 0 : 1;
    }
  }

  private void countMaps(DenseRows code, int row, int[] own) {
    float[] h = code.values();
    int at = code.rowOffset(row);
    for (int j = 0; j < units; j++) {
      int end = at + positions;
      int p = at;
      while (p < end && h[p] == 0f) {
        p++;
      }
      own[j] += p < end ? 1 : 0;
      at = end;
    }
  }
}
