package org.sparksae.core.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.Precision;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.nn.layer.LayerForward;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.SplitRows;

/** How many threads there are is not to be seen in the gradient, beyond rounding. */
class AutoencoderTeamTest {
  private static final int INPUTS = 13;
  private static final double TOLERANCE = 1e-6;
  private static final List<Team> TEAMS = List.of(Team.SOLO, new Team(2), new Team(3));

  @AfterAll
  static void close() {
    TEAMS.forEach(Team::close);
  }

  private record Pass(
      float[] gradient, double squaredError, double[] penalties, double[] hiddenSums) {}

  /** Every penalty, and every kind of k-sparse code at every depth; pre-biases; transcoders. */
  static Stream<Cases.Case> models() {
    Stream<Cases.Case> penalties =
        Cases.grid(INPUTS, 7, 5)
            .filter(of -> of.spec().outputActivation() == Activation.SIGMOID)
            .filter(of -> of.spec().depth() == 2 && !of.spec().tiedWeights())
            .filter(of -> of.spec().hiddenLayers().get(0).activation() == Activation.SIGMOID);
    Stream<Cases.Case> preBiases =
        PreBiasCases.few(INPUTS, 29, 3).filter(of -> !of.spec().code().form().needsBatch());
    Stream<Cases.Case> transcoders =
        TargetCases.classic(INPUTS, 29, 3, 10)
            .filter(of -> !of.spec().code().form().needsBatch())
            .skip(8);
    return Stream.of(
            Cases.weightedByTurns(penalties),
            KSparseCases.turns(INPUTS, 29, 3),
            preBiases,
            transcoders)
        .flatMap(cases -> cases);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void teamsOfAllSizesAgree(Cases.Case of) {
    for (int n : new int[] {1, 37}) {
      assertTeamsAgree(of, n);
    }
  }

  /** What every member rounds, and what they round together. */
  static Stream<Cases.Case> roundedModels() {
    return Stream.of(
            models().limit(6),
            KSparseCases.few(INPUTS, 29, 3).filter(of -> of.spec().depth() == 2).limit(2))
        .flatMap(cases -> cases)
        .map(of -> new Cases.Case(of.name(), of.spec().with(Precision.BFLOAT16), of.weighted()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("roundedModels")
  void teamsOfAllSizesRoundAlike(Cases.Case of) {
    assertTeamsAgree(of, 11);
  }

  static Stream<Cases.Case> fewModels() {
    return KSparseCases.few(INPUTS, 29, 3).filter(of -> of.spec().depth() == 2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fewModels")
  void moreRowsThanATile(Cases.Case of) {
    assertTeamsAgree(of, 2 * LayerForward.TILE_ROWS + 13);
  }

  private static void assertTeamsAgree(Cases.Case of, int n) {
    Cases.Data data = SparseForm.data(of, n, 2e-6);
    for (Rows x : List.of(rows(data), SparseForm.of(rows(data)))) {
      Pass solo = pass(of, data, x, Team.SOLO, false);
      for (Team team : TEAMS) {
        Pass first = pass(of, data, x, team, false);
        Pass second = pass(of, data, x, team, false);
        assertArrayEquals(first.gradient(), second.gradient(), "equal sizes give equal bits");
        assertArrayEquals(first.hiddenSums(), second.hiddenSums());
        assertEquals(first.squaredError(), second.squaredError());
        double difference = Cases.difference(doubles(solo.gradient()), doubles(first.gradient()));
        assertTrue(difference < TOLERANCE, () -> "gradients differ by " + difference);
        assertEquals(solo.squaredError(), first.squaredError(), 1e-6 * solo.squaredError());
        assertArrayEquals(solo.penalties(), first.penalties(), 1e-6 * n);
        assertTrue(Cases.difference(solo.hiddenSums(), first.hiddenSums()) < TOLERANCE);
      }
    }
  }

  /** The second of two passes adds to what the first has written. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void gradientsAddUp(Cases.Case of) {
    Cases.Data data = SparseForm.data(of, 37, 1e-5);
    for (Rows x : List.of(rows(data), SparseForm.of(rows(data)))) {
      for (Team team : TEAMS.subList(0, 2)) {
        float[] once = pass(of, data, x, team, false).gradient();
        float[] twice = pass(of, data, x, team, true).gradient();
        double[] doubled = Arrays.stream(doubles(once)).map(value -> 2 * value).toArray();
        double difference = Cases.difference(doubled, doubles(twice));
        assertTrue(difference < TOLERANCE, () -> "twice differs by " + difference);
      }
    }
  }

  private static Pass pass(Cases.Case of, Cases.Data data, Rows x, Team team, boolean twice) {
    AutoencoderSpec spec = of.spec();
    Autoencoder autoencoder = new Autoencoder(spec, x.rows() + 3, team);
    float[] parameters = Cases.floats(data.parameters());
    float[] weights = of.weighted() ? Cases.floats(data.weights()) : null;
    float[] gradient = new float[parameters.length];
    Arrays.fill(gradient, Float.NaN);
    double[] sums = new double[ObjectiveLayout.of(spec).length()];
    double[] hiddenSums = new double[2 + spec.hiddenUnits()];
    RowBlock stored = new RowBlock(x, null);
    RowBlock rows = spec.cut() == 0 ? stored : new SplitRows(spec.cut()).of(stored, team);
    for (int times = twice ? 2 : 1; times > 0; times--) {
      EncodedBatch encoded = autoencoder.encode(parameters, rows.inputs());
      Arrays.fill(hiddenSums, 0);
      encoded.addHiddenSums(weights, hiddenSums, 2);
      Arrays.fill(sums, 0);
      boolean accumulate = twice && times == 1;
      encoded
          .forTraining(null)
          .backward(
              rows.rows(), weights, BatchFactors.of(slopes(spec)), sums, gradient, accumulate);
    }
    double[] penalties = Arrays.copyOfRange(sums, ObjectiveLayout.RECONSTRUCTION + 1, sums.length);
    return new Pass(gradient, sums[ObjectiveLayout.RECONSTRUCTION], penalties, hiddenSums);
  }

  /** The slopes at means of 0.3. */
  private static float[][] slopes(AutoencoderSpec spec) {
    float[][] slopes = new float[spec.depth()][];
    for (int k = 0; k < slopes.length; k++) {
      Sparsity sparsity = spec.hiddenLayers().get(k).sparsity();
      double[] means = new double[spec.size(k + 1)];
      Arrays.fill(means, 0.3);
      slopes[k] = sparsity.needsMeans() ? sparsity.slopesOfMeans(means, 0, means.length) : null;
    }
    return slopes;
  }

  private static DenseRows rows(Cases.Data data) {
    int columns = data.rows()[0].length;
    float[] values = new float[data.rows().length * columns];
    for (int i = 0; i < data.rows().length; i++) {
      System.arraycopy(Cases.floats(data.rows()[i]), 0, values, i * columns, columns);
    }
    return DenseRows.of(values, data.rows().length, columns);
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  @Test
  void noRowsGiveNoGradient() {
    for (Cases.Case of : models().toList()) {
      for (Team team : TEAMS) {
        DenseRows dense = DenseRows.zeros(0, of.spec().cut() + of.spec().outputSize());
        for (Rows none : List.of(dense, SparseForm.of(dense))) {
          Cases.Data data = Cases.random(of, 1, 1);
          Pass pass = pass(of, data, none, team, false);
          assertArrayEquals(new float[pass.gradient().length], pass.gradient(), of.name());
          assertEquals(0, pass.squaredError());
        }
      }
    }
  }

  @Test
  void changedParametersMoveTheEffectiveBias() {
    AutoencoderSpec spec = Cases.oneLayer(2, 1, Activation.LINEAR, Sparsity.NONE).withPreBias(true);
    Autoencoder autoencoder = new Autoencoder(spec, 1);
    // W = (1, 2), b = 7, c = (1, 1)
    float[] parameters = {1, 2, 7, 0, 0, 1, 1};
    DenseRows x = DenseRows.of(new float[] {3, 5}, 1, 2);
    assertEquals(2 + 8 + 7, ((DenseRows) autoencoder.encode(parameters, x).code()).get(0, 0));
    parameters[5] = 3;
    autoencoder.parametersChanged();
    assertEquals(0 + 8 + 7, ((DenseRows) autoencoder.encode(parameters, x).code()).get(0, 0));
  }

  /** 1 + 2^-9 is nearer to 1 than to the next bfloat16, 1 + 2^-7; biases are not rounded. */
  @Test
  void changedParametersAreRoundedAgain() {
    float near = 1 + 0x1p-9f;
    AutoencoderSpec spec =
        Cases.oneLayer(2, 1, Activation.LINEAR, Sparsity.NONE).with(Precision.BFLOAT16);
    Autoencoder autoencoder = new Autoencoder(spec, 1);
    float[] parameters = {near, 2, near, 0, 0, 0, 0};
    DenseRows x = DenseRows.of(new float[] {3, near}, 1, 2);
    assertEquals(3 + 2 + near, ((DenseRows) autoencoder.encode(parameters, x).code()).get(0, 0));
    parameters[1] = 4;
    autoencoder.parametersChanged();
    assertEquals(3 + 4 + near, ((DenseRows) autoencoder.encode(parameters, x).code()).get(0, 0));
  }

  @Test
  void whatExceedsTheLargestBfloat16IsInfinite() {
    AutoencoderSpec spec = Cases.oneLayer(1, 1, Activation.LINEAR, Sparsity.NONE);
    float[] parameters = {0.5f, 0, 0, 0};
    DenseRows x = DenseRows.of(new float[] {Float.MAX_VALUE}, 1, 1);
    Rows exact = new Autoencoder(spec, 1).encode(parameters, x).code();
    assertEquals(Float.MAX_VALUE / 2, ((DenseRows) exact).get(0, 0));
    Rows rounded = new Autoencoder(spec.with(Precision.BFLOAT16), 1).encode(parameters, x).code();
    assertEquals(Float.POSITIVE_INFINITY, ((DenseRows) rounded).get(0, 0));
  }

  @Test
  void changedParametersAreSeenBySparseRows() {
    AutoencoderSpec spec = Cases.oneLayer(2, 1, Activation.LINEAR, Sparsity.NONE);
    Autoencoder autoencoder = new Autoencoder(spec, 1);
    float[] parameters = {1, 2, 0, 0, 0, 0, 0};
    Rows x = SparseForm.of(DenseRows.of(new float[] {3, 5}, 1, 2));
    assertEquals(13, ((DenseRows) autoencoder.encode(parameters, x).code()).get(0, 0));
    parameters[1] = 4;
    autoencoder.parametersChanged();
    assertEquals(23, ((DenseRows) autoencoder.encode(parameters, x).code()).get(0, 0));
  }
}
