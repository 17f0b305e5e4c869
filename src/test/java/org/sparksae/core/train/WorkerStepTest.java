package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.ConvolutionCases;
import org.sparksae.core.nn.GateCases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LatentCases;
import org.sparksae.core.nn.LifetimeCases;
import org.sparksae.core.nn.PreBiasCases;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;

/** A worker that has all rows trains like a loop that collects gradients. */
class WorkerStepTest {
  private static final int INPUTS = 13;
  private static final int ROWS = 100;
  private static final int[][] CUT = {{31}, {}, {1, 20}, {48}};
  private static final double STEP_SIZE = 0.01;
  private static final List<Team> TEAMS = List.of(Team.SOLO, new Team(2), new Team(3));

  @AfterAll
  static void close() {
    TEAMS.forEach(Team::close);
  }

  /** Every penalty, every kind of code at every depth, pre-biases, and convolutions. */
  static Stream<Cases.Case> models() {
    Stream<Cases.Case> penalties =
        Cases.grid(INPUTS, 7, 5)
            .filter(of -> of.spec().outputActivation() == Activation.LINEAR)
            .filter(of -> of.spec().depth() == 2 && of.spec().tiedWeights())
            .filter(of -> of.spec().hiddenLayers().get(0).activation() == Activation.SIGMOID);
    Stream<Cases.Case> selecting =
        Stream.concat(KSparseCases.turns(INPUTS, 29, 3), LifetimeCases.turns(INPUTS, 17));
    return Stream.of(
            Cases.weightedByTurns(penalties),
            selecting,
            PreBiasCases.few(INPUTS, 29, 3),
            LatentCases.grid(INPUTS, 17),
            GateCases.few(INPUTS, 17),
            ConvolutionCases.few())
        .flatMap(cases -> cases);
  }

  /** Three batches an epoch: of 37 rows, which no team can share evenly, and of the last 26. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void trajectoryIsThatOfCollectedGradients(Cases.Case of) {
    TrainingSettings settings = new TrainingSettings(3, 0, 37, STEP_SIZE, 5);
    // No row is empty: Adam's first step makes all biases +-0.01 but for rounding, so that of a row
    // of zeros rounding would select the units of largest magnitude.
    Cases.Data data = Cases.random(of, ROWS, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), of.spec().inputSize());
    float[] start = InitialParameters.of(of.spec(), 3);
    TrainingResult expected = collected(of.spec(), Blocks.cut(all, CUT), start, settings);
    for (Team team : TEAMS) {
      PartitionRows dense = new PartitionRows(List.of(all), 0);
      TrainingResult actual = worked(of.spec(), dense, start, settings, team);
      assertSameRun(expected, actual);
      if (team.size() == 2) {
        TrainingResult again = worked(of.spec(), dense, start, settings, team);
        assertArrayEquals(actual.parameters(), again.parameters(), "equal sizes give equal bits");
        PartitionRows sparse = new PartitionRows(List.of(Blocks.sparse(all)), 0);
        assertSameRun(expected, worked(of.spec(), sparse, start, settings, team));
      }
    }
  }

  @Test
  void scheduleOfKIsFollowed() {
    TrainingSettings settings = new TrainingSettings(5, 0, 37, STEP_SIZE, 5, 20);
    for (Cases.Case of : KSparseCases.few(INPUTS, 29, 3).toList()) {
      Cases.Data data = Cases.random(of, ROWS, 1);
      RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
      float[] start = InitialParameters.of(of.spec(), 3);
      TrainingResult expected = collected(of.spec(), Blocks.cut(all, CUT), start, settings);
      PartitionRows rows = new PartitionRows(List.of(all), 0);
      assertSameRun(expected, worked(of.spec(), rows, start, settings, TEAMS.get(1)));
      TrainingSettings withoutSchedule = new TrainingSettings(5, 0, 37, STEP_SIZE, 5);
      TrainingResult other = worked(of.spec(), rows, start, withoutSchedule, Team.SOLO);
      assertTrue(difference(expected.parameters(), other.parameters()) > 1e-3);
    }
  }

  @Test
  void windowsAreFollowed() {
    TrainingSettings plain = new TrainingSettings(3, 0, 37, STEP_SIZE, 5);
    TrainingSettings settings = plain.shuffledWithin(30);
    Cases.Case of = models().findFirst().orElseThrow();
    Cases.Data data = Cases.random(of, ROWS, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), of.spec().inputSize());
    float[] start = InitialParameters.of(of.spec(), 3);
    TrainingResult expected = collected(of.spec(), Blocks.cut(all, CUT), start, settings);
    PartitionRows rows = new PartitionRows(List.of(all), 0);
    assertSameRun(expected, worked(of.spec(), rows, start, settings, TEAMS.get(1)));
    TrainingResult other = worked(of.spec(), rows, start, plain, Team.SOLO);
    assertTrue(difference(expected.parameters(), other.parameters()) > 1e-3);
  }

  /** Rate, clipping and constants that differ from the paper's; the firings are counted alike. */
  @Test
  void optimiserIsFollowed() {
    TrainingSettings plain = new TrainingSettings(4, 0, 37, STEP_SIZE, 5);
    TrainingSettings settings =
        plain.with(
            new TrainingSettings.Optimizer(
                STEP_SIZE, new LearningRate(5, 6), 0.7, new Adam.Settings(0.8, 0.99, 1e-6), 7, 0));
    for (Cases.Case of : models().toList()) {
      Cases.Data data = Cases.random(of, ROWS, 1);
      RowBlock all = Blocks.block(data.rows(), data.weights(), of.spec().inputSize());
      float[] start = InitialParameters.of(of.spec(), 3);
      TrainingResult expected = collected(of.spec(), Blocks.cut(all, CUT), start, settings);
      PartitionRows rows = new PartitionRows(List.of(all), 0);
      TrainingResult actual = worked(of.spec(), rows, start, settings, TEAMS.get(1));
      assertSameRun(expected, actual);
      assertArrayEquals(
          expected.activity().firingFrequencies(), actual.activity().firingFrequencies());
      assertArrayEquals(expected.activity().silentRows(), actual.activity().silentRows());
      TrainingResult other = worked(of.spec(), rows, start, plain, Team.SOLO);
      assertTrue(difference(actual.parameters(), other.parameters()) > 1e-3, of.name());
    }
  }

  /** Batches of more rows than the buffers of a team hold: means come before any gradient. */
  @Test
  void batchesBeyondTheBuffersGoInParts() {
    Sparsity divergence = Cases.sparsity(SparsityKind.KL, SparsityScope.UNIT);
    AutoencoderSpec spec = Cases.oneLayer(3, 2, Activation.SIGMOID, divergence);
    int rows = 2 * spec.tileRows() + 500;
    for (boolean weighted : new boolean[] {false, true}) {
      Cases.Case of = new Cases.Case("", spec, weighted);
      Cases.Data data = Cases.random(of, rows, 1);
      // The second half of the rows is another source: means of parts are not means of all.
      for (int i = rows / 2; i < rows; i++) {
        for (int j = 0; j < 3; j++) {
          data.rows()[i][j] = 0.25 * data.rows()[i][j] + 2;
        }
      }
      RowBlock all = Blocks.block(data.rows(), data.weights(), 3);
      float[] start = InitialParameters.of(spec, 3);
      int batchSize = rows - 77;
      TrainingSettings settings = new TrainingSettings(2, 0, batchSize, 0.05, 5);
      TrainingResult expected =
          collected(spec, Blocks.cut(all, new int[][] {{rows - 1, 1}}), start, settings);
      PartitionRows one = new PartitionRows(List.of(all), 0);
      for (Team team : TEAMS) {
        assertSameRun(expected, worked(spec, one, start, settings, team));
      }
    }
  }

  /** Whatever the batches and models before, a step depends on its own alone. */
  @Test
  void stepsLeaveNoTraceInTheBuffers() {
    AutoencoderSpec spec = KSparseCases.oneLayer(INPUTS, KSparseCases.codes(29, 3).get(0));
    Cases.Data data = Cases.random(new Cases.Case("", spec, false), ROWS, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
    float[] start = InitialParameters.of(spec, 3);
    RowPermutation order = new RowPermutation(ROWS, 1, 0);
    PartitionRows rows = new PartitionRows(List.of(all), 0);
    // Steps of size 0 leave the parameters, and what they give shows the gradients' worth.
    BatchStep used = WorkerStep.alone(rows, start, TEAMS.get(1));
    used.step(StepPlan.of(spec, 0), Batch.of(order, 0, 80));
    used.step(StepPlan.of(spec.withK(20), 0), Batch.of(order, 0, 90));
    BatchStep.Result last = used.step(StepPlan.of(spec, 0), Batch.of(order, 90, 95));
    BatchStep fresh = WorkerStep.alone(rows, start, TEAMS.get(1));
    BatchStep.Result alone = fresh.step(StepPlan.of(spec, 0), Batch.of(order, 90, 95));
    assertArrayEquals(alone.terms().values(), last.terms().values());
    assertArrayEquals(start, used.parameters());
  }

  /** The weight of the penalties is a step's own, in the same buffers. */
  @Test
  void penaltiesHaveTheWeightOfTheStep() {
    RowPermutation order = new RowPermutation(ROWS, 1, 0);
    Batch batch = Batch.of(order, 0, 80);
    for (SparsityKind kind : List.of(SparsityKind.KL, SparsityKind.L1)) {
      AutoencoderSpec spec =
          Cases.oneLayer(INPUTS, 7, Activation.SIGMOID, Cases.sparsity(kind, SparsityScope.UNIT));
      AutoencoderSpec quarter = spec.withSparsityTimes(0.25);
      assertEquals(0.25 * 0.7, quarter.code().sparsity().weight());
      Cases.Data data = Cases.random(new Cases.Case("", spec, false), ROWS, 1);
      RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
      float[] start = InitialParameters.of(spec, 3);
      PartitionRows rows = new PartitionRows(List.of(all), 0);
      BatchStep used = WorkerStep.alone(rows, start, Team.SOLO);
      used.step(StepPlan.of(spec, 0), batch);
      BatchStep fresh = WorkerStep.alone(rows, start, Team.SOLO);
      // Without a step size only the moments move; the second step shows the first one's gradient.
      ObjectiveTerms whole = used.step(StepPlan.of(spec, 0), batch).terms();
      ObjectiveTerms less = used.step(StepPlan.of(quarter, 0), batch).terms();
      assertEquals(0.25 * whole.get("sparsity1"), less.get("sparsity1"), 1e-12);
      assertEquals(whole.get("reconstruction"), less.get("reconstruction"));
      GradientSource source = new GradientSource(spec, Blocks.onePartition(all));
      Evaluation of = source.evaluate(start, batch);
      Evaluation ofQuarter = source.of(quarter).evaluate(start, batch);
      assertFalse(Arrays.equals(of.gradient(), ofQuarter.gradient()));
      BatchStep collected =
          new SourceStep(source, TrainingState.start(start), Adam.Settings.DEFAULT);
      collected.step(StepPlan.of(quarter, STEP_SIZE), batch);
      fresh.step(StepPlan.of(quarter, STEP_SIZE), batch);
      assertTrue(difference(collected.parameters(), fresh.parameters()) < 1e-5);
    }
  }

  @Test
  void allRowsMayBeOneBatch() {
    Cases.Case of = models().findFirst().orElseThrow();
    Cases.Data data = Cases.random(of, ROWS, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), of.spec().inputSize());
    float[] start = InitialParameters.of(of.spec(), 3);
    GradientSource source = new GradientSource(of.spec(), Blocks.onePartition(all));
    StepPlan plan = StepPlan.of(of.spec(), STEP_SIZE);
    BatchStep collected = new SourceStep(source, TrainingState.start(start), Adam.Settings.DEFAULT);
    PartitionRows rows = new PartitionRows(List.of(all), 0);
    BatchStep worker = WorkerStep.alone(rows, start, TEAMS.get(1));
    assertEquals(collected.step(plan, Batch.ALL).weight(), worker.step(plan, Batch.ALL).weight());
    assertTrue(difference(collected.parameters(), worker.parameters()) < 1e-5);
  }

  @Test
  void withoutRowsOrWeightNothingMoves() {
    RowPermutation order = new RowPermutation(ROWS, 1, 0);
    for (Cases.Case of : models().toList()) {
      Cases.Data data = Cases.random(of, ROWS, 1);
      float[] start = InitialParameters.of(of.spec(), 3);
      RowBlock weightless = Blocks.block(data.rows(), new double[ROWS], of.spec().inputSize());
      PartitionRows rows = new PartitionRows(List.of(weightless), 0);
      BatchStep step = WorkerStep.alone(rows, start, TEAMS.get(1));
      BatchStep.Result result =
          step.step(StepPlan.of(of.spec(), STEP_SIZE), Batch.of(order, 0, 10));
      assertEquals(0, result.weight());
      assertTrue(result.finiteGradient());
      assertArrayEquals(start, step.parameters());

      BatchStep empty = WorkerStep.alone(new PartitionRows(List.of(), 0), start, Team.SOLO);
      BatchStep.Result none =
          empty.step(StepPlan.of(of.spec(), 1), Batch.of(new RowPermutation(0, 1, 0), 0, 0));
      assertEquals(0, none.weight());
      assertArrayEquals(result.terms().values(), none.terms().values());
      assertArrayEquals(start, empty.parameters());
    }
  }

  @Test
  void gradientsThatAreNotFiniteAreReported() {
    AutoencoderSpec spec = Cases.oneLayer(2, 1, Activation.LINEAR, Sparsity.NONE);
    float[] values = {1, 2, 1e30f, 3, 1, 1};
    PartitionRows rows =
        new PartitionRows(List.of(new RowBlock(DenseRows.of(values, 3, 2), null)), 0);
    float[] start = InitialParameters.of(spec, 1);
    for (Team team : TEAMS) {
      RowPermutation order = new RowPermutation(3, 1, 0);
      BatchStep step = WorkerStep.alone(rows, start, team);
      assertFalse(step.step(StepPlan.of(spec, STEP_SIZE), Batch.of(order, 0, 3)).finiteGradient());
    }
  }

  /** Partitions are given to the members of a team, and added up in their order. */
  @Test
  void partitionsOfATeamGiveTheSameBits() {
    for (Cases.Case of : models().toList()) {
      Cases.Data data = Cases.random(of, ROWS, 1);
      RowBlock all = Blocks.block(data.rows(), data.weights(), of.spec().inputSize());
      List<List<RowBlock>> partitions = Blocks.cut(all, CUT);
      float[] parameters = Cases.floats(data.parameters());
      PartitionSum alone = new LocalPartitionSum(partitions);
      Evaluation expected = Blocks.evaluate(of, parameters, alone, Batch.ALL);
      for (Team team : TEAMS) {
        PartitionSum shared = new LocalPartitionSum(partitions, team);
        Evaluation actual = Blocks.evaluate(of, parameters, shared, Batch.ALL);
        assertArrayEquals(expected.gradient(), actual.gradient());
        assertArrayEquals(expected.terms().values(), actual.terms().values());
      }
    }
  }

  private static TrainingResult collected(
      AutoencoderSpec spec,
      List<List<RowBlock>> partitions,
      float[] start,
      TrainingSettings settings) {
    GradientSource source = new GradientSource(spec, new LocalPartitionSum(partitions));
    long rows = partitions.stream().flatMap(List::stream).mapToLong(b -> b.rows().rows()).sum();
    return run(
        spec,
        new SourceStep(source, TrainingState.start(start), settings.optimizer().adam()),
        rows,
        settings);
  }

  private static TrainingResult worked(
      AutoencoderSpec spec, PartitionRows rows, float[] start, TrainingSettings settings, Team t) {
    WorkerStep steps =
        new WorkerStep(
            rows,
            start,
            Adam.State.start(start.length),
            settings.optimizer().adam(),
            Collective.SOLO,
            t);
    return run(spec, steps, rows.rows(), settings);
  }

  private static TrainingResult run(
      AutoencoderSpec spec, BatchStep steps, long rows, TrainingSettings settings) {
    List<IterationRecord> told = new ArrayList<>();
    TrainingResult result = new MiniBatchLoop(spec, steps, rows, null, settings, told::add).run();
    assertEquals(told, result.history());
    return result;
  }

  private static void assertSameRun(TrainingResult expected, TrainingResult actual) {
    double difference = difference(expected.parameters(), actual.parameters());
    assertTrue(difference < 1e-4, () -> "parameters differ by " + difference);
    assertEquals(expected.history().size(), actual.history().size());
    for (int epoch = 0; epoch < expected.history().size(); epoch++) {
      ObjectiveTerms left = expected.history().get(epoch).terms();
      ObjectiveTerms right = actual.history().get(epoch).terms();
      for (String term : left.names()) {
        double of = Blocks.difference(left.get(term), right.get(term));
        assertTrue(of < 1e-4, () -> term + " differs by " + of);
      }
    }
  }

  private static double difference(float[] a, float[] b) {
    double[] left = new double[a.length];
    double[] right = new double[b.length];
    Arrays.setAll(left, i -> a[i]);
    Arrays.setAll(right, i -> b[i]);
    return Cases.difference(left, right);
  }
}
