package org.sparksae.bench;

import java.util.SplittableRandom;

/**
 * Rows and initial parameters that both sides get.
 *
 * @param rows row-major rows, [count, columns]
 * @param count number of rows
 * @param columns columns of a row
 */
record BenchData(float[] rows, int count, int columns) {
  private static final long SEED = 20260101;

  /** Uniform rows in [0.1, 0.9), as pixels or patches are scaled. */
  static BenchData uniform(int count, int columns) {
    float[] rows = new float[Math.multiplyExact(count, columns)];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) (0.1 + 0.8 * random.nextDouble());
    }
    return new BenchData(rows, count, columns);
  }

  /**
   * The initial parameters of a case: encoder weight [hidden, inputs], encoder bias, decoder weight
   * [inputs, hidden], decoder bias, one after another, as the product lays them; of a convolution
   * both weights are [filters, channels, kernel, kernel].
   */
  static float[] initialParameters(Case c) {
    float[] parameters = new float[2 * c.weights() + c.codeBiases() + c.outputBiases()];
    SplittableRandom random = new SplittableRandom(SEED + 1);
    double r = Math.sqrt(6.0 / (c.fans() + 1));
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) ((2 * random.nextDouble() - 1) * r);
    }
    return parameters;
  }

  /** A random order of the rows. */
  int[] order(long seed) {
    int[] order = new int[count];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
