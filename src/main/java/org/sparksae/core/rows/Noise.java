package org.sparksae.core.rows;

import java.io.Serializable;
import org.sparksae.core.linalg.SparseRows;

/**
 * A {@link Corruption} with its random numbers. A number depends only on seed, epoch, row number
 * and column: not on partitions, workers, the form of the rows or earlier draws.
 *
 * <pre>
 * key = mix(mix(seed ^ salt) + epoch),   row = mix(key + (number + 1) gamma),   bits_j = mix(row + (j + 1) gamma)
 * </pre>
 *
 * <p>For each row this is the sequence of {@link java.util.SplittableRandom}, a generator whose
 * j-th number can be computed directly. Normal numbers are drawn from a row's sequence in column
 * order.
 *
 * <p>Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (2014).
 */
public final class Noise implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The epoch number of noise that is the same in every epoch. */
  public static final int FIXED = 0;

  /** Makes the noise independent of the row order, which has the same seed and epoch. */
  private static final long SALT = 0x6E6F697365L;

  /** Bits of the float 1. */
  private static final int ONE = Float.floatToRawIntBits(1f);

  private final CorruptionKind kind;
  private final double deviation;
  private final long replaced;
  private final long pepper;
  private final long key;

  Noise(Corruption corruption, long seed, int epoch) {
    this.kind = corruption.kind();
    this.deviation = corruption.level();
    this.replaced = Math.round(corruption.level() * SplitMix.UNIFORMS);
    this.pepper = replaced / 2;
    this.key = SplitMix.mix(SplitMix.mix(seed ^ SALT) + epoch);
  }

  /** Whether zeros stay 0, so that sparse rows stay sparse. */
  public boolean keepsZeros() {
    return kind.keepsZeros();
  }

  /** Returns a generator for use by one thread. */
  public Generator generator() {
    return new Generator();
  }

  /** Corrupts rows, one at a time. */
  public final class Generator {
    private final SplitMix random = new SplitMix();

    /**
     * Corrupts a row in place.
     *
     * @param number the row's number among all rows
     * @param values holds the row: {@code columns} values from {@code offset} on
     */
    public void corrupt(long number, float[] values, int offset, int columns) {
      random.begin(key, number);
      switch (kind) {
        case MASKING -> mask(values, offset, columns);
        case SALT_AND_PEPPER -> saltAndPepper(values, offset, columns);
        case GAUSSIAN -> addNormal(values, offset, columns);
        case NONE -> {}
      }
    }

    /**
     * Masks a sparse row with the same result as {@link #corrupt}, and leaves out the entries that
     * become 0.
     *
     * @param x the rows, of which row {@code i} is masked
     * @param values receives the entries, from {@code at} on
     * @param indices receives their columns, from {@code at} on
     * @return one past the last entry
     */
    int mask(long number, SparseRows x, int i, float[] values, int[] indices, int at) {
      random.begin(key, number);
      int next = at;
      for (int p = x.start(i); p < x.end(i); p++) {
        values[next] = x.values()[p];
        indices[next] = x.indices()[p];
        next += random.uniform(x.indices()[p]) < replaced ? 0 : 1;
      }
      return next;
    }

    private void mask(float[] values, int offset, int columns) {
      for (int j = 0; j < columns; j++) {
        int masked = ifBelow(random.uniform(j), replaced);
        int bits = Float.floatToRawIntBits(values[offset + j]);
        values[offset + j] = Float.intBitsToFloat(bits & ~masked);
      }
    }

    private void saltAndPepper(float[] values, int offset, int columns) {
      for (int j = 0; j < columns; j++) {
        long uniform = random.uniform(j);
        int changed = ifBelow(uniform, replaced);
        int salt = ONE & changed & ~ifBelow(uniform, pepper);
        int bits = Float.floatToRawIntBits(values[offset + j]);
        values[offset + j] = Float.intBitsToFloat(bits & ~changed | salt);
      }
    }

    /** All bits set if below, otherwise none. A branch would often be mispredicted. */
    private static int ifBelow(long uniform, long bound) {
      return (int) (uniform - bound >> Long.SIZE - 1);
    }

    private void addNormal(float[] values, int offset, int columns) {
      for (int j = 0; j < columns; j++) {
        values[offset + j] += (float) (deviation * random.nextGaussian());
      }
    }
  }
}
