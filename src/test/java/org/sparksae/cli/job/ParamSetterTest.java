package org.sparksae.cli.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;
import org.sparksae.spark.ml.SparseAutoencoder;

class ParamSetterTest {

  /** A value other than the default for every Param, as a job file would have it. */
  private static final String ALL =
      """
      inputCol = x, targetCol = t, skipConnection = true, outputCol = y, reconstructionCol = r, reconstructionErrorCol = e
      hiddenLayers = [8, 4], activation = tanh, outputActivation = sigmoid
      sparsity = [targetL1, l1], sparsityWeights = [1, 0.5], sparsityTargets = [0.5, 0.25]
      sparsityScope = example, sparsityWarmupSteps = 6, tiedWeights = true, decoderNorm = unit, regParam = 0.5
      preBias = geometricMedian, inputNorm = sqrtSize, initMode = tied, initDecoderNorm = 0.5
      solver = adam, maxIter = 3, maxSteps = 7, batchSize = 16, stepSize = 1, tol = 1e-3, seed = 9007199254740993
      warmupSteps = 4, decaySteps = 5, gradientClip = 1, adamBeta1 = 0.8, adamBeta2 = 0.99, adamEpsilon = 1e-6
      precision = bfloat16, shuffleWindow = 1000, storagePrecision = bfloat16
      weightCol = w, validationIndicatorCol = v
      aggregation = tree, numWorkers = 2, aggregationDepth = 3
      checkpointDir = c, checkpointInterval = 5, checkpointMinutes = 7.5
      handleInvalid = skip, activationThreshold = 0.25
      k = 2, kStart = 4, encodeK = 3, topKBy = value
      layerTraining = greedy, initialModel = m, outputLayer = 1
      jumpReluThreshold = 0.5, jumpReluBandwidth = 0.25, preActivationWeight = 0.5, gated = true
      batchTopK = 1.5, auxK = 2, auxKWeight = 0.25, deadAfterRows = 77, resampleSteps = 9, matryoshkaWidths = [1, 4]
      multiTopK = true
      lifetimeSparsity = 0.1, corruption = masking, corruptionLevel = 0.1
      contamination = 0.1, outlierCol = o, outlierThreshold = 2
      """;

  @Test
  void setsEveryParam() {
    SparseAutoencoder estimator = new SparseAutoencoder();
    Section section = new Section("model", ConfigFactory.parseString(ALL).root());
    assertEquals(
        new TreeSet<>(ParamSetter.names(estimator)), new TreeSet<>(section.object().keySet()));
    ParamSetter.set(estimator, section, ParamSetter.names(estimator));
    for (Param<?> param : estimator.params()) {
      assertTrue(estimator.isSet(param), param.name());
    }
    assertEquals("x", estimator.getInputCol());
    assertArrayEquals(new int[] {8, 4}, estimator.getHiddenLayers());
    assertArrayEquals(new String[] {"targetL1", "l1"}, estimator.getSparsity());
    assertArrayEquals(new double[] {1, 0.5}, estimator.getSparsityWeights());
    assertTrue(estimator.getTiedWeights());
    assertEquals(1e-3, estimator.getTol());
    assertEquals(1.0, estimator.getStepSize());
    // 2^53 + 1, which no double holds
    assertEquals(9007199254740993L, estimator.getSeed());
  }

  @Test
  void aSingleValueIsAListOfOneAndTextThatReadsAsANumberIsOne() {
    SparseAutoencoder estimator = new SparseAutoencoder();
    String text = "hiddenLayers = 8, sparsity = l1, sparsityWeights = \"0.5\", maxIter = \"3\"";
    Section section = new Section("model", ConfigFactory.parseString(text).root());
    ParamSetter.set(estimator, section, ParamSetter.names(estimator));
    assertArrayEquals(new int[] {8}, estimator.getHiddenLayers());
    assertArrayEquals(new String[] {"l1"}, estimator.getSparsity());
    assertArrayEquals(new double[] {0.5}, estimator.getSparsityWeights());
    assertEquals(3, estimator.getMaxIter());
  }

  @Test
  void valuesAreThoseSetAndTheDefaults() {
    Map<String, Object> values = ParamSetter.values(new SparseAutoencoder().setMaxIter(3));
    assertEquals(3, values.get("maxIter"));
    assertEquals("l-bfgs", values.get("solver"));
    assertTrue(!values.containsKey("hiddenLayers"));
  }
}
