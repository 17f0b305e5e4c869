package org.sparksae.core.rows;

import java.io.Serializable;
import org.sparksae.core.linalg.SparseRows;

/**
 * A {@link Corruption} with its random numbers, which are a function of seed, epoch, the row's
 * number and the column, and of nothing else: neither of partitions and workers, nor of the form of
 * the rows, nor of what was drawn before.
 *
 * <pre>
 * key = mix(mix(seed ^ salt) + epoch),   row = mix(key + (number + 1) gamma),   bits_j = mix(row + (j + 1) gamma)
 * </pre>
 *
 * <p>which is, for each row, the sequence of {@link java.util.SplittableRandom}: a generator whose
 * j-th number can be had by itself. Normal numbers are drawn from a row's sequence in the order of
 * columns.
 *
 * <p>Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (2014).
 */
public final class Noise implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The epoch number of noise that is the same in every epoch. */
  public static final int FIXED = 0;

  /** Keeps the noise apart from the rows' order, which has the same seed and epoch. */
  private static final long SALT = 0x6E6F697365L;

  /** The bits of the float 1. */
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

  /** Whether a row keeps its zeros, so that sparse rows stay sparse. */
  public boolean keepsZeros() {
    return kind.keepsZeros();
  }

  /** What corrupts rows one after the other; for one thread. */
  public Generator generator() {
    return new Generator();
  }

  /** Corrupts rows one after the other. */
  public final class Generator {
    private final SplitMix random = new SplitMix();

    /**
     * Corrupts a row.
     *
     * @param number of the row among all rows
     * @param values the row, {@code columns} values from {@code offset} on; changed
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
     * Masks a sparse row as {@link #corrupt} does a dense one, leaving out the entries that become
     * 0.
     *
     * @param x has the row as its row {@code i}
     * @param values entries go here, from {@code at} on
     * @param indices and their columns
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

    /** All bits, or none: a branch would be guessed wrong often. */
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
