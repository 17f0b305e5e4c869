package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

@ExtendWith(LocalSpark.class)
class ParamsTest {
  private static final StructType SCHEMA =
      new StructType().add(TestFrames.FEATURES, InputType.FLOATS.type());

  static Stream<Arguments> refusedWhenSet() {
    return Stream.of(
        refused(
            e -> e.setHiddenLayers(),
            "hiddenLayers must be a list of at least one size, each" + " 1 or more, got []"),
        refused(
            e -> e.setHiddenLayers(4, 0),
            "hiddenLayers must be a list of at least one size," + " each 1 or more, got [4, 0]"),
        refused(
            e -> e.setActivation("Sigmoid"),
            "activation must be one of sigmoid, tanh, relu," + " linear, got 'Sigmoid'"),
        refused(
            e -> e.setOutputActivation("softmax"),
            "outputActivation must be one of sigmoid, tanh, relu, linear, got 'softmax'"),
        refused(
            e -> e.setSparsity("kl", "k1"),
            "sparsity must be a list of names among kl,"
                + " targetL1, targetL2, l1, l2, decoderL1, l0, targetL0, tanh, none, got [kl, k1]"),
        refused(
            e -> e.setSparsity(),
            "sparsity must be a list of names among kl, targetL1,"
                + " targetL2, l1, l2, decoderL1, l0, targetL0, tanh, none, got []"),
        refused(
            e -> e.setSparsityWeights(Double.NaN),
            "sparsityWeights must be a list of at least" + " one finite number, got [NaN]"),
        refused(
            e -> e.setSparsityTargets(),
            "sparsityTargets must be a list of at least one finite" + " number, got []"),
        refused(
            e -> e.setSparsityScope("row"),
            "sparsityScope must be one of unit, example, got" + " 'row'"),
        refused(e -> e.setRegParam(-1e-9), "regParam must be 0 or more and finite, got -1.0E-9"),
        refused(e -> e.setRegParam(Double.NaN), "regParam must be 0 or more and finite, got NaN"),
        refused(e -> e.setSolver("sgd"), "solver must be one of l-bfgs, adam, got 'sgd'"),
        refused(e -> e.setMaxIter(-1), "maxIter must be 0 or more, got -1"),
        refused(e -> e.setBatchSize(0), "batchSize must be 1 or more, got 0"),
        refused(
            e -> e.setPrecision("float16"),
            "precision must be one of float32, bfloat16, got 'float16'"),
        refused(e -> e.setShuffleWindow(0), "shuffleWindow must be 1 or more, got 0"),
        refused(
            e -> e.setStepSize(0),
            "stepSize must be above 0 and finite in float32 (from 1.2e-38 to 3.4e38), got 0.0"),
        refused(
            e -> e.setStepSize(1 / 0.0),
            "stepSize must be above 0 and finite in float32 (from 1.2e-38 to 3.4e38), got Infinity"),
        refused(e -> e.setTol(-1), "tol must be 0 or more and finite, got -1.0"),
        refused(e -> e.setAggregationDepth(0), "aggregationDepth must be 1 or more, got 0"),
        refused(e -> e.setCheckpointInterval(0), "checkpointInterval must be 1 or more, got 0"),
        refused(
            e -> e.setCheckpointMinutes(0),
            "checkpointMinutes must be above 0 and finite, got 0.0"),
        refused(e -> e.setMaxSteps(0), "maxSteps must be 1 or more, got 0"),
        refused(
            e -> e.setHandleInvalid("keep"),
            "handleInvalid must be one of error, skip, got" + " 'keep'"),
        refused(
            e -> e.setLayerTraining("stacked"),
            "layerTraining must be one of joint, greedy, greedyThenJoint, got 'stacked'"),
        refused(e -> e.setOutputLayer(0), "outputLayer must be 1 or more, got 0"),
        refused(
            e -> e.setCorruption("noise"),
            "corruption must be one of none, masking, gaussian, saltAndPepper, got 'noise'"),
        refused(
            e -> e.setCorruptionLevel(-0.1),
            "corruptionLevel must be 0 or more and finite, got -0.1"),
        refused(e -> e.setContamination(0.5), "contamination must be in [0, 0.5), got 0.5"),
        refused(e -> e.setContamination(-0.01), "contamination must be in [0, 0.5), got -0.01"),
        refused(
            e -> e.setOutlierThreshold(Double.NaN),
            "outlierThreshold must be 0 or more and finite, got NaN"),
        refused(
            e -> e.setActivationThreshold(-0.1),
            "activationThreshold must be 0 or more and" + " finite, got -0.1"));
  }

  static Stream<Arguments> refusedTogether() {
    return Stream.of(
        refused(
            e -> e.clear(e.hiddenLayers()),
            "hiddenLayers must be set: the units of each hidden" + " layer, for example [256]"),
        refused(e -> e.clear(e.inputCol()), "inputCol must be set; the columns are features"),
        refused(
            e -> e.setSparsity("kl", "l1"),
            "sparsity must have 1 entry, or one for each of the"
                + " 3 hidden layers; got 2 entries"),
        refused(
            e -> e.setSparsityWeights(1, 2),
            "sparsityWeights must have 1 entry, or one for each"
                + " of the 3 hidden layers; got 2 entries"),
        refused(
            e -> e.setSparsityTargets(.1, .1, .1, .1),
            "sparsityTargets must have 1 entry, or"
                + " one for each of the 3 hidden layers; got 4 entries"),
        refused(
            e -> e.setSparsityWeights(1, -2, 1),
            "sparsityWeights[1] must be 0 or more and" + " finite, got -2.0"),
        refused(
            e -> e.setSparsityTargets(1),
            "sparsityTargets[0] must lie in the range (0, 1) of"
                + " activation 'sigmoid', got 1.0"),
        refused(
            e -> e.setActivation("tanh").setSparsity("targetL1").setSparsityTargets(-1),
            "sparsityTargets[0] must lie in the range (-1, 1) of activation 'tanh', got -1.0"),
        refused(
            e -> e.setActivation("relu"),
            "sparsity 'kl' of hidden layer 0 needs activations in (0, 1), but activation is 'relu',"
                + " with range [0, inf); use activation = sigmoid, or sparsity = targetL1,"
                + " targetL2, l1 or l2"),
        refused(
            e -> e.setOutputLayer(4),
            "outputLayer must be in [1, 3], the hidden layers from the input inwards; got 4"),
        refused(
            e -> e.setInitialModel("somewhere").setLayerTraining("greedyThenJoint"),
            "initialModel needs layerTraining = joint, since greedyThenJoint begins with untrained"
                + " layers; clear one of them"),
        refused(
            e -> sparse(e).setK(5),
            "k must be in [1, 4], the units of the last of the hiddenLayers; got 5"),
        refused(
            e -> sparse(e).setK(2).setEncodeK(5),
            "encodeK must be in [1, 4], the units of the last of the hiddenLayers; got 5"),
        refused(
            e -> sparse(e).setK(3).setKStart(2),
            "kStart must be k = 3 or more, since it falls to k; got 2"),
        refused(e -> sparse(e).setKStart(2), "kStart needs k to be set"),
        refused(
            e -> sparse(e).setK(2).setKStart(3).setSolver("l-bfgs"),
            "kStart needs solver = adam, since l-bfgs needs an objective that stays the same"),
        refused(
            e -> sparse(e).setK(2).setActivation("tanh"),
            "k needs activation 'linear' or 'relu', got 'tanh'"),
        refused(
            e -> sparse(e).setK(2).setSparsity("none", "none", "l1"),
            "k makes the code sparse by itself: sparsity must be 'none' for the last of the"
                + " hiddenLayers, got 'l1'"));
  }

  /** What a k-sparse estimator of three layers needs besides k. */
  private static SparseAutoencoder sparse(SparseAutoencoder estimator) {
    return estimator.setSolver("adam").setActivation("linear").setSparsity("none");
  }

  private static Arguments refused(Consumer<SparseAutoencoder> change, String message) {
    return Arguments.of(change, message);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refusedWhenSet")
  void aValueOutsideItsRuleIsRefusedWhenSet(Consumer<SparseAutoencoder> change, String message) {
    SparseAutoencoder estimator = new SparseAutoencoder("estimator");
    Map<String, String> before = Fixtures.values(estimator);
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> change.accept(estimator)).getMessage());
    assertEquals(before, Fixtures.values(estimator));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refusedTogether")
  void paramsThatDoNotGoTogetherAreRefusedBeforeAnyJob(
      Consumer<SparseAutoencoder> change, String message) throws Throwable {
    SparseAutoencoder estimator = Fixtures.estimator().setHiddenLayers(6, 5, 4);
    estimator.transformSchema(SCHEMA);
    change.accept(estimator);
    Dataset<Row> frame = TestFrames.frame(new float[4][3], 1);
    int jobs =
        Fixtures.jobsOf(
            () -> {
              Exception thrown =
                  assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame));
              assertEquals(message, thrown.getMessage());
            });
    assertEquals(0, jobs);
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class, () -> estimator.transformSchema(frame.schema()))
            .getMessage());
  }

  @Test
  void jobsAreCounted() throws Throwable {
    Dataset<Row> frame = TestFrames.frame(new float[4][3], 2);
    assertTrue(Fixtures.jobsOf(() -> Fixtures.estimator().setMaxIter(1).fit(frame)) > 3);
  }

  @Test
  void everyParamIsFoundDocumentedAndSetInTheFixture() {
    SparseAutoencoder defaults = new SparseAutoencoder("everyParam");
    SparseAutoencoder set = Fixtures.everyParamSet();
    assertEquals(71, set.params().length);
    for (Param<?> param : set.params()) {
      assertTrue(set.isSet(param), param.name());
      assertNotEquals(
          Fixtures.values(defaults).get(param.name()), Fixtures.values(set).get(param.name()));
      assertEquals("everyParam", param.parent());
    }
    assertTrue(set.explainParams().contains("sparsityTargets: target mean activation"));
  }

  @Test
  void whatHasNoDefault() {
    SparseAutoencoder defaults = new SparseAutoencoder();
    assertEquals(53, Fixtures.values(defaults).size());
    assertEquals(
        Set.of(),
        Set.copyOf(
            Stream.of(
                    "inputCol",
                    "hiddenLayers",
                    "batchSize",
                    "shuffleWindow",
                    "gradientClip",
                    "numWorkers",
                    "k",
                    "kStart",
                    "encodeK",
                    "lifetimeSparsity",
                    "batchTopK",
                    "jumpReluThreshold",
                    "matryoshkaWidths",
                    "resampleSteps",
                    "outputLayer",
                    "outlierThreshold")
                .filter(Fixtures.values(defaults)::containsKey)
                .toList()));
    assertTrue(defaults.getOutputCol().equals(defaults.uid() + "__output"));
  }

  @Test
  void aCopyOfTheEstimatorKeepsEverythingAndIsItsOwn() {
    SparseAutoencoder original = Fixtures.everyParamSet();
    SparseAutoencoder copy = original.copy(ParamMap.empty());
    assertNotSame(original, copy);
    assertEquals(original.uid(), copy.uid());
    assertEquals(Fixtures.values(original), Fixtures.values(copy));
    copy.setMaxIter(77);
    assertEquals(2, original.getMaxIter());
    SparseAutoencoder changed = original.copy(ParamMap.empty().put(original.seed(), (Object) 99L));
    assertEquals(99, changed.getSeed());
  }

  @Test
  void aCopyOfTheModelKeepsWeightsSummaryAndParent() {
    SparseAutoencoder estimator = Fixtures.estimator().setMaxIter(1);
    SparseAutoencoderModel model = estimator.fit(TestFrames.frame(new float[4][3], 2));
    SparseAutoencoderModel copy = model.copy(ParamMap.empty().put(model.outputCol(), "other"));
    assertEquals("other", copy.getOutputCol());
    assertEquals("code", model.getOutputCol());
    assertArrayEquals(model.parameters(), copy.parameters());
    assertEquals(model.spec(), copy.spec());
    assertSame(model.summary(), copy.summary());
    assertSame(estimator, model.parent());
    assertSame(estimator, copy.parent());
    Map<String, String> expected = Fixtures.values(model);
    expected.put("outputCol", "[other]");
    assertEquals(expected, Fixtures.values(copy));
  }

  @Test
  void theModelHasTheEstimatorsParams() {
    SparseAutoencoder estimator = Fixtures.everyParamSet();
    estimator
        .setWeightCol("")
        .setValidationIndicatorCol("")
        .setCheckpointDir("")
        .setInitialModel("")
        .setContamination(0);
    // One is for one layer, one for a linear reconstruction, and unit vectors start with length 1.
    estimator.setPreBias("none").setInputNorm("none").setInitDecoderNorm(1);
    Fixtures.clearOthersThanK(estimator);
    SparseAutoencoderModel model = estimator.fit(TestFrames.frame(new float[4][3], 2));
    assertEquals(Fixtures.values(estimator), Fixtures.values(model));
  }

  @Test
  void changingTheGivenParametersDoesNotChangeTheModel() {
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    model.parameters()[0] = 99;
    assertEquals(1, model.parameters()[0]);
  }
}
