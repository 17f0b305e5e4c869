package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;

/** Models, data and distances that the tests of the objective share. */
public final class Cases {
  private static final double REG_PARAM = 0.01;
  private static final double SMALLEST_GRADIENT = 1e-4;

  private Cases() {}

  /**
   * A model, and whether its rows are weighted.
   *
   * @param name readable name, such as {@code relu l1 unit 7-5-3 tied}
   */
  public record Case(String name, AutoencoderSpec spec, boolean weighted) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Parameters, rows [n][d] and row weights [n]; all are floats, widened. Rows of a transcoder hold
   * its input and its target.
   */
  public record Data(double[] parameters, double[][] rows, double[] weights) {}

  /**
   * Every valid activation x sparsity x scope x tied x output x weighted, with one and with all of
   * the layers; penalties without a target have no scope.
   */
  public static Stream<Case> grid(int inputSize, int... sizes) {
    List<Case> cases = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      for (Sparsity sparsity : penalties()) {
        for (int options = 0; isValid(activation, sparsity.kind()) && options < 8; options++) {
          int[] one = {sizes[0]};
          cases.add(oneOf(inputSize, one, activation, sparsity, options));
          cases.add(oneOf(inputSize, sizes, activation, sparsity, options));
        }
      }
    }
    cases.addAll(mixed(inputSize));
    return cases.stream();
  }

  /**
   * Half of some cases that come in pairs, of plain and of weighted rows: one of each pair, by
   * turns.
   */
  public static Stream<Case> weightedByTurns(Stream<Case> pairs) {
    List<Case> all = pairs.toList();
    return IntStream.range(0, all.size()).filter(i -> (i + 1) % 4 >= 2).mapToObj(all::get);
  }

  /**
   * Every penalty of values, of every scope, at a weight and a target that all activations allow;
   * with and without its kink, if it has one.
   */
  public static List<Sparsity> penalties() {
    List<Sparsity> penalties = new ArrayList<>();
    for (SparsityKind kind : SparsityKind.values()) {
      if (kind.isOfThresholds()) {
        continue;
      }
      penalties.add(sparsity(kind, SparsityScope.UNIT));
      if (kind.hasTarget()) {
        penalties.add(sparsity(kind, SparsityScope.EXAMPLE));
      }
    }
    // Wide enough for finite differences to see a smooth function.
    penalties.add(new Sparsity(SparsityKind.TARGET_L1, SparsityScope.UNIT, 0.7, 0.2, 0.1));
    penalties.add(new Sparsity(SparsityKind.TARGET_L1, SparsityScope.EXAMPLE, 0.7, 0.2, 0.1));
    return penalties;
  }

  /** Whether the pair is allowed at all: the divergence is one of probabilities. */
  public static boolean isValid(Activation activation, SparsityKind kind) {
    return kind != SparsityKind.KL || activation == Activation.SIGMOID;
  }

  private static Case oneOf(
      int inputSize, int[] sizes, Activation activation, Sparsity sparsity, int options) {
    boolean tied = (options & 1) != 0;
    boolean weighted = (options & 2) != 0;
    Activation output = (options & 4) != 0 ? Activation.SIGMOID : Activation.LINEAR;
    List<HiddenLayer> layers =
        Arrays.stream(sizes).mapToObj(size -> new HiddenLayer(size, activation, sparsity)).toList();
    String name =
        "%s %s %s %d layer(s) %s, %s output, %s rows"
            .formatted(
                activation.paramName(),
                sparsity.kind().paramName() + (sparsity.rounding() > 0 ? " rounded" : ""),
                sparsity.scope().paramName(),
                sizes.length,
                tied ? "tied" : "untied",
                output.paramName(),
                weighted ? "weighted" : "plain");
    return new Case(
        name, new AutoencoderSpec(inputSize, layers, output, tied, REG_PARAM), weighted);
  }

  /** Layers that differ in everything, and a code wider than the input. */
  private static List<Case> mixed(int inputSize) {
    List<HiddenLayer> layers =
        List.of(
            new HiddenLayer(
                inputSize + 4,
                Activation.SIGMOID,
                new Sparsity(SparsityKind.KL, SparsityScope.UNIT, 0.3, 0.15)),
            new HiddenLayer(3, Activation.TANH, sparsity(SparsityKind.L1, SparsityScope.UNIT)),
            new HiddenLayer(
                6,
                Activation.LINEAR,
                new Sparsity(SparsityKind.TARGET_L2, SparsityScope.UNIT, 0.2, -0.4)));
    return List.of(
        new Case(
            "mixed layers, untied, plain rows",
            new AutoencoderSpec(inputSize, layers, Activation.LINEAR, false, REG_PARAM),
            false),
        new Case(
            "mixed layers, tied, weighted rows, no weight decay",
            new AutoencoderSpec(inputSize, layers, Activation.SIGMOID, true, 0),
            true),
        new Case(
            "mixed layers, untied, tanh output, weighted rows",
            new AutoencoderSpec(inputSize, layers, Activation.TANH, false, REG_PARAM),
            true),
        new Case(
            "mixed layers, tied, relu output, plain rows",
            new AutoencoderSpec(inputSize, layers, Activation.RELU, true, REG_PARAM),
            false));
  }

  /** The penalty of a kind at a weight and a target that all activations allow. */
  public static Sparsity sparsity(SparsityKind kind, SparsityScope scope) {
    return new Sparsity(kind, scope, 0.7, 0.2);
  }

  /** A one-layer model. */
  public static AutoencoderSpec oneLayer(
      int inputSize, int size, Activation activation, Sparsity sparsity) {
    return new AutoencoderSpec(
        inputSize,
        List.of(new HiddenLayer(size, activation, sparsity)),
        Activation.LINEAR,
        false,
        REG_PARAM);
  }

  /**
   * The first seed's data at which every kink is farther than {@code kinkDistance}, because nearer
   * ones would make finite differences, and the sign of a float, meaningless; and at which the
   * gradient of no tensor vanishes, because relative differences to nothing are meaningless too.
   */
  public static Data data(Case of, int rows, double kinkDistance) {
    ReferenceAutoencoder reference = new ReferenceAutoencoder(of.spec);
    for (long seed = 1; seed <= 10_000; seed++) {
      Data data = random(of, rows, seed);
      double[] kinks = reference.kinks(data.parameters, data.rows, data.weights);
      if (Arrays.stream(kinks).allMatch(kink -> Math.abs(kink) > kinkDistance)
          && smallestTensor(of, reference, data) > SMALLEST_GRADIENT) {
        return data;
      }
    }
    throw new IllegalStateException("no data of '%s' keeps off the kinks".formatted(of));
  }

  private static double smallestTensor(Case of, ReferenceAutoencoder reference, Data data) {
    double[] gradient = reference.evaluate(data.parameters, data.rows, data.weights).gradient();
    double smallest = Double.POSITIVE_INFINITY;
    for (Tensor tensor : of.spec.layout().tensors()) {
      double squares = 0;
      for (int p = tensor.offset(); p < tensor.offset() + tensor.size(); p++) {
        squares += gradient[p] * gradient[p];
      }
      smallest = Math.min(smallest, Math.sqrt(squares));
    }
    return smallest;
  }

  /**
   * Random data of a case: rows in (-1, 1), weights in (0.25, 3), and parameters in (-1.5, 1.5), so
   * that gradients do not vanish on their way through six sigmoid layers.
   */
  public static Data random(Case of, int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] parameters = uniform(random, of.spec.layout().size(), -1.5, 1.5);
    double[][] x = new double[rows][];
    double[] weights = new double[rows];
    for (int i = 0; i < rows; i++) {
      x[i] = uniform(random, of.spec.cut() + of.spec.outputSize(), -1, 1);
      weights[i] = of.weighted ? (float) random.nextDouble(0.25, 3) : 1;
    }
    return new Data(parameters, x, weights);
  }

  private static double[] uniform(SplittableRandom random, int length, double from, double to) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(from, to);
    }
    return values;
  }

  /** Narrows to float. */
  public static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /**
   * {@code |a - b| / (|a| + |b|)} over one tensor's part of two flat gradients; 0 if both are 0.
   */
  public static double difference(double[] a, double[] b, Tensor tensor) {
    return difference(a, b, tensor.offset(), tensor.offset() + tensor.size());
  }

  /** {@code |a - b| / (|a| + |b|)}; 0 if both are 0. */
  public static double difference(double[] a, double[] b) {
    return difference(a, b, 0, a.length);
  }

  private static double difference(double[] a, double[] b, int from, int to) {
    double difference = 0;
    double left = 0;
    double right = 0;
    for (int i = from; i < to; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      left += a[i] * a[i];
      right += b[i] * b[i];
    }
    return difference == 0 ? 0 : Math.sqrt(difference) / (Math.sqrt(left) + Math.sqrt(right));
  }

  /** A readable name of a penalty, such as {@code kl of unit}. */
  public static String describe(Sparsity sparsity) {
    return "%s of %s".formatted(sparsity.kind().paramName(), sparsity.scope().paramName());
  }
}
