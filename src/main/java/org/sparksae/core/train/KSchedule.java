package org.sparksae.core.train;

import java.util.OptionalInt;
import org.sparksae.core.model.AutoencoderSpec;

/**
 * The number of units of a k-sparse code that are kept in each epoch or each step:
 *
 * <pre>
 * k_p = kStart - (kStart - k) (p - 1) / P   rounded, in the epochs or steps p = 1 .. P of the first half;  k after that
 * </pre>
 *
 * <p>If many units are kept at first, each can learn a feature. With few, units with unlucky
 * initial weights are never kept and never learn (Makhzani and Frey 2013, section 4.2.1).
 */
public final class KSchedule {
  private final AutoencoderSpec spec;
  private final int kStart;
  private final long half;
  private AutoencoderSpec present;

  /**
   * A schedule.
   *
   * @param kStart units kept at first; 0 for no schedule
   * @param length number of epochs or steps of the whole training
   */
  public KSchedule(AutoencoderSpec spec, int kStart, long length) {
    this.spec = spec;
    this.kStart = kStart;
    this.half = (length + 1) / 2;
    this.present = spec;
  }

  /** Returns the model with the k of an epoch or step, counted from 1. */
  AutoencoderSpec specAt(long place) {
    if (isOver(place)) {
      return spec;
    }
    int k = falling(place);
    if (k(present) != k) {
      present = spec.withK(k);
    }
    return present;
  }

  /** Returns the k of an epoch or step, counted from 1; empty once it is that of the model. */
  public OptionalInt kAt(long place) {
    return isOver(place) ? OptionalInt.empty() : OptionalInt.of(falling(place));
  }

  private int falling(long place) {
    return (int) Math.round(kStart - (kStart - k(spec)) * (double) (place - 1) / half);
  }

  private static int k(AutoencoderSpec of) {
    return of.code().form().unitsKept().orElseThrow();
  }

  /** Whether k has reached its final value in an epoch or step. */
  boolean isOver(long place) {
    return kStart == 0 || place > half;
  }
}
