package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;

/**
 * The positive values of some rows, latent by latent, that may still be the threshold of their
 * latent (a hidden unit, or a map of a convolution). Answers the questions of {@link
 * UnitThresholds}.
 *
 * <p>Each round looks only at the values that the previous round left; after the first digits these
 * are few. Values are stored as their bits, which have the same order.
 */
final class UnitValues {
  /** Number of latents whose values fit one cache line. */
  private static final int UNITS = 16;

  private final int columnsPerUnit;
  private int[] keys = new int[0];
  private float[] weights = new float[0];
  private int[] ends = new int[0];
  private int room;
  private boolean weighted;

  /** Creates an instance for rows in which each latent has this number of adjacent columns. */
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
   * Reads the values of some latents.
   *
   * @param values [n, units columnsPerUnit]
   * @param rowWeights weight of each row, or null for 1
   * @param firstUnit the first latent
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

  /**
   * Stores every value, and the next one overwrites it unless it is positive. A branch on the sign
   * would be mispredicted.
   */
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
   * Adds the weights of the values of some latents by digit, and drops the values without the
   * latent's prefix.
   *
   * @param sums the weights are added to it, [digit.sums()], except the weight of the rows
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
        // Shift in two steps, because a shift by 32 would be a shift by 0.
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
