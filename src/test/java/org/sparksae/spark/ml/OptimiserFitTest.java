package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** Warm-up, decay, clipping and Adam's constants as Params, and what a fit counts of its units. */
@ExtendWith(LocalSpark.class)
class OptimiserFitTest {
  private static final float[][] ROWS = TestFrames.rows(120, 9, 2);

  @TempDir private Path folder;

  private static Dataset<Row> frame() {
    return TestFrames.frame(
        TestFrames.InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, 70, 50));
  }

  /** Four batches an epoch: 120 rows in batches of 37. */
  private static SparseAutoencoder estimator(String aggregation) {
    return Fixtures.estimator()
        .setSolver("adam")
        .setAggregation(aggregation)
        .setHiddenLayers(20)
        .setK(3)
        .setBatchSize(37)
        .setMaxIter(4)
        .setWarmupSteps(5)
        .setDecaySteps(11)
        .setGradientClip(0.25)
        .setAdamBeta1(0.8)
        .setAdamBeta2(0.99)
        .setAdamEpsilon(1e-6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree", "allReduce"})
  void everyUnitsFiringsAreInTheSummary(String aggregation) {
    SparseAutoencoderTrainingSummary summary = estimator(aggregation).fit(frame()).summary();
    double[] frequencies = summary.firingFrequencies();
    assertEquals(20, frequencies.length);
    // Three units of each row fire, unless one of them is exactly 0.
    assertEquals(3, Arrays.stream(frequencies).sum(), 1e-9);
    for (int j = 0; j < 20; j++) {
      assertEquals(frequencies[j] == 0, summary.silentRows()[j] >= 120, "unit " + j);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree", "allReduce"})
  void trainingThatWasCutOffEndsAsIfItHadNotBeen(String aggregation) {
    SparseAutoencoderModel whole = estimator(aggregation).fit(frame());
    SparseAutoencoder cut =
        estimator(aggregation)
            .setCheckpointDir(folder.resolve(aggregation).toString())
            .setDecaySteps(0)
            .setCheckpointInterval(1);
    SparseAutoencoderModel begun = cut.setMaxIter(2).fit(frame());
    SparseAutoencoderModel resumed = cut.setMaxIter(4).fit(frame());
    // A training that began anew would have other seconds.
    for (int iteration = 0; iteration < 2; iteration++) {
      assertEquals(
          begun.summary().history().get(iteration).seconds(),
          resumed.summary().history().get(iteration).seconds());
    }
    SparseAutoencoderModel straight = estimator(aggregation).setDecaySteps(0).fit(frame());
    assertArrayEquals(straight.parameters(), resumed.parameters());
    assertArrayEquals(straight.summary().silentRows(), resumed.summary().silentRows());
    assertArrayEquals(
        straight.summary().firingFrequencies(), resumed.summary().firingFrequencies());
    assertFalse(Arrays.equals(straight.parameters(), whole.parameters()), "decay was used");
  }

  /** Where the rate falls depends on maxIter, so a longer training is another one. */
  @Test
  void checkpointsKnowTheSchedule() {
    SparseAutoencoder cut =
        estimator("tree").setCheckpointDir(folder.resolve("schedule").toString()).setMaxIter(4);
    cut.fit(frame());
    assertRefused(() -> cut.setMaxIter(6).fit(frame()), "maxIter is 6, the checkpoint has 4");
    assertRefused(
        () -> cut.setMaxIter(4).setGradientClip(0.5).fit(frame()),
        "gradientClip is 0.5, the checkpoint has 0.25");
  }

  @Test
  void onlyTheConstantThatDiffersIsBlamed() {
    SparseAutoencoder cut =
        estimator("tree").setCheckpointDir(folder.resolve("constants").toString());
    cut.fit(frame());
    String problem =
        assertThrows(IllegalArgumentException.class, () -> cut.setAdamBeta1(0.9).fit(frame()))
            .getMessage();
    assertTrue(problem.contains("adamBeta1 is not set, the checkpoint has 0.8"), problem);
    assertFalse(problem.contains("adamBeta2"), problem);
  }

  /** Four batches an epoch, so the rate has risen after the third; a tol of 10 holds always. */
  @ParameterizedTest
  @ValueSource(strings = {"tree", "allReduce"})
  void tolDoesNotEndATrainingWhileTheRateRises(String aggregation) {
    SparseAutoencoder tolerant = estimator(aggregation).setTol(10).setMaxIter(6).setDecaySteps(0);
    assertEquals(4, tolerant.setWarmupSteps(12).fit(frame()).summary().totalIterations());
    assertEquals(2, tolerant.setWarmupSteps(0).fit(frame()).summary().totalIterations());
  }

  @Test
  void aTrainingThatEndsBeforeTheRateHasFallenIsWarnedOf() {
    List<TrainingWarning> warnings =
        estimator("tree").setTol(10).setWarmupSteps(0).fit(frame()).summary().warnings();
    String message =
        warnings.stream()
            .filter(warning -> warning.kind() == TrainingWarning.Kind.SCHEDULE)
            .findFirst()
            .orElseThrow()
            .message();
    assertTrue(
        message.startsWith(
            "training ended after 2 of 4 epochs (tol), so 8 of decaySteps = 11 were not made"),
        message);
  }

  /** An epoch and a half; the rate falls over the last two steps. */
  @Test
  void maxStepsSetsTheLengthAndMaxIterHasNoMeaning() {
    SparseAutoencoder six =
        estimator("tree").setWarmupSteps(0).setDecaySteps(2).setMaxSteps(6).setMaxIter(0);
    SparseAutoencoderTrainingSummary summary = six.fit(frame()).summary();
    assertEquals(6, summary.totalSteps());
    assertEquals(List.of(120L, 74L), summary.history().stream().map(r -> r.rows()).toList());
    assertEquals(
        "adam made only 6 steps: set a larger maxSteps than 6",
        summary.warnings().stream()
            .filter(warning -> warning.kind() == TrainingWarning.Kind.STEPS)
            .findFirst()
            .orElseThrow()
            .message());
    assertRefused(
        () -> six.setWarmupSteps(5).fit(frame()),
        "the steps of the training, 6 (maxSteps), got 5 + 2; lower them, or set a larger maxSteps");
  }

  @Test
  void whatCannotBeIsNamedBeforeTraining() {
    assertRefused(
        () -> estimator("allReduce").setDecaySteps(12).fit(frame()),
        "warmupSteps + decaySteps must be at most the steps of the training, 16 (maxIter = 4 epochs"
            + " of 4 batches), got 5 + 12");
    for (double clip : new double[] {0, -1, 1e-300, 1e39, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertRefused(
          () -> estimator("tree").setGradientClip(clip), "gradientClip must be above 0 and finite");
    }
    for (double beta : new double[] {-0.1, 1, 2, Double.NaN}) {
      assertRefused(() -> estimator("tree").setAdamBeta1(beta), "adamBeta1 must be in [0, 1)");
      assertRefused(() -> estimator("tree").setAdamBeta2(beta), "adamBeta2 must be in [0, 1)");
    }
    for (double none : new double[] {0, 1e-300, 1e39}) {
      assertRefused(() -> estimator("tree").setAdamEpsilon(none), "adamEpsilon must be above 0");
      assertRefused(() -> estimator("tree").setStepSize(none), "stepSize must be above 0");
    }
    assertRefused(() -> estimator("tree").setWarmupSteps(-1), "warmupSteps must be 0 or more");
  }

  @Test
  void fullBatchesHaveNone() {
    SparseAutoencoder plain = Fixtures.estimator();
    for (SparseAutoencoder refused :
        List.of(
            plain.copy(ParamMap.empty()).setWarmupSteps(1),
            plain.copy(ParamMap.empty()).setDecaySteps(1),
            plain.copy(ParamMap.empty()).setGradientClip(1),
            plain.copy(ParamMap.empty()).setAdamBeta1(0.5),
            plain.copy(ParamMap.empty()).setAdamBeta2(0.5),
            plain.copy(ParamMap.empty()).setAdamEpsilon(1e-6))) {
      assertRefused(() -> refused.fit(frame()), "needs solver = adam");
    }
    assertRefused(
        () -> plain.copy(ParamMap.empty()).setMaxSteps(7).fit(frame()),
        "maxSteps needs solver = adam, since l-bfgs makes no mini-batches; got 7; clear it and set"
            + " maxIter, or set solver = adam");
    assertEquals(0, plain.fit(frame()).summary().firingFrequencies().length);
  }

  private static void assertRefused(Executable act, String says) {
    String problem = assertThrows(IllegalArgumentException.class, act).getMessage();
    assertTrue(problem.contains(says), problem);
  }
}
