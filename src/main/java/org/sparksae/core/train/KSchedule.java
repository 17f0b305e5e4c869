package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;

/**
 * How many units of a k-sparse code are kept in each epoch:
 *
 * <pre>
 * k_p = kStart - (kStart - k) (p - 1) / P   rounded, for the epochs p = 1 .. P, the first half;  then k
 * </pre>
 *
 * <p>Many units in the first epochs let each find something to look for; with few, those that start
 * unlucky are never kept and never learn (Makhzani and Frey 2013, section 4.2.1).
 */
final class KSchedule {
  private final AutoencoderSpec spec;
  private final int kStart;
  private final int epochs;

  /**
   * A schedule.
   *
   * @param kStart units kept in the first epoch; 0 for no schedule
   * @param maxIter epochs of the whole training
   */
  KSchedule(AutoencoderSpec spec, int kStart, int maxIter) {
    this.spec = spec;
    this.kStart = kStart;
    this.epochs = (maxIter + 1) / 2;
  }

  /** The model as it is in an epoch, counted from 1. */
  AutoencoderSpec specAt(int epoch) {
    if (kStart == 0 || epoch > epochs) {
      return spec;
    }
    int k = spec.code().form().unitsKept().orElseThrow();
    return spec.withK((int) Math.round(kStart - (kStart - k) * (double) (epoch - 1) / epochs));
  }

  /** Whether k has come down to where it stays. */
  boolean isOver(int epoch) {
    return kStart == 0 || epoch > epochs;
  }
}
