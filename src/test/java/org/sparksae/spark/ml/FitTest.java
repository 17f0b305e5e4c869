package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.train.DivergedException;
import org.sparksae.core.train.StopReason;
import org.sparksae.core.train.TrainingResult;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.data.Stored;
import org.sparksae.spark.ml.param.SpecBuilder;

@ExtendWith(LocalSpark.class)
class FitTest {
  private static final int INPUTS = 9;
  private static final float[][] ROWS = TestFrames.rows(120, INPUTS, 2);
  private static final List<float[][]> PARTITIONS = TestFrames.splitBySize(ROWS, 70, 0, 50);

  @ParameterizedTest
  @EnumSource(InputType.class)
  void equalRowsOfEveryInputTypeGiveTheModelOfTheSparkFreeLoop(InputType type) {
    SparseAutoencoder estimator = Fixtures.estimator();
    SparseAutoencoderModel model = estimator.fit(TestFrames.frame(type, PARTITIONS));
    assertArrayEquals(Fixtures.sparkFree(estimator, PARTITIONS).parameters(), model.parameters());
  }

  @ParameterizedTest
  @ValueSource(strings = {"l-bfgs", "adam"})
  void lowersTheObjectiveAsTheSparkFreeLoopDoesAndRepeatsItsBits(String solver) {
    SparseAutoencoder estimator =
        Fixtures.estimator().setSolver(solver).setMaxIter(5).setAggregation("tree");
    Dataset<Row> frame = TestFrames.frame(InputType.DENSE_VECTOR, PARTITIONS);
    SparseAutoencoderModel model = estimator.fit(frame);
    double[] objectives = model.summary().objectiveHistory();
    assertEquals(5, objectives.length);
    assertTrue(objectives[4] < 0.8 * objectives[0], Arrays.toString(objectives));

    TrainingResult sparkFree = Fixtures.sparkFree(estimator, PARTITIONS);
    assertArrayEquals(sparkFree.parameters(), model.parameters());
    assertArrayEquals(
        sparkFree.history().stream().mapToDouble(iteration -> iteration.terms().total()).toArray(),
        objectives);
    assertArrayEquals(model.parameters(), estimator.fit(frame).parameters());
    assertFalse(Arrays.equals(model.parameters(), estimator.setSeed(8).fit(frame).parameters()));
  }

  @Test
  void noIterationGivesTheInitialWeights() {
    SparseAutoencoder estimator = Fixtures.estimator().setMaxIter(0);
    SparseAutoencoderModel model = estimator.fit(TestFrames.frame(ROWS, 2));
    AutoencoderSpec spec = SpecBuilder.build(estimator, INPUTS, 0);
    assertArrayEquals(InitialParameters.of(spec, 7), model.parameters());
    assertEquals(0, model.summary().totalIterations());
  }

  @Test
  void tiedWeightsHaveNoDecoderMatrix() {
    SparseAutoencoderModel model =
        Fixtures.estimator().setTiedWeights(true).fit(TestFrames.frame(ROWS, 2));
    Set<String> names =
        model.spec().layout().tensors().stream()
            .map(ParameterLayout.Tensor::name)
            .collect(Collectors.toSet());
    assertEquals(Set.of("encoder.0.weight", "encoder.0.bias", "decoder.0.bias"), names);
    assertEquals(4 * INPUTS + 4 + INPUTS, model.parameters().length);
    assertFallen(model);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> model.weights("decoder.0.weight"));
    assertEquals(
        "no weight matrix 'decoder.0.weight'; there are [encoder.0.weight]", refused.getMessage());
  }

  @Test
  void threeLayersMirrorTheirSizes() {
    SparseAutoencoderModel model =
        Fixtures.estimator()
            .setHiddenLayers(7, 5, 3)
            .setSparsity("kl", "targetL2", "l1")
            .setSparsityWeights(0.1, 0.2, 0.01)
            .fit(TestFrames.frame(ROWS, 2));
    assertEquals(3, model.codeSize());
    int[][] shapes = {{7, 9}, {5, 7}, {3, 5}, {9, 7}, {7, 5}, {5, 3}};
    String[] names = {"encoder.0", "encoder.1", "encoder.2", "decoder.0", "decoder.1", "decoder.2"};
    for (int l = 0; l < names.length; l++) {
      assertEquals(shapes[l][0], model.weights(names[l] + ".weight").numRows(), names[l]);
      assertEquals(shapes[l][1], model.weights(names[l] + ".weight").numCols(), names[l]);
    }
    assertFallen(model);
    assertEquals(
        List.of("reconstruction", "weightDecay", "sparsity1", "sparsity2", "sparsity3"),
        model.summary().history().get(0).terms().names());
  }

  @Test
  void weightsAreTheParametersByName() {
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    assertEquals(-1, model.weights("encoder.0.weight").apply(2, 1));
    assertEquals(0.5, model.weights("decoder.0.weight").apply(0, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"l-bfgs", "adam"})
  void oneRowIsEnough(String solver) {
    SparseAutoencoderModel model =
        Fixtures.estimator().setSolver(solver).fit(TestFrames.frame(new float[][] {ROWS[0]}, 1));
    assertEquals(1, model.summary().statistics().rows());
    assertFallen(model);
  }

  @Test
  void aBatchLargerThanTheDataIsTheData() {
    SparseAutoencoder estimator = Fixtures.estimator().setSolver("adam").setMaxIter(2);
    Dataset<Row> frame = TestFrames.frame(ROWS, 2);
    float[] larger = estimator.setBatchSize(100_000).fit(frame).parameters();
    assertArrayEquals(estimator.setBatchSize(ROWS.length).fit(frame).parameters(), larger);
  }

  @ParameterizedTest
  @ValueSource(strings = {"l-bfgs", "adam"})
  void rowsOfZerosAreValid(String solver) {
    SparseAutoencoderModel model =
        Fixtures.estimator().setSolver(solver).fit(TestFrames.frame(new float[40][INPUTS], 2));
    assertFallen(model);
    assertFinite(model.parameters());
    assertTrue(Double.isFinite(model.summary().statistics().explainedVariance()));
  }

  @Test
  void leavesNoFile() {
    Fixtures.estimator().setMaxIter(1).fit(TestFrames.frame(ROWS, 2));
    Stored.awaitFiles(0);
  }

  @Test
  void aDivergingRunNamesTheEpochAndTheRemedy() {
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setSolver("adam")
            .setHiddenLayers(8, 6, 4)
            .setActivation("linear")
            .setSparsity("targetL2")
            .setStepSize(1e6)
            .setMaxIter(20);
    Dataset<Row> frame = TestFrames.frame(ROWS, 2);
    String message = assertThrows(DivergedException.class, () -> estimator.fit(frame)).getMessage();
    assertTrue(
        message.matches(
            "training diverged at epoch 1, batch [2-4]: the (objective|gradient) is not finite .*"
                + "last finite objective: reconstruction .*"
                + "lower stepSize \\(it is 1000000.0\\), for example to 100000.0.*"),
        message);
    Stored.awaitFiles(0);
  }

  /** |x|^2 of a row fits a double, but the gradient overflows a float. */
  @ParameterizedTest
  @ValueSource(strings = {"l-bfgs", "adam"})
  void aGradientBeyondFloatIsADivergence(String solver) {
    float[][] huge = new float[10][INPUTS];
    Arrays.stream(huge).forEach(row -> Arrays.fill(row, 1e25f));
    SparseAutoencoder estimator =
        Fixtures.estimator().setSolver(solver).setMaxIter(1).setBatchSize(10);
    estimator.setActivation("linear").setSparsity("none");
    Dataset<Row> frame = TestFrames.frame(huge, 2);
    String message = assertThrows(DivergedException.class, () -> estimator.fit(frame)).getMessage();
    assertTrue(message.contains("the gradient is not finite (reconstruction "), message);
    assertTrue(message.contains("scale the input"), message);
  }

  @Test
  void convergesWhenAnIterationChangesTooLittle() {
    SparseAutoencoderModel model =
        Fixtures.estimator().setTol(0.5).setMaxIter(50).fit(TestFrames.frame(ROWS, 2));
    double[] objectives = model.summary().objectiveHistory();
    int last = objectives.length - 1;
    assertEquals(StopReason.CONVERGED, model.summary().stopReason());
    assertTrue(objectives[last - 1] - objectives[last] <= 0.5 * objectives[last - 1]);
    assertTrue(last < 49);
  }

  private static void assertFallen(SparseAutoencoderModel model) {
    double[] objectives = model.summary().objectiveHistory();
    assertTrue(objectives[objectives.length - 1] < objectives[0], Arrays.toString(objectives));
  }

  private static void assertFinite(float[] values) {
    for (float value : values) {
      assertTrue(Float.isFinite(value));
    }
  }
}
