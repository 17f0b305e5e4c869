package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.train.TrainingSettings.Optimizer;

/** What is recommended where training diverges. */
class TrainingSettingsTest {
  @Test
  void remediesAreThoseThatAreNotInUse() {
    assertEquals(
        "lower stepSize (it is 0.5), for example to 0.05, set warmupSteps, set gradientClip, or scale"
            + " the input",
        Optimizer.of(0.5).remedies());
    assertEquals(
        "lower stepSize (it is 0.5), for example to 0.05, or scale the input",
        new Optimizer(0.5, new LearningRate(10, 0), 1, Adam.Settings.DEFAULT).remedies());
  }

  /** 0.9^2 = 0.81. */
  @Test
  void momentsThatDoNotBoundTheStepAreNamed() {
    assertEquals(
        "lower stepSize (it is 0.5), for example to 0.05, raise adamBeta2 (it is 0.8) above the square"
            + " of adamBeta1 (it is 0.9), or scale the input",
        new Optimizer(0.5, new LearningRate(10, 0), 1, new Adam.Settings(0.9, 0.8, 1e-8))
            .remedies());
  }
}
