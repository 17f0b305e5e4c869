package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;

/**
 * How many units of a k-sparse code are kept in each pass:
 *
 * <pre>
 * k_p = kStart - (kStart - k) (p - 1) / P   rounded, for the passes p = 1 .. P, the first half;  then k
 * </pre>
 *
 * <p>Many units in the first passes let each find something to look for; with few, those that start
 * unlucky are never kept and never learn (Makhzani and Frey 2013, section 4.2.1).
 */
final class KSchedule {
  private final AutoencoderSpec spec;
  private final int kStart;
  private final int passes;

  /**
   * A schedule.
   *
   * @param kStart units kept in the first pass; 0 for no schedule
   * @param maxIter passes of the whole training
   */
  KSchedule(AutoencoderSpec spec, int kStart, int maxIter) {
    this.spec = spec;
    this.kStart = kStart;
    this.passes = (maxIter + 1) / 2;
  }

  /** The model as it is in a pass, counted from 1. */
  AutoencoderSpec specAt(int pass) {
    if (kStart == 0 || pass > passes) {
      return spec;
    }
    int k = spec.topK().k();
    return spec.withK((int) Math.round(kStart - (kStart - k) * (double) (pass - 1) / passes));
  }

  /** Whether k has come down to where it stays. */
  boolean isOver(int pass) {
    return kStart == 0 || pass > passes;
  }
}
