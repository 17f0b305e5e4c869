package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.collective.LocalRanks;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LifetimeCases;
import org.sparksae.core.nn.PreBiasCases;
import org.sparksae.core.nn.ReferenceAutoencoder;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.Corruption;
import org.sparksae.core.rows.CorruptionKind;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.Noise;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;

/** The encoder sees corrupted rows, the objective clean ones, on every way to the gradient. */
class CorruptedTrainingTest {
  private static final int INPUTS = 13;
  private static final int ROWS = 100;
  private static final int[][] CUT = {{31}, {}, {1, 20}, {48}};
  private static final int SEED = 5;

  /**
   * Corruptions, and models of one layer, of two tied ones, k-sparse, winner-take-all, with a
   * pre-bias.
   */
  private record Trial(Corruption corruption, Cases.Case of) {
    @Override
    public String toString() {
      return corruption.kind().paramName() + ", " + of.name();
    }
  }

  static Stream<Trial> trials() {
    Sparsity divergence = Cases.sparsity(SparsityKind.KL, SparsityScope.UNIT);
    HiddenLayer first = new HiddenLayer(7, Activation.SIGMOID, divergence);
    HiddenLayer second =
        new HiddenLayer(
            5, Activation.TANH, Cases.sparsity(SparsityKind.TARGET_L2, SparsityScope.UNIT));
    List<Cases.Case> models = new ArrayList<>();
    models.add(
        new Cases.Case(
            "one layer", Cases.oneLayer(INPUTS, 7, Activation.SIGMOID, divergence), true));
    models.add(
        new Cases.Case(
            "two tied layers",
            new AutoencoderSpec(INPUTS, List.of(first, second), Activation.LINEAR, true, 0.01),
            false));
    models.add(KSparseCases.few(INPUTS, 17, 3).findFirst().orElseThrow());
    models.add(LifetimeCases.grid(INPUTS, 9).findFirst().orElseThrow());
    models.add(PreBiasCases.with(KSparseCases.few(INPUTS, 17, 3).findFirst().orElseThrow()));
    return models.stream()
        .flatMap(
            of ->
                Stream.of(
                        new Corruption(CorruptionKind.MASKING, 0.3),
                        new Corruption(CorruptionKind.GAUSSIAN, 0.4),
                        new Corruption(CorruptionKind.SALT_AND_PEPPER, 0.3))
                    .map(corruption -> new Trial(corruption, of)));
  }

  /** What the encoder is to see of rows, in double; all rows in their order. */
  private static double[][] corrupted(double[][] rows, Noise noise) {
    double[][] inputs = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      float[] row = Cases.floats(rows[i]);
      noise.generator().corrupt(i, row, 0, row.length);
      inputs[i] = new double[row.length];
      for (int j = 0; j < row.length; j++) {
        inputs[i][j] = row[j];
      }
    }
    return inputs;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  void everyTermAndTensorIsThatOfTheReference(Trial trial) {
    AutoencoderSpec spec = trial.of.spec();
    Cases.Data data = Cases.random(trial.of, ROWS, 1);
    Noise noise = trial.corruption.at(SEED, 3);
    ReferenceAutoencoder.Result expected =
        new ReferenceAutoencoder(spec)
            .evaluate(
                data.parameters(), corrupted(data.rows(), noise), data.rows(), data.weights());
    RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
    float[] parameters = Cases.floats(data.parameters());
    // In the rows' order, and in another with rows from here and there; for one layer in one pass.
    Batch epoch = Batch.of(new RowPermutation(ROWS, 1, 1), 0, ROWS);
    for (Batch batch : List.of(Batch.ALL.with(noise), epoch.with(noise))) {
      for (List<List<RowBlock>> partitions : partitionings(all)) {
        GradientSource source = new GradientSource(spec, new LocalPartitionSum(partitions));
        Evaluation actual = source.evaluate(parameters, batch);
        for (String term : actual.terms().names()) {
          double of = Blocks.difference(expected.terms().get(term), actual.terms().get(term));
          assertTrue(of < 1e-4, () -> term + " differs by " + of);
          double again =
              Blocks.difference(
                  actual.terms().get(term), source.terms(parameters, batch).get(term));
          assertTrue(again < 1e-5, () -> term + " alone differs by " + again);
        }
        for (Tensor tensor : spec.layout().tensors()) {
          double of = Cases.difference(expected.gradient(), actual.gradient(), tensor);
          assertTrue(of < 1e-4, () -> tensor.name() + " differs by " + of);
        }
      }
    }
  }

  /** One block; cut; and the same with sparse blocks, some or all. */
  private static List<List<List<RowBlock>>> partitionings(RowBlock all) {
    List<List<RowBlock>> cut = Blocks.cut(all, CUT);
    return List.of(List.of(List.of(all)), cut, Blocks.sparse(cut, false), Blocks.sparse(cut, true));
  }

  /** The gradient with respect to the parameters at fixed noise, by central differences. */
  @Test
  void theReferenceIsRightAboutInputsThatAreNotTheTarget() {
    Cases.Case of = trials().findFirst().orElseThrow().of;
    Cases.Data data = Cases.random(of, 9, 1);
    double[][] inputs =
        corrupted(data.rows(), new Corruption(CorruptionKind.GAUSSIAN, 0.4).at(1, 1));
    ReferenceAutoencoder reference = new ReferenceAutoencoder(of.spec());
    double[] gradient =
        reference.evaluate(data.parameters(), inputs, data.rows(), data.weights()).gradient();
    double[] differences = new double[gradient.length];
    double step = 1e-5;
    for (int p = 0; p < differences.length; p++) {
      double[] moved = data.parameters().clone();
      moved[p] += step;
      double above = reference.objective(moved, inputs, data.rows(), data.weights());
      moved[p] -= 2 * step;
      double below = reference.objective(moved, inputs, data.rows(), data.weights());
      differences[p] = (above - below) / (2 * step);
    }
    assertTrue(Cases.difference(differences, gradient) < 1e-8);
  }

  private static TrainingState start(AutoencoderSpec spec) {
    return TrainingState.start(InitialParameters.of(spec, 3));
  }

  private static TrainingSettings settings(Corruption corruption) {
    return new TrainingSettings(3, 0, 37, 0.01, SEED).with(corruption);
  }

  /** By a tree: gradients are collected from partitions. */
  private static TrainingResult collected(Trial trial, List<List<RowBlock>> partitions) {
    AutoencoderSpec spec = trial.of.spec();
    TrainingSettings settings = settings(trial.corruption);
    GradientSource source = new GradientSource(spec, new LocalPartitionSum(partitions));
    SourceStep steps = new SourceStep(source, start(spec), Adam.Settings.DEFAULT);
    return new MiniBatchLoop(spec, steps, ROWS, source, settings, iteration -> {}).run();
  }

  /**
   * By an all-reduce of a worker for each partition; a new one goes on after each {@code
   * iterations}.
   */
  private static TrainingResult worked(
      Trial trial, List<List<RowBlock>> partitions, int teamSize, int iterations) {
    AutoencoderSpec spec = trial.of.spec();
    TrainingSettings settings = settings(trial.corruption);
    return LocalRanks.run(
            partitions.size(),
            collective -> {
              try (Team team = new Team(teamSize)) {
                PartitionRows rows = share(partitions, collective.rank());
                int size = spec.layout().size();
                TrainingState start = start(spec);
                Adam.State optimizer =
                    start.optimizer().slice(collective.from(size), collective.to(size));
                TrainingState state =
                    new TrainingState(start.parameters(), optimizer, start.progress());
                while (state.progress().goesOn(settings.length(ROWS))) {
                  TrainingWorker.Job job = new TrainingWorker.Job(spec, settings, ROWS);
                  TrainingWorker.Start from = TrainingWorker.Start.of(job, state, iterations);
                  state = OneTraining.run(from, rows, rows, collective, team, 1e9);
                  // Others may still be reading what this worker shows.
                  collective.allReduceSum(new double[1]);
                }
                return state.result();
              }
            })
        .get(0);
  }

  private static PartitionRows share(List<List<RowBlock>> partitions, int rank) {
    long first = 0;
    for (List<RowBlock> before : partitions.subList(0, rank)) {
      first += before.stream().mapToLong(block -> block.rows().rows()).sum();
    }
    return new PartitionRows(partitions.get(rank), first);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  void partitionsWorkersAndPausesMakeNoDifference(Trial trial) {
    Cases.Data data = Cases.random(trial.of, ROWS, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
    List<List<RowBlock>> one = List.of(List.of(all));
    TrainingResult expected = collected(trial, one);
    for (List<List<RowBlock>> partitions : partitionings(all)) {
      assertSameRun(expected, collected(trial, partitions));
      assertSameRun(expected, worked(trial, partitions, 1, 3));
    }
    TrainingResult whole = worked(trial, Blocks.cut(all, CUT), 2, 3);
    assertSameRun(expected, whole);
    TrainingResult paused = worked(trial, Blocks.cut(all, CUT), 2, 1);
    assertArrayEquals(whole.parameters(), paused.parameters());

    Trial clean = new Trial(Corruption.NONE, trial.of);
    assertTrue(difference(expected.parameters(), collected(clean, one).parameters()) > 1e-3);
  }

  private static void assertSameRun(TrainingResult expected, TrainingResult actual) {
    assertTrue(difference(expected.parameters(), actual.parameters()) < 1e-4);
    for (int iteration = 0; iteration < expected.history().size(); iteration++) {
      IterationRecord left = expected.history().get(iteration);
      IterationRecord right = actual.history().get(iteration);
      assertTrue(Blocks.difference(left.terms().total(), right.terms().total()) < 1e-4);
      assertTrue(Blocks.difference(left.validationObjective(), right.validationObjective()) < 1e-4);
    }
  }

  private static double difference(float[] a, float[] b) {
    double[] left = new double[a.length];
    double[] right = new double[b.length];
    Arrays.setAll(left, i -> a[i]);
    Arrays.setAll(right, i -> b[i]);
    return Cases.difference(left, right);
  }

  /** A line search compares values: they have to be of one function. */
  @Test
  void fullBatchesHaveOneNoise() {
    Trial trial = trials().filter(t -> t.of.weighted()).findFirst().orElseThrow();
    AutoencoderSpec spec = trial.of.spec();
    Cases.Data data = Cases.random(trial.of, ROWS, 1);
    PartitionSum rows = Blocks.onePartition(Blocks.block(data.rows(), data.weights(), INPUTS));
    GradientSource source = new GradientSource(spec, rows);
    TrainingSettings settings = new TrainingSettings(30, 0, 1, 1, SEED).with(trial.corruption);
    FullBatchState start = FullBatchState.start(start(spec).parameters());
    TrainingResult result = new FullBatchLoop(source, null, settings, iteration -> {}, start).run();
    List<IterationRecord> history = result.history();
    for (int iteration = 1; iteration < history.size(); iteration++) {
      assertTrue(
          history.get(iteration).terms().total() <= history.get(iteration - 1).terms().total());
    }
    assertEquals(30, history.size());
    Batch same = Batch.ALL.with(trial.corruption.at(SEED, Noise.FIXED));
    double last = history.get(29).terms().total();
    assertEquals(last, source.terms(result.parameters(), same).total(), 1e-5 * last);
    double clean = source.terms(result.parameters(), Batch.ALL).total();
    assertTrue(Math.abs(last - clean) > 1e-3 * last);
  }

  /** Each epoch draws anew, and the validation rows, with which it is compared, do not. */
  @Test
  void miniBatchesHaveANoiseForEachEpoch() {
    Trial trial = trials().findFirst().orElseThrow();
    AutoencoderSpec spec = trial.of.spec();
    Cases.Data data = Cases.random(trial.of, ROWS, 1);
    GradientSource source =
        new GradientSource(
            spec, Blocks.onePartition(Blocks.block(data.rows(), data.weights(), INPUTS)));
    List<Batch> seen = new ArrayList<>();
    BatchStep still = new StandingStill(start(spec).parameters(), source, seen);
    TrainingResult result =
        new MiniBatchLoop(spec, still, ROWS, source, settings(trial.corruption), iteration -> {})
            .run();
    List<IterationRecord> history = result.history();
    assertEquals(9, seen.size());
    assertTrue(seen.stream().allMatch(batch -> batch.noise() != null));
    assertFalse(history.get(0).terms().total() == history.get(1).terms().total());
    assertEquals(history.get(0).validationObjective(), history.get(2).validationObjective());
    Batch fixed = Batch.ALL.with(trial.corruption.at(SEED, Noise.FIXED));
    assertEquals(
        source.terms(still.parameters(), fixed).total(), history.get(0).validationObjective());
  }

  /** Looks at batches, and stays where it is. */
  private record StandingStill(float[] parameters, GradientSource source, List<Batch> seen)
      implements BatchStep {
    @Override
    public Result step(StepPlan plan, Batch batch) {
      seen.add(batch);
      long rows = batch.to() - batch.from();
      int units = ObjectiveLayout.of(plan.spec()).units();
      return new Result(
          source.terms(parameters, batch),
          rows,
          true,
          rows,
          new double[units + 1],
          null,
          new double[0]);
    }

    @Override
    public double[] sum(PartitionFunction function) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void restart(int[] changed) {}

    @Override
    public Adam.State optimizer() {
      return Adam.State.start(parameters.length);
    }
  }
}
