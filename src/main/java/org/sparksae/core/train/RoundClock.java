package org.sparksae.core.train;

import org.sparksae.core.collective.Collective;

/**
 * Tells all workers after which step a round of theirs has lasted long enough. The clock decides
 * only where the round ends; the training continues from there with the same bits.
 *
 * <p>The workers compare their clocks after the first step and then at most after as many steps
 * again as they have made, earlier if the time is likely to be over. They compute these steps from
 * the same times, so all look after the same step, and a long round looks a few times only.
 *
 * <p>The time counts from the end of the first step, in which workers sort their rows and make
 * their buffers.
 */
final class RoundClock {
  private final double seconds;
  private final Collective collective;
  private long begin;
  private long steps;
  private long nextLook;

  /**
   * A clock for one round.
   *
   * @param seconds how long the round lasts on the slowest worker
   */
  RoundClock(double seconds, Collective collective) {
    this.seconds = seconds;
    this.collective = collective;
  }

  /** Whether the round is over; all workers call this after each step, and get the same answer. */
  boolean isOver() {
    if (steps == 0) {
      begin = System.nanoTime();
    }
    boolean over = steps == nextLook && look();
    steps++;
    return over;
  }

  private boolean look() {
    double[] elapsed = {(System.nanoTime() - begin) / 1e9};
    collective.allReduceMax(elapsed);
    double left = (seconds - elapsed[0]) / elapsed[0] * steps;
    nextLook = steps + Math.max(1, (long) Math.min(left, steps));
    return elapsed[0] >= seconds;
  }
}
