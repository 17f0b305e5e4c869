package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.JumpReluTraining;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.GateCases;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.stats.CodeStatistics;

/** A trained model has the number of active latents that the target asks for, on photographs. */
class TargetL0Test {
  private static final int SIDE = 8;
  private static final int INPUTS = SIDE * SIDE;
  private static final int ROWS = 1000;

  /** Patches of a photograph, without their mean, with a variance of 1 over all values. */
  private static RowBlock patches() throws IOException {
    Raster photograph;
    try (InputStream in = TargetL0Test.class.getResourceAsStream("/photographs/life.png")) {
      photograph = ImageIO.read(in).getRaster();
    }
    SplittableRandom random = new SplittableRandom(1);
    double[] values = new double[ROWS * INPUTS];
    double squares = 0;
    for (int i = 0; i < ROWS; i++) {
      int left = random.nextInt(photograph.getWidth() - SIDE);
      int top = random.nextInt(photograph.getHeight() - SIDE);
      double mean = 0;
      for (int p = 0; p < INPUTS; p++) {
        values[i * INPUTS + p] = photograph.getSample(left + p % SIDE, top + p / SIDE, 0);
        mean += values[i * INPUTS + p] / INPUTS;
      }
      for (int p = 0; p < INPUTS; p++) {
        values[i * INPUTS + p] -= mean;
        squares += values[i * INPUTS + p] * values[i * INPUTS + p];
      }
    }
    float[] scaled = new float[values.length];
    for (int p = 0; p < scaled.length; p++) {
      scaled[p] = (float) (values[p] / Math.sqrt(squares / values.length));
    }
    return new RowBlock(DenseRows.of(scaled, ROWS, INPUTS), null);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 20})
  void isReached(int target) throws IOException {
    RowBlock rows = patches();
    AutoencoderSpec spec =
        GateCases.spec(
                INPUTS,
                128,
                new JumpReluTraining(0.1, 0.5),
                new Sparsity(SparsityKind.TARGET_L0, SparsityScope.UNIT, 64, target))
            .with(DecoderNorm.UNIT);
    float[] start = InitialParameters.tied(spec, 42, 1);
    BatchStep steps = WorkerStep.alone(new PartitionRows(List.of(rows), 0), start, Team.SOLO);
    TrainingSettings settings = new TrainingSettings(50, 0, 50, 1e-2, 42);
    TrainingResult result = new MiniBatchLoop(spec, steps, ROWS, null, settings, epoch -> {}).run();
    CodeStatistics statistics =
        CodeStatistics.of(spec.trained(), result.parameters(), Blocks.onePartition(rows), 0);
    assertEquals(target, statistics.l0(), 0.1 * target);
    assertTrue(statistics.explainedVariance() > 0.75, statistics.toString());
  }
}
