package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.ConvolutionCases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;

/** How often units are active, against counting them one by one. */
class FiringsTest {
  private static final int ROWS = 90;

  static Stream<Cases.Case> models() {
    Cases.Case relu =
        new Cases.Case("relu", Cases.oneLayer(6, 11, Activation.RELU, Sparsity.NONE), false);
    return Stream.concat(
            Stream.concat(Stream.of(relu), KSparseCases.few(6, 29, 3)), ConvolutionCases.few())
        .filter(of -> of.spec().code().canBeSilent() && !of.spec().code().form().needsBatch());
  }

  /** Steps of size 0 leave the parameters, so one epoch's counts are those of one look. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void areCountedExactlyOverAnEpoch(Cases.Case of) {
    AutoencoderSpec spec = of.spec();
    Cases.Data data = Cases.random(of, ROWS, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), spec.inputSize());
    float[] start = InitialParameters.of(spec, 3);
    try (Team team = new Team(3)) {
      WorkerStep steps = WorkerStep.alone(new PartitionRows(List.of(all), 0), start, team);
      TrainingSettings settings = new TrainingSettings(2, 0, 37, 0, 5);
      TrainingResult result =
          new MiniBatchLoop(spec, steps, ROWS, null, settings, epoch -> {}).run();
      assertArrayEquals(start, result.parameters());
      assertArrayEquals(frequencies(spec, start, all), result.activity().firingFrequencies());
    }
  }

  private static double[] frequencies(AutoencoderSpec spec, float[] parameters, RowBlock all) {
    Rows code = new Autoencoder(spec, ROWS).encode(parameters, all.rows()).forTraining(null).code();
    int positions = spec.code().positions();
    double[] frequencies = new double[spec.code().units()];
    for (int i = 0; i < ROWS; i++) {
      float[] row = row(code, i);
      for (int j = 0; j < frequencies.length; j++) {
        boolean active = false;
        for (int p = 0; p < positions; p++) {
          active |= row[j * positions + p] != 0;
        }
        frequencies[j] += active ? 1 : 0;
      }
    }
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] /= ROWS;
    }
    return frequencies;
  }

  private static float[] row(Rows code, int i) {
    float[] row = new float[code.columns()];
    if (code instanceof SparseRows sparse) {
      sparse.copyRow(i, row, 0);
    } else {
      DenseRows dense = (DenseRows) code;
      System.arraycopy(dense.values(), dense.rowOffset(i), row, 0, row.length);
    }
    return row;
  }

  @Test
  void silenceEndsWithTheBatchInWhichAUnitIsActive() {
    AutoencoderSpec spec = Cases.oneLayer(2, 3, Activation.RELU, Sparsity.NONE);
    Firings firings = new Firings(spec, TrainingBuffers.NONE);
    firings.beginEpoch();
    firings.add(new double[] {4, 0, 0, 10, 10, 1});
    firings.add(new double[] {0, 0, 1, 5, 0, 0});
    UnitActivity first = Firings.activity(firings.buffers());
    assertArrayEquals(new double[] {4 / 15.0, 0, 1 / 15.0}, first.firingFrequencies());
    assertArrayEquals(new long[] {5, 15, 0}, first.silentRows());
    assertEquals(10, first.candidateRows());
    assertEquals(1, first.candidateFallbacks());
    Firings resumed = new Firings(spec, firings.buffers());
    resumed.beginEpoch();
    resumed.add(new double[] {0, 0, 10, 10, 10, 2});
    UnitActivity second = Firings.activity(resumed.buffers());
    assertArrayEquals(new double[] {0, 0, 1}, second.firingFrequencies());
    assertArrayEquals(new long[] {15, 25, 0}, second.silentRows());
    assertEquals(20, second.candidateRows());
    assertEquals(3, second.candidateFallbacks());
  }

  @Test
  void unitsThatAreNeverExactlyZeroAreNotCounted() {
    AutoencoderSpec spec = Cases.oneLayer(2, 3, Activation.SIGMOID, Sparsity.NONE);
    Firings firings = new Firings(spec, TrainingBuffers.NONE);
    firings.beginEpoch();
    firings.add(new double[0]);
    assertEquals(TrainingBuffers.NONE, firings.buffers());
    assertEquals(0, Firings.activity(firings.buffers()).silentRows().length);
  }

  /** Latents that only rows of weight 0 excite are silent, and such rows are none. */
  @Test
  void rowsOfWeight0DoNotCount() {
    AutoencoderSpec spec = Cases.oneLayer(1, 2, Activation.RELU, Sparsity.NONE);
    // Unit 1 is active above 0, unit 2 below.
    float[] parameters = {1, -1, 0, 0, 1, 1, 0};
    RowBlock rows =
        new RowBlock(DenseRows.of(new float[] {1, 2, -1, 3}, 4, 1), new float[] {1, 2, 0, 0});
    BatchStep.Result result =
        WorkerStep.alone(new PartitionRows(List.of(rows), 0), parameters, Team.SOLO)
            .step(StepPlan.of(spec, 0), Batch.ALL);
    assertArrayEquals(new double[] {2, 0, 2, 0, 0}, result.firings());
    assertEquals(4, result.rows());
    Firings firings = new Firings(spec, TrainingBuffers.NONE);
    firings.beginEpoch();
    firings.add(result.firings());
    firings.add(result.firings());
    assertArrayEquals(new int[] {1}, firings.silentFor(4));
    assertArrayEquals(new int[0], firings.silentFor(5));
  }
}
