package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.BatchTopK;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LatentCases;

/** The threshold of a trained BatchTopK model. */
class RunningThresholdTest {
  private static final AutoencoderSpec SPEC = LatentCases.spec(2, 4, new BatchTopK(1), false);

  @Test
  void isAMeanThatBeginsWithTheFirstStep() {
    RunningThreshold threshold = new RunningThreshold(SPEC, TrainingBuffers.NONE);
    assertEquals(0, RunningThreshold.of(threshold.buffers(), false));
    assertEquals(0, threshold.last());
    threshold.add(1, new float[] {2});
    assertEquals(2, RunningThreshold.of(threshold.buffers(), false));
    threshold.isBest();
    threshold.add(11, new float[] {3});
    // A rate of 10 / (11 + 9): the mean reaches over a tenth of the steps.
    assertEquals(2.5, RunningThreshold.of(threshold.buffers(), false), 1e-15);
    assertEquals(3, threshold.last());
    assertEquals(2, RunningThreshold.of(threshold.buffers(), true));
  }

  @Test
  void goesOnFromBuffersAndLeavesOutBatchesThatKeptNothing() {
    RunningThreshold threshold = new RunningThreshold(SPEC, TrainingBuffers.NONE);
    threshold.add(1, new float[] {2});
    threshold.isBest();
    RunningThreshold resumed = new RunningThreshold(SPEC, threshold.buffers());
    resumed.add(5000, new float[] {Float.POSITIVE_INFINITY});
    assertEquals(2, RunningThreshold.of(resumed.buffers(), false));
    assertEquals(2, resumed.last());
    resumed.add(5001, new float[] {1});
    // 0.99 2 + 0.01 1: after a thousand steps, the rate is constant.
    assertEquals(1.99, RunningThreshold.of(resumed.buffers(), false), 1e-15);
    assertEquals(2, RunningThreshold.of(resumed.buffers(), true));
  }

  /** While a training is short, thresholds grow fast: the mean must not stay at their beginning. */
  @Test
  void followsShortTrainings() {
    RunningThreshold threshold = new RunningThreshold(SPEC, TrainingBuffers.NONE);
    for (int step = 1; step <= 150; step++) {
      threshold.add(step, new float[] {step / 150f});
    }
    assertEquals(0.9, RunningThreshold.of(threshold.buffers(), false), 0.02);
  }

  @Test
  void otherKindsHaveNone() {
    AutoencoderSpec topK = KSparseCases.oneLayer(2, KSparseCases.codes(4, 1).get(0));
    RunningThreshold threshold = new RunningThreshold(topK, TrainingBuffers.NONE);
    threshold.add(1, null);
    assertEquals(TrainingBuffers.NONE, threshold.buffers());
    assertEquals(0, RunningThreshold.of(TrainingBuffers.NONE, false));
  }
}
