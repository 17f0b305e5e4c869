package org.sparksae.core.rows;

import java.io.Serializable;

/**
 * The rows that one evaluation is about: all of them, or a mini-batch; and how the encoder sees
 * them.
 *
 * @param order order of the epoch; null for all rows in their natural order
 * @param from first position in the order
 * @param to one past the last position in the order
 * @param noise what the encoder's input is corrupted by; null for nothing
 */
public record Batch(RowPermutation order, long from, long to, Noise noise) implements Serializable {

  /** Every row, as it is. */
  public static final Batch ALL = new Batch(null, 0, Long.MAX_VALUE, null);

  /**
   * The mini-batch at positions {@code from} (inclusive) to {@code to} (exclusive) of an epoch's
   * order.
   */
  public static Batch of(RowPermutation order, long from, long to) {
    return new Batch(order, from, to, null);
  }

  /** The same rows, corrupted; null for as they are. */
  public Batch with(Noise noise) {
    return new Batch(order, from, to, noise);
  }

  /** The same rows, of {@code rows} in all, with an end that can be counted to. */
  Batch within(long rows) {
    return isAll() ? new Batch(null, from, Math.min(to, rows), noise) : this;
  }

  public boolean isAll() {
    return order == null;
  }
}
