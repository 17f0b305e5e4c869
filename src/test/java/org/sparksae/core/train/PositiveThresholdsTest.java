package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.collective.LocalRanks;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.JumpReluTraining;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.GateCases;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;

/** Thresholds start where they are told to, and large steps do not make them 0 or negative. */
class PositiveThresholdsTest {
  private static final int ROWS = 60;

  /** Steps are a hundred times as long as the thresholds. */
  private static final TrainingSettings SETTINGS = new TrainingSettings(3, 0, 20, 0.3, 5);

  private static final AutoencoderSpec SPEC =
      GateCases.spec(7, 12, new JumpReluTraining(0.003, 1), Sparsity.NONE);

  private static final Tensor THRESHOLDS = SPEC.layout().tensor(ParameterLayout.threshold(1));

  private static RowBlock rows() {
    Cases.Data data = Cases.random(new Cases.Case("", SPEC, false), ROWS, 1);
    return Blocks.block(data.rows(), data.weights(), SPEC.inputSize());
  }

  private static void assertPositive(float[] parameters) {
    int least = 0;
    for (int i = THRESHOLDS.offset(); i < THRESHOLDS.end(); i++) {
      assertTrue(parameters[i] >= Float.MIN_NORMAL, "threshold " + parameters[i]);
      least += parameters[i] == Float.MIN_NORMAL ? 1 : 0;
    }
    assertTrue(least > 0, "no step was too long");
  }

  @Test
  void startsAreThoseOfTheForm() {
    float[] start = InitialParameters.tied(SPEC, 3, 1);
    for (int i = THRESHOLDS.offset(); i < THRESHOLDS.end(); i++) {
      assertEquals(0.003f, start[i]);
    }
  }

  @Test
  void thresholdsOfWorkersStayPositive() {
    float[] start = InitialParameters.of(SPEC, 3);
    for (int size : new int[] {1, 2, 5}) {
      LocalRanks.run(
          size,
          collective -> {
            int share = ROWS / collective.size();
            int from = collective.rank() * share;
            RowBlock own = rows().slice(from, from + share);
            assertPositive(worked(own, from, start, collective));
            return true;
          });
    }
  }

  private static float[] worked(RowBlock own, int from, float[] start, Collective collective) {
    int p = start.length;
    Adam.State moments = Adam.State.start(p).slice(collective.from(p), collective.to(p));
    WorkerStep steps =
        new WorkerStep(
            new PartitionRows(List.of(own), from),
            start,
            moments,
            Adam.Settings.DEFAULT,
            collective,
            Team.SOLO);
    return new MiniBatchLoop(SPEC, steps, ROWS, null, SETTINGS, iteration -> {}).run().parameters();
  }

  @Test
  void thresholdsOfCollectedGradientsStayPositive() {
    float[] start = InitialParameters.of(SPEC, 3);
    GradientSource source = new GradientSource(SPEC, Blocks.onePartition(rows()));
    SourceStep steps = new SourceStep(source, TrainingState.start(start), Adam.Settings.DEFAULT);
    assertPositive(
        new MiniBatchLoop(SPEC, steps, ROWS, null, SETTINGS, iteration -> {}).run().parameters());
  }
}
