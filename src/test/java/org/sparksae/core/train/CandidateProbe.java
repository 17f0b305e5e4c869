package org.sparksae.core.train;

import java.util.List;
import java.util.SplittableRandom;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.AuxK;
import org.sparksae.core.model.BatchTopK;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.CodeLoss;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.TopK;
import org.sparksae.core.nn.LatentCases;
import org.sparksae.core.nn.code.CodeMemory;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;

/**
 * A JVM of its own: trains a little, and prints of each step the kind of code and of aggregation,
 * the objective, how many rows' codes were selected from candidates, and how many fell back.
 */
final class CandidateProbe {
  private static final int INPUTS = 48;
  private static final int UNITS = 2000;

  /** More than a tile of a member has. */
  private static final int ROWS = 2500;

  private static final int STEPS = 4;

  /** All rows, but as a mini-batch: only of those, a tree counts firings. */
  private static final Batch ALL = Batch.of(new RowPermutation(ROWS, 1, 1), 0, ROWS);

  private static final CodeLoss AUX_K = new CodeLoss(new AuxK(4, 1.0 / 32, 2000), List.of(), false);

  private CandidateProbe() {}

  public static void main(String[] args) {
    train("topK", new TopK(8, TopK.By.VALUE));
    train("multiTopK", new TopK(8, TopK.By.VALUE, new CodeLoss(null, List.of(), true)));
    train("topK+auxK", new TopK(8, TopK.By.VALUE, AUX_K));
    train("nested", new TopK(8, TopK.By.VALUE, new CodeLoss(null, List.of(500, UNITS), false)));
    train("batchTopK", new BatchTopK(8));
    train("batchTopK+auxK", new BatchTopK(8, AUX_K));
  }

  private static void train(String name, CodeForm form) {
    SplittableRandom random = new SplittableRandom(1);
    DenseRows rows = DenseRows.zeros(ROWS, INPUTS);
    for (int i = 0; i < rows.values().length; i++) {
      rows.values()[i] = (float) random.nextGaussian();
    }
    RowBlock block = new RowBlock(rows, null);
    AutoencoderSpec spec = LatentCases.spec(INPUTS, UNITS, form, false);
    float[] start = InitialParameters.of(spec, 1);
    try (Team team = new Team(2)) {
      train(
          name + " workers",
          spec,
          WorkerStep.alone(new PartitionRows(List.of(block), 0), start, team));
    }
    train(
        name + " tree",
        spec,
        new SourceStep(
            new GradientSource(spec, new LocalPartitionSum(List.of(List.of(block)))),
            new TrainingState(
                start,
                Adam.State.start(start.length),
                TrainingBuffers.NONE,
                TrainingProgress.START),
            Adam.Settings.DEFAULT));
  }

  private static void train(String name, AutoencoderSpec spec, BatchStep steps) {
    Firings firings = new Firings(spec, TrainingBuffers.NONE);
    AuxK auxK = spec.code().form().loss().auxK();
    float threshold = 0;
    for (int step = 0; step < STEPS; step++) {
      int[] dead = auxK == null ? new int[0] : firings.silentFor(auxK.deadAfterRows());
      StepPlan plan = StepPlan.of(spec, 1e-3).with(new CodeMemory(dead, threshold));
      BatchStep.Result result = steps.step(plan, ALL);
      firings.add(result.firings());
      threshold = result.found() == null ? 0 : result.found()[0];
      long candidates = (long) result.firings()[UNITS + 1];
      long fallbacks = (long) result.firings()[UNITS + 2];
      System.out.println(
          String.join(" ", name, "" + result.terms().total(), candidates + "/" + fallbacks));
    }
  }
}
