package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;

/**
 * The number of units of a k-sparse code that are kept in each epoch:
 *
 * <pre>
 * k_p = kStart - (kStart - k) (p - 1) / P   rounded, in the epochs p = 1 .. P of the first half;  k after that
 * </pre>
 *
 * <p>If many units are kept in the first epochs, each can learn a feature. With few, units with
 * unlucky initial weights are never kept and never learn (Makhzani and Frey 2013, section 4.2.1).
 */
final class KSchedule {
  private final AutoencoderSpec spec;
  private final int kStart;
  private final int epochs;

  /**
   * A schedule.
   *
   * @param kStart units kept in the first epoch; 0 for no schedule
   * @param maxIter number of epochs of the whole training
   */
  KSchedule(AutoencoderSpec spec, int kStart, int maxIter) {
    this.spec = spec;
    this.kStart = kStart;
    this.epochs = (maxIter + 1) / 2;
  }

  /** Returns the model with the k of an epoch, counted from 1. */
  AutoencoderSpec specAt(int epoch) {
    if (kStart == 0 || epoch > epochs) {
      return spec;
    }
    int k = spec.code().form().unitsKept().orElseThrow();
    return spec.withK((int) Math.round(kStart - (kStart - k) * (double) (epoch - 1) / epochs));
  }

  /** Whether k has reached its final value. */
  boolean isOver(int epoch) {
    return kStart == 0 || epoch > epochs;
  }
}
