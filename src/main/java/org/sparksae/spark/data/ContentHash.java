package org.sparksae.spark.data;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.rows.RowBlock;

/**
 * A hash of rows, their order and their weights. It can be computed block by block, wherever the
 * blocks are:
 *
 * <pre>
 * h_i = mix(sum over j of bits(x_ij) K_j + bits(w_i) K_w)      H = sum over i of M^i h_i     mod 2^64
 * </pre>
 *
 * <p>with odd multipliers K and M. Zeros of either sign add nothing, so dense and sparse blocks of
 * equal rows have equal hashes. The hash detects accidental changes, but not deliberate ones.
 */
final class ContentHash {
  /** It is odd, as are all its powers, so multiplying by them loses no bits of a row's hash. */
  private static final long ROW = 0xd1342543de82ef95L;

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private ContentHash() {}

  /** Returns the hash of a block's rows, as if they were the first rows. */
  static long of(RowBlock block) {
    int rows = block.rows().rows();
    int columns = block.rows().columns();
    // Wide sparse rows use few columns, so their multipliers are computed one by one.
    long[] multipliers = block.rows() instanceof DenseRows ? multipliers(columns) : null;
    long hash = 0;
    for (int i = rows - 1; i >= 0; i--) {
      long sum =
          block.rows() instanceof DenseRows dense
              ? sum(dense, i, multipliers)
              : sum((SparseRows) block.rows(), i);
      float weight = block.weights() == null ? 1f : block.weights()[i];
      hash = hash * ROW + mix(sum + bits(weight) * multiplier(columns));
    }
    return hash;
  }

  /**
   * Returns the hash of rows that follow {@code rowsBefore} others, from their hash as first rows.
   */
  static long after(long rowsBefore, long hash) {
    long power = 1;
    long square = ROW;
    for (long left = rowsBefore; left != 0; left >>>= 1) {
      power = (left & 1) == 0 ? power : power * square;
      square *= square;
    }
    return hash * power;
  }

  private static long sum(DenseRows rows, int row, long[] multipliers) {
    float[] values = rows.values();
    int from = rows.rowOffset(row);
    int columns = rows.columns();
    long sum = 0;
    for (int j = 0; j < columns; j++) {
      sum += bits(values[from + j]) * multipliers[j];
    }
    return sum;
  }

  private static long sum(SparseRows rows, int row) {
    float[] values = rows.values();
    int[] indices = rows.indices();
    int end = rows.end(row);
    long sum = 0;
    for (int p = rows.start(row); p < end; p++) {
      sum += bits(values[p]) * multiplier(indices[p]);
    }
    return sum;
  }

  /** Adding 0 turns -0 into 0, and changes nothing else. */
  private static long bits(float value) {
    return Float.floatToRawIntBits(value + 0f);
  }

  private static long multiplier(int column) {
    return mix((column + 1) * GOLDEN) | 1;
  }

  private static long[] multipliers(int count) {
    long[] multipliers = new long[count];
    for (int j = 0; j < count; j++) {
      multipliers[j] = multiplier(j);
    }
    return multipliers;
  }

  /** The finaliser of SplittableRandom (Stafford's variant 13): every bit affects all others. */
  static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
