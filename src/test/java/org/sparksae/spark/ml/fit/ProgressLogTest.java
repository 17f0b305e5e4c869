package org.sparksae.spark.ml.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.KSchedule;
import org.sparksae.core.train.TrainingLength;

/** What a line of progress says. */
class ProgressLogTest {
  private static final AutoencoderSpec SPEC =
      KSparseCases.oneLayer(1, KSparseCases.codes(40, 3).get(0));

  private static String line(int iteration, TrainingLength length) {
    ObjectiveTerms terms = new ObjectiveTerms(List.of("reconstruction"), new double[] {0.5});
    return new ProgressLog(
            "", Stage.JOINT, "epoch", length, new KSchedule(SPEC, 23, length.limit()), () -> 1)
        .line(new IterationRecord(iteration, terms, Double.NaN, 1000, 2));
  }

  /** Over P = 5 of 10 epochs, k is 23 - 20 (p - 1) / 5. */
  @Test
  void kIsNamedWhileItFalls() {
    TrainingLength epochs = TrainingLength.ofEpochs(4, 10);
    String start = ": objective 0.500000 (reconstruction 0.500000)";
    assertEquals("epoch 2/10" + start + ", k = 19, 500 rows/s", line(2, epochs));
    assertEquals("epoch 6/10" + start + ", 500 rows/s", line(6, epochs));
  }

  /** Epochs end after 4, 8 and 10 of 10 steps. */
  @Test
  void maxStepsLowersItStepByStep() {
    TrainingLength steps = TrainingLength.ofSteps(4, 10);
    assertEquals(", k = 11, 500 rows/s", end(line(1, steps)));
    assertEquals(", 500 rows/s", end(line(2, steps)));
    assertEquals(", 500 rows/s", end(line(3, steps)));
  }

  private static String end(String line) {
    return line.substring(line.indexOf(')') + 1);
  }
}
