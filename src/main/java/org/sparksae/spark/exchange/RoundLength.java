package org.sparksae.spark.exchange;

/**
 * How long the rounds of a training last: 30 seconds, or 20 times as long as it takes to begin and
 * end one, up to 10 minutes. Large models, whose state takes long to travel, thus lose at most a
 * twentieth of their time to it, or what remains of it at 10 minutes.
 */
final class RoundLength {
  private static final double SHORTEST_S = 30;
  private static final double LONGEST_S = 600;
  private static final double TIMES = 20;

  private double seconds = SHORTEST_S;

  /** Seconds of steps in the next round. */
  double seconds() {
    return seconds;
  }

  /**
   * Takes note of a round.
   *
   * @param asked seconds after which the steps were to end
   * @param whole seconds from its beginning to its end on the driver; less than {@code asked} if it
   *     ended for another reason, which tells nothing
   */
  void lasted(double asked, double whole) {
    if (whole > asked) {
      seconds = Math.min(LONGEST_S, Math.max(SHORTEST_S, TIMES * (whole - asked)));
    }
  }
}
