package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.optim.Adam;

/** What each step of a training is told. */
class StepScheduleTest {
  private static final AutoencoderSpec SPEC = Cases.oneLayer(2, 3, Activation.RELU, Sparsity.NONE);

  /** Three epochs of three batches: 25 rows in batches of 10. */
  private static TrainingSettings settings(int warmupSteps, int decaySteps) {
    return new TrainingSettings(3, 0, 10, 0.5, 1)
        .with(
            new TrainingSettings.Optimizer(
                0.5,
                new LearningRate(warmupSteps, decaySteps),
                Double.POSITIVE_INFINITY,
                Adam.Settings.DEFAULT));
  }

  private static double[] rates(int warmupSteps, int decaySteps) {
    StepSchedule schedule = new StepSchedule(SPEC, settings(warmupSteps, decaySteps), 25);
    double[] rates = new double[9];
    for (int step = 0; step < 9; step++) {
      rates[step] = schedule.at(1 + step / 3, 1 + step % 3).stepSize();
    }
    return rates;
  }

  @Test
  void rateRisesAndFallsInALine() {
    double[] constant = {.5, .5, .5, .5, .5, .5, .5, .5, .5};
    assertArrayEquals(constant, rates(0, 0));
    assertArrayEquals(constant, rates(1, 1));
    // 0.5 n / 4 for n = 1 .. 4; then 0.5 (9 - n + 1) / 2 in the last two
    assertArrayEquals(new double[] {.125, .25, .375, .5, .5, .5, .5, .5, .25}, rates(4, 2));
    // 0.5 n / 5, and 0.5 (9 - n + 1) / 4 from step 6 on
    assertArrayEquals(new double[] {.1, .2, .3, .4, .5, .5, .375, .25, .125}, rates(5, 4), 1e-15);
  }

  @Test
  void penaltiesRiseInALine() {
    AutoencoderSpec penalised =
        Cases.oneLayer(2, 3, Activation.RELU, Cases.sparsity(SparsityKind.L1, SparsityScope.UNIT));
    TrainingSettings settings =
        settings(0, 0)
            .with(
                new TrainingSettings.Optimizer(
                    0.5, LearningRate.CONSTANT, 1, Adam.Settings.DEFAULT, 4, 0));
    StepSchedule schedule = new StepSchedule(penalised, settings, 25);
    double[] weights = new double[5];
    for (int step = 0; step < 5; step++) {
      StepPlan plan = schedule.at(1 + step / 3, 1 + step % 3);
      weights[step] = plan.spec().code().sparsity().weight();
    }
    assertArrayEquals(new double[] {0.7 / 4, 0.7 / 2, 0.7 * 0.75, 0.7, 0.7}, weights, 1e-15);
    // The second epoch begins with the fourth step, the first of full weight.
    assertFalse(schedule.isSettled(1));
    assertTrue(schedule.isSettled(2));
    assertEquals(
        "sparsityWarmupSteps must be at most the steps of the training, 3, got 4; lower it, or train"
            + " longer",
        assertThrows(
                IllegalArgumentException.class,
                () -> new StepSchedule(penalised, settings.withMaxSteps(3), 25))
            .getMessage());
  }

  /** Seven steps: k falls over the first four, 9 - 7 (n - 1) / 4; the rate over the last two. */
  @Test
  void maxStepsCountsStepByStep() {
    AutoencoderSpec twoOfTwelve = KSparseCases.oneLayer(2, KSparseCases.codes(12, 2).get(0));
    TrainingSettings seven =
        new TrainingSettings(3, 0, 10, 0.5, 1, 9).with(settings(0, 2).optimizer()).withMaxSteps(7);
    StepSchedule schedule = new StepSchedule(twoOfTwelve, seven, 25);
    int[] ks = new int[7];
    double[] rates = new double[7];
    for (int step = 0; step < 7; step++) {
      StepPlan plan = schedule.at(1 + step / 3, 1 + step % 3);
      ks[step] = plan.spec().code().form().unitsKept().orElseThrow();
      rates[step] = plan.stepSize();
    }
    assertArrayEquals(new int[] {9, 7, 6, 4, 2, 2, 2}, ks);
    assertArrayEquals(new double[] {.5, .5, .5, .5, .5, .5, .25}, rates);
    // The second epoch begins with the fourth step, whose k is not the last.
    assertFalse(schedule.isSettled(2));
    assertTrue(schedule.isSettled(3));
  }

  @Test
  void moreStepsThanTheTrainingHasAreRefused() {
    assertDoesNotThrow(() -> new StepSchedule(SPEC, settings(5, 4), 25));
    assertEquals(
        "warmupSteps + decaySteps must be at most the steps of the training, 9 (maxIter = 3 epochs"
            + " of 3 batches), got 6 + 4; lower them, or set a larger maxIter or a smaller"
            + " batchSize",
        assertThrows(
                IllegalArgumentException.class, () -> new StepSchedule(SPEC, settings(6, 4), 25))
            .getMessage());
    assertEquals(
        "warmupSteps + decaySteps must be at most the steps of the training, 8 (maxSteps), got 5 +"
            + " 4; lower them, or set a larger maxSteps",
        assertThrows(
                IllegalArgumentException.class,
                () -> new StepSchedule(SPEC, settings(5, 4).withMaxSteps(8), 25))
            .getMessage());
  }

  @Test
  void longGradientsAreShortenedToTheirNorm() {
    StepPlan plan = new StepPlan(SPEC, 0.5, 2);
    assertEquals(1, plan.clipFactor(2));
    assertEquals(0.25, plan.clipFactor(8));
    assertEquals(1, StepPlan.of(SPEC, 0.5).clipFactor(1e300));
  }
}
