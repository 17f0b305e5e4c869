package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which activations of a batch a unit with lifetime sparsity keeps: by sorting all of them. */
final class ReferenceLifetime {
  /** As much of the weight may be missing for rounding. */
  private static final double ROUNDING = 1e-9;

  private ReferenceLifetime() {}

  /**
   * The rows that win, of one unit's pre-activations z by row.
   *
   * @param weights of the rows
   */
  static boolean[] kept(double share, double[] z, double[] weights) {
    double threshold = threshold(share, z, weights);
    boolean[] kept = new boolean[z.length];
    for (int i = 0; i < z.length; i++) {
      kept[i] = z[i] > 0 && z[i] >= threshold;
    }
    return kept;
  }

  /** From the largest down, until what is kept weighs enough; 0 if all above 0 do not. */
  private static double threshold(double share, double[] z, double[] weights) {
    double wanted = share * ReferenceFunctions.sum(weights) * (1 - ROUNDING);
    double kept = 0;
    for (int i : order(z)) {
      kept += weights[i];
      if (z[i] > 0 && kept >= wanted) {
        return z[i];
      }
    }
    return 0;
  }

  /**
   * How far each row is above or below the middle between the least that wins and the largest that
   * does not: while none changes its sign, the same rows win. None where all that are above 0 do.
   */
  static double[] margins(double share, double[] z, double[] weights) {
    boolean[] kept = kept(share, z, weights);
    List<Integer> order = new ArrayList<>();
    for (int i : order(z)) {
      order.add(i);
    }
    long winners = order.stream().filter(i -> kept[i]).count();
    if (winners == 0 || winners == z.length || z[order.get((int) winners)] <= 0) {
      return new double[0];
    }
    double middle = (z[order.get((int) winners - 1)] + z[order.get((int) winners)]) / 2;
    return Arrays.stream(z).map(value -> value - middle).toArray();
  }

  private static int[] order(double[] z) {
    Integer[] order = new Integer[z.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(z[b], z[a]));
    return Arrays.stream(order).mapToInt(i -> i).toArray();
  }
}
