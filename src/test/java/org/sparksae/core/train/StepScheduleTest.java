package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.nn.Cases;
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
      rates[step] = schedule.at(SPEC, 1 + step / 3, 1 + step % 3).stepSize();
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
  void moreStepsThanTheTrainingHasAreRefused() {
    assertDoesNotThrow(() -> new StepSchedule(SPEC, settings(5, 4), 25));
    assertEquals(
        "warmupSteps + decaySteps must be at most the steps of the training, 9 (maxIter = 3 epochs"
            + " of 3 batches), got 6 + 4; lower them, or set a larger maxIter or a smaller"
            + " batchSize",
        assertThrows(
                IllegalArgumentException.class, () -> new StepSchedule(SPEC, settings(6, 4), 25))
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
