package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.collective.LocalRanks;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.Target;
import org.sparksae.core.model.TopK;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.GateCases;
import org.sparksae.core.nn.LatentCases;
import org.sparksae.core.nn.TargetCases;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.Corruption;
import org.sparksae.core.rows.CorruptionKind;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.stats.Centre;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.stats.ErrorQuantile;

/** Trainings of transcoders: on the ways to a step, and against autoencoders. */
class TargetTrainingTest {
  private static final int INPUTS = 7;
  private static final int TARGETS = 5;
  private static final int UNITS = 12;
  private static final int ROWS = 100;
  private static final int[][] CUT = {{31}, {}, {1, 20}, {48}};
  private static final int SEED = 5;

  private static TrainingSettings settings() {
    return new TrainingSettings(3, 0, 37, 0.01, SEED);
  }

  /** One of each kind of code and objective. */
  private static Stream<Cases.Case> kinds() {
    Sparsity means = Cases.sparsity(SparsityKind.KL, SparsityScope.UNIT);
    Cases.Case classic =
        new Cases.Case("means", Cases.oneLayer(INPUTS, UNITS, Activation.SIGMOID, means), true);
    return Stream.of(
            Stream.of(classic), LatentCases.few(INPUTS, UNITS), GateCases.few(INPUTS, UNITS))
        .flatMap(cases -> cases);
  }

  static Stream<Cases.Case> transcoders() {
    return TargetCases.of(kinds(), TARGETS);
  }

  private static TrainingResult byTree(
      AutoencoderSpec spec, TrainingSettings settings, List<List<RowBlock>> partitions) {
    GradientSource source = new GradientSource(spec, new LocalPartitionSum(partitions));
    TrainingState start = TrainingState.start(InitialParameters.of(spec, 3));
    SourceStep steps = new SourceStep(source, start, Adam.Settings.DEFAULT);
    return new MiniBatchLoop(spec, steps, ROWS, source, settings, iteration -> {}).run();
  }

  /** By workers, of which a new one goes on after each {@code iterations}. */
  private static TrainingResult byWorkers(
      AutoencoderSpec spec, List<List<RowBlock>> partitions, int iterations) {
    return LocalRanks.run(
            partitions.size(),
            collective -> {
              int size = spec.layout().size();
              TrainingState begin = TrainingState.start(InitialParameters.of(spec, 3));
              TrainingState state =
                  new TrainingState(
                      begin.parameters(),
                      begin.optimizer().slice(collective.from(size), collective.to(size)),
                      begin.progress());
              TrainingWorker.Job job = new TrainingWorker.Job(spec, settings(), ROWS);
              PartitionRows rows = share(partitions, collective.rank());
              while (state.progress().goesOn(settings().length(ROWS))) {
                TrainingWorker.Start from = TrainingWorker.Start.of(job, state, iterations);
                state = OneTraining.run(from, rows, rows, collective, Team.SOLO, 1e9);
                // Others may still be reading what this worker shows.
                collective.allReduceSum(new double[1]);
              }
              return state.result();
            })
        .get(0);
  }

  private static PartitionRows share(List<List<RowBlock>> partitions, int rank) {
    long first =
        partitions.subList(0, rank).stream().flatMap(List::stream).mapToLong(RowBlock::size).sum();
    return new PartitionRows(partitions.get(rank), first);
  }

  private static RowBlock rows(Cases.Case of) {
    Cases.Data data = Cases.random(of, ROWS, 1);
    return Blocks.block(data.rows(), data.weights(), data.rows()[0].length);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transcoders")
  void partitionsWorkersSparseRowsAndPausesMakeNoDifference(Cases.Case of) {
    AutoencoderSpec spec = of.spec();
    RowBlock all = rows(of);
    List<List<RowBlock>> cut = Blocks.cut(all, CUT);
    TrainingResult expected = byTree(spec, settings(), List.of(List.of(all)));
    assertSameRun(expected, byTree(spec, settings(), cut));
    assertSameRun(expected, byTree(spec, settings(), Blocks.sparse(cut, true)));
    assertSameRun(expected, byWorkers(spec, List.of(List.of(all)), 3));
    assertSameRun(expected, byWorkers(spec, Blocks.sparse(cut, false), 3));
    TrainingResult whole = byWorkers(spec, cut, 3);
    assertSameRun(expected, whole);
    assertArrayEquals(whole.parameters(), byWorkers(spec, cut, 1).parameters());
  }

  private static void assertSameRun(TrainingResult expected, TrainingResult actual) {
    double difference =
        Cases.difference(doubles(expected.parameters()), doubles(actual.parameters()));
    assertTrue(difference < 1e-4, () -> "parameters differ by " + difference);
    double last = expected.history().get(2).validationObjective();
    assertTrue(Blocks.difference(last, actual.history().get(2).validationObjective()) < 1e-4);
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  static Stream<Cases.Case> autoencoders() {
    return kinds().filter(of -> !of.spec().tiedWeights() && !of.spec().preBias());
  }

  /** The input as target is an autoencoder, bit for bit; also with corrupted inputs. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("autoencoders")
  void theInputAsTargetIsAnAutoencoder(Cases.Case of) {
    RowBlock all = rows(of);
    AutoencoderSpec transcoder = of.spec().withTarget(new Target(INPUTS, false));
    RowBlock twice = twice(all);
    for (CorruptionKind kind : List.of(CorruptionKind.NONE, CorruptionKind.GAUSSIAN)) {
      TrainingSettings settings = settings().with(new Corruption(kind, 0.25));
      float[] expected = byTree(of.spec(), settings, Blocks.cut(all, CUT)).parameters();
      float[] found = byTree(transcoder, settings, Blocks.cut(twice, CUT)).parameters();
      assertArrayEquals(expected, found);
    }
    float[] sparse =
        byTree(of.spec(), settings(), Blocks.sparse(Blocks.cut(all, CUT), true)).parameters();
    assertArrayEquals(
        sparse,
        byTree(transcoder, settings(), Blocks.sparse(Blocks.cut(twice, CUT), true)).parameters());
  }

  private static RowBlock twice(RowBlock all) {
    DenseRows rows = (DenseRows) all.rows();
    DenseRows both = DenseRows.zeros(ROWS, 2 * INPUTS);
    for (int i = 0; i < ROWS; i++) {
      for (int side = 0; side < 2; side++) {
        System.arraycopy(
            rows.values(),
            rows.rowOffset(i),
            both.values(),
            both.rowOffset(i) + side * INPUTS,
            INPUTS);
      }
    }
    return new RowBlock(both, all.weights());
  }

  /** Sums of squares about the target, by hand. */
  @Test
  void statisticsAreThoseOfTheTarget() {
    // h = 2 x, y_hat = (h + 1, 3 x), of the rows [x, y] = [1, 3, 2] and [2, 5, 4]
    AutoencoderSpec spec =
        Cases.oneLayer(1, 1, Activation.LINEAR, Sparsity.NONE).withTarget(new Target(2, true));
    float[] parameters = {2, 0, 1, 0, 1, 0, 0, 3};
    DenseRows rows = DenseRows.of(new float[] {1, 3, 2, 2, 5, 4}, 2, 3);
    PartitionSum data = Blocks.onePartition(new RowBlock(rows, null));
    CodeStatistics statistics = CodeStatistics.of(spec, parameters, data, 0);
    // Errors (0, 1) and (0, 2); variance (1 + 1 + 1 + 1) of the targets
    assertEquals(5.0 / 4, statistics.meanSquaredError(), 1e-12);
    assertEquals(5.0 / 4, statistics.fvu(), 1e-12);
    assertArrayEquals(new double[] {4, 3}, statistics.targets().means(), 1e-12);
    assertArrayEquals(new double[] {1.5}, statistics.inputs().means(), 1e-12);
    assertArrayEquals(new double[] {0.25}, statistics.inputs().variances(), 1e-12);
    assertEquals(2, ErrorQuantile.threshold(spec, parameters, data, 0), "the larger of 0.5 and 2");
  }

  /**
   * A sparse map that is planted, y = V relu(W x - 1) + A x: the code finds what the skip
   * connection alone cannot, and the skip connection what the code cannot.
   */
  @Test
  void codeAndSkipConnectionLearnWhatEachAloneCannot() {
    SplittableRandom random = new SplittableRandom(11);
    DenseRows w = uniform(random, 8, INPUTS, 1);
    DenseRows v = uniform(random, 8, TARGETS, 1);
    DenseRows a = uniform(random, TARGETS, INPUTS, 0.7f);
    int n = 2000;
    DenseRows rows = DenseRows.zeros(n, INPUTS + TARGETS);
    for (int i = 0; i < n; i++) {
      plant(random, w, v, a, rows, i);
    }
    PartitionSum data = Blocks.onePartition(new RowBlock(rows, null));
    double both = unexplained(32, true, data, n);
    double codeAlone = unexplained(32, false, data, n);
    double skipAlone = unexplained(1, true, data, n);
    assertTrue(both < 0.25 * skipAlone, both + " of " + skipAlone);
    assertTrue(both < 0.5 * codeAlone, both + " of " + codeAlone);
  }

  /** Columns of the target do not count, however large they are. */
  @Test
  void theCentreOfInputsIsThatOfTheInputsAlone() {
    DenseRows rows = DenseRows.of(new float[] {0, 9e6f, 2, 0, 2, 0, 10, 0}, 4, 2);
    PartitionSum data = Blocks.onePartition(new RowBlock(rows, null));
    double[] median = Centre.geometricMedian(data, 1, 1, 4, SEED);
    assertEquals(2, median[0], 0.01);
  }

  private static DenseRows uniform(SplittableRandom random, int rows, int columns, float scale) {
    DenseRows values = DenseRows.zeros(rows, columns);
    for (int p = 0; p < values.end(); p++) {
      values.values()[p] = scale * (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static void plant(
      SplittableRandom random, DenseRows w, DenseRows v, DenseRows a, DenseRows rows, int i) {
    int at = rows.rowOffset(i);
    float[] values = rows.values();
    for (int j = 0; j < INPUTS; j++) {
      values[at + j] = (float) random.nextDouble(-1.5, 1.5);
    }
    for (int h = 0; h < w.rows(); h++) {
      float z = -1;
      for (int j = 0; j < INPUTS; j++) {
        z += w.get(h, j) * values[at + j];
      }
      for (int t = 0; z > 0 && t < TARGETS; t++) {
        values[at + INPUTS + t] += 3 * z * v.get(h, t);
      }
    }
    for (int t = 0; t < TARGETS; t++) {
      for (int j = 0; j < INPUTS; j++) {
        values[at + INPUTS + t] += a.get(t, j) * values[at + j];
      }
    }
  }

  private static double unexplained(int units, boolean skip, PartitionSum data, int n) {
    AutoencoderSpec spec =
        LatentCases.spec(INPUTS, units, new TopK(Math.min(4, units), TopK.By.VALUE), false)
            .withTarget(new Target(TARGETS, skip));
    TrainingSettings settings = new TrainingSettings(40, 0, 50, 0.01, SEED);
    GradientSource source = new GradientSource(spec, data);
    TrainingState start = TrainingState.start(InitialParameters.of(spec, 3));
    SourceStep steps = new SourceStep(source, start, Adam.Settings.DEFAULT);
    float[] trained =
        new MiniBatchLoop(spec, steps, n, null, settings, iteration -> {}).run().parameters();
    return CodeStatistics.of(spec, trained, data, 0).fvu();
  }
}
