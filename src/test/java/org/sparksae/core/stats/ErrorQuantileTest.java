package org.sparksae.core.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.RowBlock;

/** Two looks at the rows find what sorting all errors would. */
class ErrorQuantileTest {
  private static final int ROWS = 1000;

  /** With parameters of 0 a row's reconstruction is 0, and its error its mean square. */
  private static final AutoencoderSpec SPEC =
      Cases.oneLayer(2, 1, Activation.LINEAR, Sparsity.NONE);

  private static final float[] PARAMETERS = new float[SPEC.layout().size()];

  private static RowBlock block(float[] values, float[] weights) {
    return new RowBlock(DenseRows.of(values, values.length / 2, 2), weights);
  }

  private static double threshold(RowBlock rows, double share) {
    return ErrorQuantile.threshold(SPEC, PARAMETERS, Blocks.onePartition(rows), share);
  }

  /** Over six orders of magnitude; every tenth row is one of a kind. */
  private static float[] values() {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[2 * ROWS];
    for (int i = 0; i < ROWS; i++) {
      double size = Math.pow(10, random.nextDouble(-3, 3));
      values[2 * i] = i % 10 == 0 ? 0.5f : (float) (size * random.nextDouble());
      values[2 * i + 1] = i % 10 == 0 ? 0.5f : (float) (size * random.nextDouble());
    }
    return values;
  }

  private static float error(float[] values, int row) {
    double a = values[2 * row];
    double b = values[2 * row + 1];
    return (float) ((a * a + b * b) / 2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.0005, 0.001, 0.0333, 0.29, 0.4999})
  void isThatOfSortedErrors(double share) {
    float[] values = values();
    float[] errors = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      errors[i] = error(values, i);
    }
    Arrays.sort(errors);
    float expected = errors[ROWS - 1 - (int) Math.floor(share * ROWS + 1e-9)];
    RowBlock all = block(values, null);
    assertEquals(expected, threshold(all, share), 1e-6 * expected);
    int[][] cut = {{}, {999}, {}, {1}};
    LocalPartitionSum partitions = new LocalPartitionSum(Blocks.cut(all, cut));
    assertEquals(
        threshold(all, share), ErrorQuantile.threshold(SPEC, PARAMETERS, partitions, share));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.2, 0.45})
  void aRowOfWeightThreeCountsThreeTimes(double share) {
    float[] values = values();
    float[] weights = new float[ROWS];
    float[] repeated = new float[2 * 3 * ROWS];
    int length = 0;
    for (int i = 0; i < ROWS; i++) {
      weights[i] = i % 4;
      for (int times = 0; times < i % 4; times++) {
        repeated[length++] = values[2 * i];
        repeated[length++] = values[2 * i + 1];
      }
    }
    RowBlock expected = block(Arrays.copyOf(repeated, length), null);
    assertEquals(threshold(expected, share), threshold(block(values, weights), share));
  }

  /** Errors 0, 1, 1, 4, 9 (of rows (x, x)): at most share * 5 rows are above the threshold. */
  @ParameterizedTest
  @CsvSource({
    "0, 9", "0.19, 9", "0.2, 4", "0.39, 4", "0.4, 1", "0.6, 1", "0.79, 1", "0.8, 0", "0.99, 0"
  })
  void byHand(double share, double expected) {
    float[] values = {2, 2, 1, 1, 0, 0, 3, 3, 1, 1};
    assertEquals(expected, threshold(block(values, null), share));
  }

  @Test
  void rowsWithoutWeightAreNoThreshold() {
    float[] values = {2, 2, 1, 1, 0, 0, 3, 3, 1, 1};
    assertEquals(4, threshold(block(values, new float[] {1, 1, 1, 0, 1}), 0));
    assertEquals(
        1,
        ErrorQuantile.threshold(
            SPEC,
            PARAMETERS,
            new LocalPartitionSum(
                List.of(List.of(), List.of(block(values, new float[] {0, 1, 1, 0, 1})))),
            0.3));
  }
}
