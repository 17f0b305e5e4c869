package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.DecoderVectors;
import org.sparksae.core.nn.ReferenceAutoencoder;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;

/** Training with decoder vectors of length 1. */
class UnitDecoderTrainingTest {
  private static final int INPUTS = 13;
  private static final int ROWS = 120;
  private static final Team PAIR = new Team(2);

  /** Warm-up, clipping that applies to most steps, and constants that differ from the paper's. */
  private static final TrainingSettings SETTINGS =
      new TrainingSettings(4, 0, 37, 0.01, 5)
          .with(
              new TrainingSettings.Optimizer(
                  0.01, new LearningRate(5, 4), 0.2, new Adam.Settings(0.8, 0.99, 1e-6)));

  @AfterAll
  static void close() {
    PAIR.close();
  }

  /**
   * Against Adam in slow double: the gradient of the objective, weight decay of the decoder
   * included, loses its part along each vector; then it is clipped; after the step, each vector is
   * divided by its length.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.sparksae.core.train.UnitNormTest#models")
  void stepsAreThoseOfTheReference(Cases.Case of) {
    AutoencoderSpec spec = of.spec();
    Cases.Data data = Cases.random(of, ROWS, 1);
    float[] start = InitialParameters.of(spec, 3);
    double[] expected = reference(spec, data, UnitNormTest.doubles(start));
    RowBlock all = Blocks.block(data.rows(), data.weights(), spec.inputSize());
    TrainingResult worked = worked(spec, all, start, PAIR);
    TrainingResult collected = collected(spec, all, start);
    assertTrue(Cases.difference(expected, UnitNormTest.doubles(worked.parameters())) < 1e-4);
    assertTrue(Cases.difference(expected, UnitNormTest.doubles(collected.parameters())) < 1e-4);
    UnitNormTest.assertUnit(spec, worked.parameters());
    UnitNormTest.assertUnit(spec, collected.parameters());
    for (int epoch = 0; epoch < 4; epoch++) {
      ObjectiveTerms left = worked.history().get(epoch).terms();
      ObjectiveTerms right = collected.history().get(epoch).terms();
      assertTrue(Blocks.difference(left.total(), right.total()) < 1e-4);
    }
    TrainingResult free = worked(UnitNormTest.free(spec), all, start, PAIR);
    assertTrue(
        Cases.difference(
                UnitNormTest.doubles(worked.parameters()), UnitNormTest.doubles(free.parameters()))
            > 1e-3);
  }

  /** Adam as in {@link #SETTINGS}, without a line of the product's own steps. */
  private static double[] reference(AutoencoderSpec spec, Cases.Data data, double[] parameters) {
    double[] m = new double[parameters.length];
    double[] v = new double[parameters.length];
    int step = 0;
    for (int epoch = 1; epoch <= 4; epoch++) {
      RowPermutation order = new RowPermutation(ROWS, 5, epoch);
      for (int from = 0; from < ROWS; from += 37) {
        double[] gradient = gradient(spec, data, parameters, order, from);
        DecoderVectors.project(spec, parameters, gradient);
        double norm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
        double clip = Math.min(1, 0.2 / norm);
        step++;
        // 16 steps: the rate rises over 5 and falls over the last 4.
        double rate = 0.01 * Math.min(1, Math.min(step / 5.0, (16 - step + 1) / 4.0));
        for (int i = 0; i < parameters.length; i++) {
          double g = clip * gradient[i];
          m[i] = 0.8 * m[i] + 0.2 * g;
          v[i] = 0.99 * v[i] + 0.01 * g * g;
          double mean = m[i] / (1 - Math.pow(0.8, step));
          double square = v[i] / (1 - Math.pow(0.99, step));
          parameters[i] -= rate * mean / (Math.sqrt(square) + 1e-6);
        }
        DecoderVectors.normalise(spec, parameters);
      }
    }
    return parameters;
  }

  private static double[] gradient(
      AutoencoderSpec spec, Cases.Data data, double[] parameters, RowPermutation order, int from) {
    int count = Math.min(37, ROWS - from);
    double[][] rows = new double[count][];
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      int row = (int) order.rowAt(from + i);
      rows[i] = data.rows()[row];
      weights[i] = data.weights()[row];
    }
    return new ReferenceAutoencoder(spec).evaluate(parameters, rows, weights).gradient();
  }

  private static TrainingResult worked(
      AutoencoderSpec spec, RowBlock all, float[] start, Team team) {
    return worked(spec, all, start, SETTINGS, team);
  }

  private static TrainingResult worked(
      AutoencoderSpec spec, RowBlock all, float[] start, TrainingSettings settings, Team team) {
    WorkerStep steps =
        new WorkerStep(
            new PartitionRows(List.of(all), 0),
            start,
            Adam.State.start(start.length),
            settings.optimizer().adam(),
            Collective.SOLO,
            team);
    return run(spec, steps, all.rows().rows(), settings);
  }

  private static TrainingResult collected(AutoencoderSpec spec, RowBlock all, float[] start) {
    int[][] cut = {{31}, {}, {1, 20}, {68}};
    GradientSource source = new GradientSource(spec, new LocalPartitionSum(Blocks.cut(all, cut)));
    Adam.Settings adam = SETTINGS.optimizer().adam();
    return run(spec, new SourceStep(source, TrainingState.start(start), adam), ROWS, SETTINGS);
  }

  private static TrainingResult run(
      AutoencoderSpec spec, BatchStep steps, long rows, TrainingSettings settings) {
    return new MiniBatchLoop(spec, steps, rows, null, settings, epoch -> {}).run();
  }

  /** A unit without a direction gets one by its gradient; if it has none, it stays 0. */
  @Test
  void aVectorOfZerosIsNoReasonForNaN() {
    Sparsity l1 = new Sparsity(SparsityKind.L1, SparsityScope.UNIT, 0.01, 0);
    AutoencoderSpec spec = Cases.oneLayer(INPUTS, 5, Activation.RELU, l1).with(DecoderNorm.UNIT);
    Cases.Data data = Cases.random(new Cases.Case("", spec, false), ROWS, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
    float[] start = InitialParameters.of(spec, 3);
    List<int[]> vectors = DecoderVectors.indices(spec);
    for (int unit : new int[] {1, 4}) {
      for (int i : vectors.get(unit)) {
        start[i] = 0;
      }
    }
    // Unit 4 is never active, so that nothing moves its vector.
    start[spec.layout().tensor("encoder.0.bias").offset() + 4] = -1e6f;
    float[] first = worked(spec, all, start, Team.SOLO).parameters();
    double[] lengths = DecoderVectors.lengths(spec, first);
    assertArrayEquals(new double[] {1, 1, 1, 1, 0}, lengths, 1.2e-7);
    assertArrayEquals(first, worked(spec, all, start, Team.SOLO).parameters());
  }

  /**
   * L1 counts activations, and a free decoder can halve them at no loss by vectors twice as long:
   * the penalty then says nothing of sparsity. With length 1 it cannot.
   */
  @Test
  void l1CannotBeEscapedByALongerDecoder() {
    Sparsity l1 = new Sparsity(SparsityKind.L1, SparsityScope.UNIT, 0.2, 0);
    AutoencoderSpec unit = Cases.oneLayer(INPUTS, 10, Activation.RELU, l1).with(DecoderNorm.UNIT);
    RowBlock all = Blocks.block(pairsOfFeatures(), ones(), INPUTS);
    float[] start = InitialParameters.of(unit, 3);
    TrainingSettings settings = new TrainingSettings(60, 0, 30, 0.01, 5);
    TrainingResult constrained = worked(unit, all, start, settings, Team.SOLO);
    TrainingResult free = worked(UnitNormTest.free(unit), all, start, settings, Team.SOLO);
    UnitNormTest.assertUnit(unit, constrained.parameters());
    double length = Arrays.stream(DecoderVectors.lengths(unit, free.parameters())).sum() / 10;
    assertTrue(length > 1.3, () -> "mean length " + length);
    double escaped = last(free).get("sparsity1");
    double paid = last(constrained).get("sparsity1");
    assertTrue(escaped < 0.8 * paid, () -> escaped + " against " + paid);
  }

  private static ObjectiveTerms last(TrainingResult result) {
    return result.history().get(result.history().size() - 1).terms();
  }

  private static double[] ones() {
    double[] weights = new double[ROWS];
    Arrays.fill(weights, 1);
    return weights;
  }

  /** Each row is the sum of two of ten directions, one to two times each. */
  private static double[][] pairsOfFeatures() {
    SplittableRandom random = new SplittableRandom(4);
    List<double[]> features = new ArrayList<>();
    for (int f = 0; f < 10; f++) {
      double[] feature = random.doubles(INPUTS, -1, 1).toArray();
      double norm = Math.sqrt(Arrays.stream(feature).map(x -> x * x).sum());
      features.add(Arrays.stream(feature).map(x -> x / norm).toArray());
    }
    double[][] rows = new double[ROWS][INPUTS];
    for (double[] row : rows) {
      for (int n = 0; n < 2; n++) {
        double[] feature = features.get(random.nextInt(10));
        double size = random.nextDouble(1, 2);
        for (int j = 0; j < INPUTS; j++) {
          row[j] += size * feature[j];
        }
      }
    }
    return rows;
  }
}
