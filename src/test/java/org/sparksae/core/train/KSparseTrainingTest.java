package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.TopK;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.stats.CodeStatistics;

/** Rows that are sparse sums of the words of a dictionary are learnt by a k-sparse code. */
class KSparseTrainingTest {
  private static final int INPUTS = 16;
  private static final int WORDS = 20;
  private static final int WORDS_OF_A_ROW = 2;
  private static final int ROWS = 1000;

  private static final AutoencoderSpec SPEC =
      new AutoencoderSpec(
          INPUTS,
          List.of(
              new HiddenLayer(
                  2 * WORDS,
                  Activation.RELU,
                  Sparsity.NONE,
                  new TopK(WORDS_OF_A_ROW, TopK.By.VALUE))),
          Activation.LINEAR,
          false,
          0);

  /** Unit words of random direction; each row two of them, in amounts from 0.5 to 1.5. */
  private static RowBlock rows() {
    SplittableRandom random = new SplittableRandom(1);
    double[][] words = new double[WORDS][INPUTS];
    for (double[] word : words) {
      double squares = 0;
      for (int j = 0; j < INPUTS; j++) {
        word[j] = random.nextDouble(-1, 1) + random.nextDouble(-1, 1);
        squares += word[j] * word[j];
      }
      for (int j = 0; j < INPUTS; j++) {
        word[j] /= Math.sqrt(squares);
      }
    }
    float[] values = new float[ROWS * INPUTS];
    for (int i = 0; i < ROWS; i++) {
      for (int n = 0; n < WORDS_OF_A_ROW; n++) {
        double[] word = words[random.nextInt(WORDS)];
        double amount = random.nextDouble(0.5, 1.5);
        for (int j = 0; j < INPUTS; j++) {
          values[i * INPUTS + j] += (float) (amount * word[j]);
        }
      }
    }
    return new RowBlock(DenseRows.of(values, ROWS, INPUTS), null);
  }

  private static float[] train(RowBlock rows, int kStart) {
    float[] start = InitialParameters.of(SPEC, 42);
    BatchStep steps = WorkerStep.alone(new PartitionRows(List.of(rows), 0), start, Team.SOLO);
    TrainingSettings settings = new TrainingSettings(40, 0, 50, 0.01, 42, kStart);
    return new MiniBatchLoop(SPEC, steps, ROWS, null, settings, epoch -> {}).run().parameters();
  }

  @Test
  void theDictionaryExplainsTheRows() {
    RowBlock rows = rows();
    PartitionSum data = Blocks.onePartition(rows);
    float[] start = InitialParameters.of(SPEC, 42);
    float[] trained = train(rows, 12);
    CodeStatistics before = CodeStatistics.of(SPEC, start, data, 0);
    CodeStatistics after = CodeStatistics.of(SPEC, trained, data, 0);
    // Two directions of sixteen explain an eighth of rows without structure.
    assertTrue(before.explainedVariance() < 0.2, "before " + before.explainedVariance());
    assertTrue(after.explainedVariance() > 0.9, "after " + after.explainedVariance());
    assertTrue(after.l0() <= WORDS_OF_A_ROW && after.l0() > 1.5, "l0 " + after.l0());
    assertEquals(ROWS, after.rows());
    assertArrayEquals(trained, train(rows, 12), "the same seeds give the same bits");
  }
}
