package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;

/**
 * The values above 0 of some rows, unit by unit, that may still be their unit's threshold: what a
 * search by {@link UnitThresholds} asks of them.
 *
 * <p>Each round looks at those alone that the round before has left, which after the first digits
 * are few. They are kept as their bits, which are ordered as they are.
 */
final class UnitValues {
  /** Units whose values lie in one line of the cache. */
  private static final int UNITS = 16;

  private final int columnsPerUnit;
  private int[] keys = new int[0];
  private float[] weights = new float[0];
  private int[] ends = new int[0];
  private int room;
  private boolean weighted;

  /** For rows in which each unit has this number of columns, side by side. */
  UnitValues(int columnsPerUnit) {
    this.columnsPerUnit = columnsPerUnit;
  }

  /** Makes room for {@link #read}. */
  void prepare(DenseRows values, float[] rowWeights) {
    int units = values.columns() / columnsPerUnit;
    room = values.rows() * columnsPerUnit;
    weighted = rowWeights != null;
    if (keys.length < units * room) {
      keys = new int[units * room];
    }
    if (weighted && weights.length < keys.length) {
      weights = new float[keys.length];
    }
    if (ends.length < units) {
      ends = new int[units];
    }
  }

  /**
   * Takes the values of some units.
   *
   * @param values [n, units columnsPerUnit]
   * @param rowWeights weight of each row, or null for 1
   * @param firstUnit first of the units
   * @param lastUnit one past the last
   */
  void read(DenseRows values, float[] rowWeights, int firstUnit, int lastUnit) {
    for (int unit = firstUnit; unit < lastUnit; unit++) {
      ends[unit] = unit * room;
    }
    for (int unit = firstUnit; unit < lastUnit; unit += UNITS) {
      readBlock(values, rowWeights, unit, Math.min(unit + UNITS, lastUnit));
    }
  }

  /** Every value is written, and only those above 0 stay: their sign is not to be guessed. */
  private void readBlock(DenseRows rows, float[] rowWeights, int firstUnit, int lastUnit) {
    float[] values = rows.values();
    for (int i = 0; i < rows.rows(); i++) {
      int at = rows.rowOffset(i) + firstUnit * columnsPerUnit;
      for (int unit = firstUnit; unit < lastUnit; unit++) {
        int end = ends[unit];
        for (int last = at + columnsPerUnit; at < last; at++) {
          int key = Float.floatToRawIntBits(values[at]);
          keys[end] = key;
          if (weighted) {
            weights[end] = rowWeights[i];
          }
          end += key > 0 ? 1 : 0;
        }
        ends[unit] = end;
      }
    }
  }

  /**
   * Adds what the values of some units weigh, by digit, and forgets those that have not the unit's
   * prefix.
   *
   * @param sums added to, [digit.sums()], but for the weight of the rows
   */
  void addTo(UnitThresholds.Digit digit, double[] sums, int firstUnit, int lastUnit) {
    int shift = digit.shift();
    int bits = digit.bits();
    int mask = (1 << bits) - 1;
    for (int unit = firstUnit; unit < lastUnit; unit++) {
      int prefix = digit.prefixes()[unit];
      int sum = 1 + (unit << bits);
      int kept = unit * room;
      for (int p = kept; p < ends[unit]; p++) {
        int key = keys[p];
        // In two steps, as a shift by 32 would be one by 0.
        if (key >>> shift >>> bits == prefix) {
          keys[kept] = key;
          double weight = 1;
          if (weighted) {
            weights[kept] = weights[p];
            weight = weights[p];
          }
          kept++;
          sums[sum + (key >>> shift & mask)] += weight;
        }
      }
      ends[unit] = kept;
    }
  }
}
