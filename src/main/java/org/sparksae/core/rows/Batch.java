package org.sparksae.core.rows;

import java.io.Serializable;

/**
 * The rows of one evaluation, all of them or a mini-batch, the factor that they are multiplied by,
 * and the noise that the encoder then sees them with.
 *
 * @param order order of the rows in the epoch; null for all rows in their natural order
 * @param from first position in the order
 * @param to one past the last position in the order
 * @param noise corrupts the encoder's input; null for none
 * @param scale factor of every value of the rows, above 0; 1 for the rows as they are
 */
public record Batch(RowOrder order, long from, long to, Noise noise, float scale)
    implements Serializable {

  /** All rows, as they are. */
  public static final Batch ALL = new Batch(null, 0, Long.MAX_VALUE, null, 1);

  /**
   * The mini-batch at positions {@code from} (inclusive) to {@code to} (exclusive) of an epoch's
   * order.
   */
  public static Batch of(RowOrder order, long from, long to) {
    return new Batch(order, from, to, null, 1);
  }

  /** The same rows with this noise; null for none. */
  public Batch with(Noise noise) {
    return new Batch(order, from, to, noise, scale);
  }

  /** The same rows times this factor, before any noise. */
  public Batch scaledBy(float factor) {
    return new Batch(order, from, to, noise, factor);
  }

  /** The same rows of a data set of {@code rows} rows: the end of {@link #ALL} becomes finite. */
  Batch within(long rows) {
    return isAll() ? new Batch(null, from, Math.min(to, rows), noise, scale) : this;
  }

  public boolean isAll() {
    return order == null;
  }
}
