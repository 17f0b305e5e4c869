package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.TopK;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.stats.CodeStatistics;

/** What a k-sparse model's objective and gradient are, beyond being the reference's. */
class KSparseGradientTest {
  private static final int INPUTS = 13;
  private static final int UNITS = 29;

  /** The same model, keeping all units in a layer like any other. */
  private static AutoencoderSpec plain(AutoencoderSpec spec) {
    List<HiddenLayer> layers = new ArrayList<>(spec.hiddenLayers());
    HiddenLayer code = layers.remove(layers.size() - 1);
    layers.add(new HiddenLayer(code.size(), code.activation(), code.sparsity()));
    return new AutoencoderSpec(
        spec.inputSize(), layers, spec.outputActivation(), spec.tiedWeights(), spec.regParam());
  }

  static Stream<Cases.Case> allUnitsKept() {
    return KSparseCases.pairs(INPUTS, UNITS, UNITS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("allUnitsKept")
  void keepingAllUnitsIsThePlainModel(Cases.Case of) {
    Cases.Data data = Cases.data(of, 37, 1e-5);
    RowBlock rows = Blocks.block(data.rows(), data.weights(), INPUTS);
    float[] parameters = Cases.floats(data.parameters());
    Cases.Case plain = new Cases.Case("", plain(of.spec()), of.weighted());
    PartitionSum one = Blocks.onePartition(rows);
    Evaluation all = Blocks.evaluate(of, parameters, one, Batch.ALL);
    Evaluation other = Blocks.evaluate(plain, moved(of, plain, parameters), one, Batch.ALL);
    double[] gradient = moved(plain, of, other.gradient());
    Evaluation back =
        new Evaluation(
            other.terms(),
            gradient,
            other.rows(),
            other.weight(),
            other.firings(),
            null,
            new double[0]);
    Blocks.assertEqual(back, all, 1e-6);
  }

  private static float[] moved(Cases.Case from, Cases.Case to, float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return Cases.floats(moved(from, to, wide));
  }

  /** Parameters laid out for another model: what has another shape is the transpose. */
  private static double[] moved(Cases.Case from, Cases.Case to, double[] values) {
    double[] moved = new double[values.length];
    List<Tensor> tensors = to.spec().layout().tensors();
    for (int t = 0; t < tensors.size(); t++) {
      Tensor source = from.spec().layout().tensors().get(t);
      Tensor target = tensors.get(t);
      assertEquals(source.name(), target.name());
      boolean transposed = source.rows() != target.rows();
      for (int i = 0; i < target.rows(); i++) {
        for (int j = 0; j < Math.max(1, target.columns()); j++) {
          int at = transposed ? j * source.columns() + i : i * Math.max(1, source.columns()) + j;
          int place = target.offset() + i * Math.max(1, target.columns()) + j;
          moved[place] = values[source.offset() + at];
        }
      }
    }
    return moved;
  }

  /** Units that no row keeps have no gradient but the weight decay's. */
  @Test
  void unitsThatAreNeverKeptDoNotMove() {
    AutoencoderSpec spec = KSparseCases.oneLayer(INPUTS, KSparseCases.codes(UNITS, 2).get(0));
    Cases.Case of = new Cases.Case("", spec, false);
    Cases.Data data = Cases.random(of, 20, 1);
    float[] parameters = Cases.floats(data.parameters());
    Tensor bias = spec.layout().tensors().get(1);
    // A bias of -100 outweighs 13 inputs below 1 with weights below 1.5.
    parameters[bias.offset() + 7] = -100;
    PartitionSum rows = Blocks.onePartition(Blocks.block(data.rows(), data.weights(), INPUTS));
    double[] gradient = Blocks.evaluate(of, parameters, rows, Batch.ALL).gradient();
    assertEquals(0, gradient[bias.offset() + 7]);
    for (int j = 0; j < INPUTS; j++) {
      assertEquals(0, gradient[7 * INPUTS + j]);
      assertEquals(0, gradient[spec.layout().tensors().get(2).offset() + 7 * INPUTS + j]);
    }
  }

  /** Of equal rows each counts, with the same units. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void duplicatedRowsAreOneRow(int k) {
    for (Cases.Case of : KSparseCases.few(INPUTS, UNITS, k).toList()) {
      Cases.Data data = Cases.data(of, 1, 1e-4);
      double[] row = data.rows()[0];
      double[][] rows = {row, row, row, row, row};
      float[] parameters = Cases.floats(data.parameters());
      RowBlock one = Blocks.block(data.rows(), data.weights(), INPUTS);
      RowBlock five = Blocks.block(rows, new double[] {1, 1, 1, 1, 1}, INPUTS);
      Evaluation expected = Blocks.evaluate(of, parameters, Blocks.onePartition(one), Batch.ALL);
      Evaluation actual = Blocks.evaluate(of, parameters, Blocks.onePartition(five), Batch.ALL);
      assertTrue(Cases.difference(expected.gradient(), actual.gradient()) < 1e-6);
      assertEquals(1, actual.terms().total() / expected.terms().total(), 1e-6);
    }
  }

  @Test
  void statisticsByHand() {
    // W = (1, -2), b = 0, V = (1, 0) by units, c = 0: of 3 the second unit is kept, of -3 the first
    HiddenLayer code =
        new HiddenLayer(2, Activation.RELU, Sparsity.NONE, new TopK(1, TopK.By.VALUE));
    AutoencoderSpec spec = KSparseCases.oneLayer(1, code);
    float[] parameters = {1, -2, 0, 0, 1, 0, 0};
    // z(3) = (3, -6), h = (3, 0), x_hat = 3;  z(-1) = (-1, 2), h = (0, 2), x_hat = 0;  z(0) = 0, h
    // = 0
    RowBlock rows = new RowBlock(DenseRows.of(new float[] {3, -1, 0}, 3, 1), new float[] {1, 2, 1});
    CodeStatistics statistics = CodeStatistics.of(spec, parameters, Blocks.onePartition(rows), 0);
    // (1 * 1 + 2 * 1 + 1 * 0) / 4
    assertEquals(0.75, statistics.l0());
    assertArrayEquals(new int[0], statistics.deadUnits());
    assertArrayEquals(new double[] {0.75, 1}, statistics.meanActivations().get(0));
    // (1 * 0 + 2 * 1 + 1 * 0) / 4
    assertEquals(0.5, statistics.meanSquaredError());
    // sum w x^2 = 9 + 2 = 11, (sum w x)^2 / 4 = (3 - 2)^2 / 4: 1 - 2 / 10.75
    assertEquals(1 - 2 / 10.75, statistics.explainedVariance(), 1e-12);
    // A code below the threshold is none.
    CodeStatistics above = CodeStatistics.of(spec, parameters, Blocks.onePartition(rows), 2.5);
    assertArrayEquals(new int[] {1}, above.deadUnits());
  }
}
