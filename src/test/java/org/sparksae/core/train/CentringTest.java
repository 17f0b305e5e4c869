package org.sparksae.core.train;

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
import org.sparksae.core.model.Target;
import org.sparksae.core.model.TopK;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.stats.Centre;
import org.sparksae.core.stats.CodeStatistics;

/**
 * Rows that share an offset: without a pre-bias, the few latents that the offset selects win every
 * row, and the others die; with one that starts at the mean, the offset is not to be seen.
 */
class CentringTest {
  private static final int INPUTS = 16;
  private static final int UNITS = 128;
  private static final int ROWS = 2000;
  private static final AutoencoderSpec PLAIN =
      new AutoencoderSpec(
          INPUTS,
          List.of(
              new HiddenLayer(UNITS, Activation.RELU, Sparsity.NONE, new TopK(8, TopK.By.VALUE))),
          Activation.LINEAR,
          false,
          0);

  /** Uniform noise, and one vector for all rows whose values are normal, times the scale. */
  private static RowBlock rows(double scale) {
    SplittableRandom random = new SplittableRandom(1);
    double[] offset = new double[INPUTS];
    for (int j = 0; j < INPUTS; j++) {
      offset[j] = scale * (random.doubles(12).sum() - 6);
    }
    float[] values = new float[ROWS * INPUTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble(-1, 1) + offset[i % INPUTS]);
    }
    return new RowBlock(DenseRows.of(values, ROWS, INPUTS), null);
  }

  /** The rows, and what they differ from their offset by, in the other order. */
  private static RowBlock withTarget(double scale) {
    DenseRows moved = (DenseRows) rows(scale).rows();
    DenseRows noise = (DenseRows) rows(0).rows();
    DenseRows both = DenseRows.zeros(ROWS, 2 * INPUTS);
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        both.values()[both.rowOffset(i) + j] = moved.get(i, j);
        both.values()[both.rowOffset(i) + INPUTS + j] = noise.get(i, INPUTS - 1 - j);
      }
    }
    return new RowBlock(both, null);
  }

  private static CodeStatistics trained(AutoencoderSpec spec, double scale) {
    RowBlock rows = spec.target() == null ? rows(scale) : withTarget(scale);
    PartitionSum data = Blocks.onePartition(rows);
    float[] start = InitialParameters.of(spec, 42);
    if (spec.preBias()) {
      int bias = spec.layout().tensor(spec.preBiasTensor()).offset();
      double[] mean = Centre.mean(data, rows.columns());
      for (int j = 0; j < INPUTS; j++) {
        start[bias + j] = (float) mean[j];
      }
    }
    BatchStep steps = WorkerStep.alone(new PartitionRows(List.of(rows), 0), start, Team.SOLO);
    TrainingSettings settings = new TrainingSettings(30, 0, 40, 1e-3, 42);
    float[] parameters =
        new MiniBatchLoop(spec, steps, ROWS, null, settings, epoch -> {}).run().parameters();
    return CodeStatistics.of(spec, parameters, data, 0);
  }

  @Test
  void anOffsetDoesNotMatterToAPreBiasThatStartsAtTheMean() {
    AutoencoderSpec spec = PLAIN.withPreBias(true);
    CodeStatistics centred = trained(spec, 0);
    assertTrue(centred.explainedVariance() > 0.86, "centred " + centred);
    assertTrue(centred.deadUnits().length < 32, "centred " + centred);
    for (double scale : new double[] {1, 10, 100}) {
      CodeStatistics moved = trained(spec, scale);
      assertEquals(centred.explainedVariance(), moved.explainedVariance(), 0.003);
      assertEquals(centred.deadUnits().length, moved.deadUnits().length, 4);
    }
  }

  /** Neither to the code nor to the skip connection, which finds most of this target. */
  @Test
  void anOffsetDoesNotMatterToATranscoderWithAPreBias() {
    for (boolean skip : new boolean[] {false, true}) {
      AutoencoderSpec spec = PLAIN.withPreBias(true).withTarget(new Target(INPUTS, skip));
      CodeStatistics centred = trained(spec, 0);
      CodeStatistics moved = trained(spec, 100);
      assertTrue(centred.explainedVariance() > (skip ? 0.95 : 0.7), "centred " + centred);
      assertEquals(centred.explainedVariance(), moved.explainedVariance(), 0.01);
      assertEquals(centred.deadUnits().length, moved.deadUnits().length, 8);
    }
  }

  @Test
  void withoutOneLatentsDie() {
    CodeStatistics moved = trained(PLAIN, 10);
    assertTrue(moved.explainedVariance() < 0.3, "moved " + moved);
    assertTrue(moved.deadUnits().length > 100, "moved " + moved);
  }
}
