package org.sparksae.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Measures contenders in turn, round after round, so that what disturbs the machine disturbs all
 * alike, and takes medians.
 *
 * <p>A round in which others took more than {@value #DISTURBED} of the processors is repeated; the
 * least disturbed rounds count.
 *
 * @param count rounds that count
 * @param attempts rounds that are made at most, disturbed ones included
 * @param warmUpSteps steps before the first round: enough for the JIT compiler's last tier
 * @param seconds each contender's time in a round, at least
 */
record Rounds(int count, int attempts, int warmUpSteps, double seconds) {
  /** The share of the processors from which on a round is disturbed. */
  static final double DISTURBED = 0.04;


  /** One round's result: seconds per step of each contender, and the others' share. */
  private record Round(double[] secondsPerStep, double foreign) {}

  /**
   * Medians.
   *
   * @param secondsPerStep of each contender, in their order
   * @param worstForeign the largest share of the processors that others took in a round that counts
   */
  record Medians(double[] secondsPerStep, double worstForeign) {}

  /** Warms all up, then measures. */
  Medians measure(List<? extends Contender> contenders) {
    for (Contender contender : contenders) {
      secondsPerStep(contender, warmUpSteps);
    }
    List<Round> rounds = new ArrayList<>();
    int clean = 0;
    for (int attempt = 0; attempt < attempts && clean < count; attempt++) {
      Round round = round(contenders);
      rounds.add(round);
      clean += round.foreign() <= DISTURBED ? 1 : 0;
    }
    rounds.sort(Comparator.comparingDouble(Round::foreign));
    List<Round> counted = rounds.subList(0, count);
    double[] medians = new double[contenders.size()];
    for (int c = 0; c < medians.length; c++) {
      int index = c;
      medians[c] = median(counted.stream().mapToDouble(r -> r.secondsPerStep()[index]).toArray());
    }
    return new Medians(medians, counted.get(count - 1).foreign());
  }

  private Round round(List<? extends Contender> contenders) {
    ForeignLoad before = ForeignLoad.now();
    double[] seconds = new double[contenders.size()];
    for (int c = 0; c < seconds.length; c++) {
      seconds[c] = secondsPerStep(contenders.get(c), 1);
    }
    return new Round(seconds, ForeignLoad.now().shareSince(before));
  }

  private double secondsPerStep(Contender contender, int atLeast) {
    long start = System.nanoTime();
    int steps = 0;
    double elapsed;
    do {
      contender.step();
      steps++;
      elapsed = (System.nanoTime() - start) / 1e9;
    } while (steps < atLeast || elapsed < seconds);
    return elapsed / steps;
  }

  /** The median of some values. */
  static double median(List<Double> values) {
    return median(values.stream().mapToDouble(value -> value).toArray());
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
