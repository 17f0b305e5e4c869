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
    threshold.add(new float[] {2});
    assertEquals(2, RunningThreshold.of(threshold.buffers(), false));
    threshold.isBest();
    threshold.add(new float[] {3});
    // 0.99 2 + 0.01 3
    assertEquals(2.01, RunningThreshold.of(threshold.buffers(), false), 1e-15);
    assertEquals(3, threshold.last());
    assertEquals(2, RunningThreshold.of(threshold.buffers(), true));
  }

  @Test
  void goesOnFromBuffersAndLeavesOutBatchesThatKeptNothing() {
    RunningThreshold threshold = new RunningThreshold(SPEC, TrainingBuffers.NONE);
    threshold.add(new float[] {2});
    threshold.isBest();
    RunningThreshold resumed = new RunningThreshold(SPEC, threshold.buffers());
    resumed.add(new float[] {Float.POSITIVE_INFINITY});
    assertEquals(2, RunningThreshold.of(resumed.buffers(), false));
    assertEquals(2, resumed.last());
    resumed.add(new float[] {1});
    assertEquals(1.99, RunningThreshold.of(resumed.buffers(), false), 1e-15);
    assertEquals(2, RunningThreshold.of(resumed.buffers(), true));
  }

  @Test
  void otherKindsHaveNone() {
    AutoencoderSpec topK = KSparseCases.oneLayer(2, KSparseCases.codes(4, 1).get(0));
    RunningThreshold threshold = new RunningThreshold(topK, TrainingBuffers.NONE);
    threshold.add(null);
    assertEquals(TrainingBuffers.NONE, threshold.buffers());
    assertEquals(0, RunningThreshold.of(TrainingBuffers.NONE, false));
  }
}
