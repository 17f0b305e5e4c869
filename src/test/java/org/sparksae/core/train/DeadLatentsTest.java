package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.AuxK;
import org.sparksae.core.model.CodeLoss;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.TopK;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;

/** What the auxiliary loss is for: latents that were dead are used again. */
class DeadLatentsTest {
  private static final int INPUTS = 16;
  private static final int UNITS = 128;
  private static final int ROWS = 1000;
  private static final int EPOCHS = 40;

  private static TrainingResult train(CodeLoss loss) {
    TopK form = new TopK(8, TopK.By.VALUE, loss);
    HiddenLayer code = new HiddenLayer(UNITS, Activation.RELU, Sparsity.NONE, form);
    AutoencoderSpec spec = new AutoencoderSpec(INPUTS, List.of(code), Activation.LINEAR, false, 0);
    PartitionRows rows = new PartitionRows(List.of(rows()), 0);
    WorkerStep steps = WorkerStep.alone(rows, InitialParameters.of(spec, 1), Team.SOLO);
    TrainingSettings settings = new TrainingSettings(EPOCHS, 0, 50, 3e-3, 1);
    return new MiniBatchLoop(spec, steps, ROWS, null, settings, epoch -> {}).run();
  }

  private static RowBlock rows() {
    SplittableRandom random = new SplittableRandom(7);
    float[] values = new float[ROWS * INPUTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return new RowBlock(DenseRows.of(values, ROWS, INPUTS), null);
  }

  private static long dead(TrainingResult result) {
    return Arrays.stream(result.activity().silentRows()).filter(silent -> silent >= ROWS).count();
  }

  private static double reconstruction(TrainingResult result) {
    return result.history().get(EPOCHS - 1).terms().get("reconstruction");
  }

  /** About 95 of 128 latents are dead without it and about half as many with it. */
  @Test
  void auxKRevivesThemAndTheReconstructionIsBetter() {
    TrainingResult without = train(CodeLoss.PLAIN);
    TrainingResult with = train(new CodeLoss(new AuxK(8, 1.0 / 32, 500), List.of()));
    assertTrue(dead(without) > UNITS / 2, dead(without) + " are dead without it");
    assertTrue(
        3 * dead(with) < 2 * dead(without),
        () -> dead(with) + " of " + dead(without) + " stay dead");
    assertTrue(reconstruction(with) < 0.9 * reconstruction(without));
  }
}
