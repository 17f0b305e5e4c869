package org.sparksae.examples.synthetic;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.sparksae.core.Text;

/**
 * Features and how rows are made of them: {@code x = bias + sum over the active features g of a_g
 * f_g}.
 *
 * <p>The features f_g are random unit vectors. Feature g fires with a probability that falls with
 * its number (Zipf), and its magnitude is {@code a_g = max(0, mean_g + deviation_g N(0, 1))}. A row
 * depends on seed and row number alone.
 */
final class World implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Magnitudes of the most and the least frequent feature, as in the benchmark. */
  private static final double FREQUENT = 5;

  private static final double RARE = 4;

  /** The magnitudes' standard deviations are |N(0.5, 0.5)|, as in the benchmark. */
  private static final double DEVIATION = 0.5;

  /** Any odd number keeps the sequences of two seeds apart. */
  private static final long SEEDS = 0xD1342543DE82EF95L;

  private final Settings settings;
  private final double[] drawn;
  private final float[][] features;
  private final float[] bias;
  private final double[] means;
  private final double[] deviations;

  /**
   * What a world is made of.
   *
   * @param features number of features
   * @param dimensions values of a row
   * @param probabilities how often features fire
   * @param biasNorm length of the bias
   */
  record Settings(
      int features,
      int dimensions,
      Probabilities probabilities,
      Hierarchy hierarchy,
      double biasNorm,
      long seed)
      implements Serializable {

    Settings {
      if (features < 2 || dimensions < 1) {
        throw new IllegalArgumentException(
            Text.format(
                "need 2 or more features and 1 or more dimensions, got %d and %d",
                features, dimensions));
      }
      if (hierarchy.size() > features) {
        throw new IllegalArgumentException(
            Text.format(
                "a hierarchy of %d roots, branching %d and depth %d has %d features, but there are %d; take fewer roots or more features",
                hierarchy.roots(),
                hierarchy.branching(),
                hierarchy.depth(),
                hierarchy.size(),
                features));
      }
    }
  }

  /**
   * Zipf's law, moved to a range: {@code least + (most - least) (g^-e - G^-e) / (1 - G^-e)} for
   * feature g of G, from 1.
   *
   * @param most probability of the first feature
   * @param least probability of the last feature
   * @param exponent e
   */
  record Probabilities(double most, double least, double exponent) implements Serializable {

    Probabilities {
      if (!(0 < least && least < most && most <= 1 && exponent > 0)) {
        throw new IllegalArgumentException(
            Text.format(
                "need 0 < least probability < largest probability <= 1 and an exponent above 0, got %s, %s and %s",
                least, most, exponent));
      }
    }

    double[] of(int features) {
      double last = Math.pow(features, -exponent);
      double[] values = new double[features];
      for (int g = 0; g < features; g++) {
        double share = (Math.pow(g + 1, -exponent) - last) / (1 - last);
        values[g] = least + (most - least) * share;
      }
      return values;
    }
  }

  /**
   * A row.
   *
   * @param vector x, [dimensions]
   * @param active the active features, ascending
   */
  record Example(float[] vector, int[] active) {}

  World(Settings settings) {
    this.settings = settings;
    SplittableRandom random = new SplittableRandom(settings.seed());
    int number = settings.features();
    this.drawn = settings.hierarchy().drawn(settings.probabilities().of(number));
    this.features = new float[number][];
    this.means = new double[number];
    this.deviations = new double[number];
    for (int g = 0; g < number; g++) {
      features[g] = direction(random, settings.dimensions(), 1);
      means[g] = FREQUENT + (RARE - FREQUENT) * g / (number - 1);
      deviations[g] = Math.abs(DEVIATION + DEVIATION * random.nextGaussian());
    }
    this.bias = direction(random, settings.dimensions(), settings.biasNorm());
  }

  private static float[] direction(SplittableRandom random, int dimensions, double norm) {
    double[] values = new double[dimensions];
    double squares = 0;
    for (int j = 0; j < dimensions; j++) {
      values[j] = random.nextGaussian();
      squares += values[j] * values[j];
    }
    float[] direction = new float[dimensions];
    for (int j = 0; j < dimensions; j++) {
      direction[j] = (float) (norm * values[j] / Math.sqrt(squares));
    }
    return direction;
  }

  /** The features, [features][dimensions]. */
  float[][] features() {
    return features;
  }

  /** The row with a number, which may be negative. */
  Example row(long number) {
    long start = new SplittableRandom(settings.seed() * SEEDS + number).nextLong();
    SplittableRandom random = new SplittableRandom(start);
    int[] active = active(random);
    float[] x = bias.clone();
    for (int g : active) {
      float magnitude = (float) Math.max(0, means[g] + deviations[g] * random.nextGaussian());
      float[] feature = features[g];
      for (int j = 0; j < x.length; j++) {
        x[j] += magnitude * feature[j];
      }
    }
    return new Example(x, active);
  }

  /** The active features, ascending. */
  private int[] active(SplittableRandom random) {
    Hierarchy hierarchy = settings.hierarchy();
    int[] active = new int[settings.features()];
    int count = draw(random, 0, hierarchy.roots(), active, 0);
    // Children have higher numbers than their parents, so the list grows while it is read.
    for (int at = 0; at < count; at++) {
      if (active[at] < hierarchy.parents()) {
        int first = hierarchy.firstChild(active[at]);
        int end = draw(random, first, first + hierarchy.branching(), active, count);
        if (end > count) {
          active[count] = active[count + random.nextInt(end - count)];
          count++;
        }
      }
    }
    count = draw(random, hierarchy.size(), settings.features(), active, count);
    return Arrays.copyOf(active, count);
  }

  /** Adds the features from {@code from} to {@code to} that fire, each on its own. */
  private int draw(SplittableRandom random, int from, int to, int[] active, int count) {
    int next = count;
    for (int g = from; g < to; g++) {
      if (random.nextDouble() < drawn[g]) {
        active[next++] = g;
      }
    }
    return next;
  }
}
