package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.collective.LocalRanks;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;

/** Many workers train what one trains. */
class TrainingWorkerTest {
  private static final int INPUTS = 13;
  private static final int ROWS = 120;
  private static final int VALIDATION_ROWS = 40;

  /** A schedule that goes beyond a round, and gradients that are clipped. */
  private static final TrainingSettings.Optimizer OPTIMIZER =
      new TrainingSettings.Optimizer(
          0.01, new LearningRate(5, 4), 0.5, new Adam.Settings(0.8, 0.99, 1e-6));

  private static final TrainingSettings SETTINGS =
      new TrainingSettings(4, 0, 37, 0.01, 5).with(OPTIMIZER);

  /** Four epochs of four batches. */
  private static final TrainingLength LENGTH = SETTINGS.length(ROWS);

  /** With k falling from more units, where there are as many. */
  private static TrainingSettings settings(AutoencoderSpec spec) {
    HiddenLayer code = spec.hiddenLayers().get(spec.depth() - 1);
    int units = code.convolution() == null ? code.size() : code.convolution().filters();
    return code.form().unitsKept().isEmpty()
        ? SETTINGS
        : new TrainingSettings(4, 0, 37, 0.01, 5, Math.min(9, units)).with(OPTIMIZER);
  }

  /** Rows of each worker, of {@value #ROWS}: uneven, and some have none. */
  private static final int[] ALONE = {120};

  private static final int[] PAIR = {60, 60};
  private static final int[] THREE = {0, 119, 1};
  private static final int[] FIVE = {31, 0, 1, 68, 20};

  /** What one worker starts from. */
  private record Share(PartitionRows rows, PartitionRows validation) {}

  private static List<PartitionRows> cut(RowBlock all, int[] sizes) {
    List<PartitionRows> parts = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      parts.add(new PartitionRows(List.of(all.slice(from, from + size)), from));
      from += size;
    }
    return parts;
  }

  private static List<Share> shares(Cases.Case of, int[] sizes, boolean validated) {
    Cases.Data data = Cases.random(of, ROWS + VALIDATION_ROWS, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), of.spec().inputSize());
    List<PartitionRows> rows = cut(all.slice(0, ROWS), sizes);
    int[] held = new int[sizes.length];
    held[sizes.length / 2] = VALIDATION_ROWS;
    List<PartitionRows> validation = cut(all.slice(ROWS, ROWS + VALIDATION_ROWS), held);
    List<Share> shares = new ArrayList<>();
    for (int r = 0; r < sizes.length; r++) {
      shares.add(new Share(rows.get(r), validated ? validation.get(r) : null));
    }
    return shares;
  }

  /** All workers' states after a round, put together; they must agree on what all know. */
  private static TrainingState round(
      AutoencoderSpec spec,
      TrainingSettings settings,
      List<Share> shares,
      TrainingState start,
      MiniBatchLoop.Pause pause) {
    int size = start.parameters().length;
    float[] first = new float[size];
    float[] second = new float[size];
    List<TrainingState> states =
        LocalRanks.run(
            shares.size(),
            collective -> {
              Share share = shares.get(collective.rank());
              TrainingState own =
                  run(spec, settings, share, start, collective, pause, Double.POSITIVE_INFINITY);
              int from = collective.from(size);
              Adam.State moments = own.optimizer();
              System.arraycopy(moments.firstMoment(), 0, first, from, moments.firstMoment().length);
              System.arraycopy(
                  moments.secondMoment(), 0, second, from, moments.secondMoment().length);
              return own;
            });
    TrainingState one = states.get(0);
    for (TrainingState other : states) {
      assertArrayEquals(one.parameters(), other.parameters());
      assertSameBuffers(one.buffers(), other.buffers());
      assertSameTerms(one.progress(), other.progress());
    }
    Adam.State moments = new Adam.State(one.optimizer().steps(), first, second);
    return new TrainingState(one.parameters(), moments, one.buffers(), one.progress());
  }

  /** All workers' states after so many epochs more, or fewer. */
  private static TrainingState round(
      AutoencoderSpec spec,
      TrainingSettings settings,
      List<Share> shares,
      TrainingState start,
      int epochs) {
    int last = start.progress().iterations() + epochs;
    return round(spec, settings, shares, start, (complete, steps) -> complete == last);
  }

  private static TrainingState run(
      AutoencoderSpec spec,
      TrainingSettings settings,
      Share share,
      TrainingState start,
      Collective collective,
      MiniBatchLoop.Pause pause,
      double seconds) {
    int size = start.parameters().length;
    Adam.State own = start.optimizer().slice(collective.from(size), collective.to(size));
    return OneTraining.run(
        new TrainingWorker.Start(
            new TrainingWorker.Job(spec, settings, ROWS),
            new TrainingState(start.parameters(), own, start.buffers(), start.progress()),
            pause),
        share.rows(),
        share.validation(),
        collective,
        Team.SOLO,
        seconds);
  }

  private static void assertSameBuffers(TrainingBuffers expected, TrainingBuffers actual) {
    assertEquals(expected.arrays().keySet(), actual.arrays().keySet());
    expected.arrays().forEach((name, array) -> assertArrayEquals(array, actual.arrays().get(name)));
  }

  private static void assertSameTerms(TrainingProgress expected, TrainingProgress actual) {
    assertEquals(expected.iterations(), actual.iterations());
    for (int epoch = 0; epoch < expected.iterations(); epoch++) {
      IterationRecord left = expected.history().get(epoch);
      IterationRecord right = actual.history().get(epoch);
      assertArrayEquals(left.terms().values(), right.terms().values());
      assertEquals(left.validationObjective(), right.validationObjective());
    }
  }

  private static TrainingState start(AutoencoderSpec spec) {
    return TrainingState.start(InitialParameters.of(spec, 3));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({
    "org.sparksae.core.train.WorkerStepTest#models",
    "org.sparksae.core.train.UnitNormTest#models"
  })
  void manyWorkersEqualOne(Cases.Case of) {
    AutoencoderSpec spec = of.spec();
    TrainingSettings settings = settings(spec);
    TrainingState one = round(spec, settings, shares(of, ALONE, true), start(spec), 4);
    for (int[] cut : List.of(THREE, FIVE)) {
      TrainingState many = round(spec, settings, shares(of, cut, true), start(spec), 4);
      double difference = difference(one.parameters(), many.parameters());
      assertTrue(difference < 1e-4, () -> Arrays.toString(cut) + ": differ by " + difference);
      for (int epoch = 0; epoch < 4; epoch++) {
        IterationRecord left = one.progress().history().get(epoch);
        IterationRecord right = many.progress().history().get(epoch);
        assertTrue(Blocks.difference(left.terms().total(), right.terms().total()) < 1e-4);
        assertTrue(
            Blocks.difference(left.validationObjective(), right.validationObjective()) < 1e-4);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({
    "org.sparksae.core.train.WorkerStepTest#models",
    "org.sparksae.core.train.UnitNormTest#models"
  })
  void neitherTheThreadsNorPausesChangeABit(Cases.Case of) {
    AutoencoderSpec spec = of.spec();
    TrainingSettings settings = settings(spec);
    for (int[] cut : List.of(ALONE, FIVE)) {
      List<Share> shares = shares(of, cut, true);
      TrainingState whole = round(spec, settings, shares, start(spec), 4);
      TrainingState paused = round(spec, settings, shares, start(spec), 1);
      assertEquals(1, paused.progress().iterations());
      paused = round(spec, settings, shares, paused, 2);
      assertEquals(3, paused.progress().iterations());
      paused = round(spec, settings, shares, paused, 2);
      assertSame(whole, paused);
      TrainingState inside = start(spec);
      for (int rounds = 1; inside.progress().goesOn(LENGTH); rounds++) {
        long next = 5L * rounds;
        inside =
            round(
                spec,
                settings,
                shares,
                inside,
                (epochs, steps) -> epochs * LENGTH.stepsOfEpoch() + steps == next);
      }
      assertSame(whole, inside);
    }
  }

  private static void assertSame(TrainingState whole, TrainingState paused) {
    assertArrayEquals(whole.parameters(), paused.parameters());
    assertArrayEquals(whole.optimizer().secondMoment(), paused.optimizer().secondMoment());
    assertSameTerms(whole.progress(), paused.progress());
    assertEquals(whole.optimizer().steps(), paused.optimizer().steps());
    assertSameBuffers(whole.buffers(), paused.buffers());
  }

  @Test
  void allPauseWhenTheTimeIsOver() {
    Cases.Case of = WorkerStepTest.models().findFirst().orElseThrow();
    List<Share> shares = shares(of, PAIR, false);
    TrainingState start = start(of.spec());
    List<TrainingProgress> progress =
        LocalRanks.run(
            2,
            collective -> {
              Share share = shares.get(collective.rank());
              MiniBatchLoop.Pause never = (epochs, steps) -> false;
              return run(of.spec(), SETTINGS, share, start, collective, never, 0).progress();
            });
    for (TrainingProgress each : progress) {
      assertEquals(0, each.iterations());
      assertEquals(1, each.epoch().steps());
      assertTrue(each.goesOn(LENGTH));
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
