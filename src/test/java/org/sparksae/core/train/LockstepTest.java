package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.collective.LocalRanks;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LifetimeCases;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.Corruption;
import org.sparksae.core.rows.CorruptionKind;
import org.sparksae.core.rows.CountedBlock;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;

/** Models that are trained together are those that are trained alone. */
class LockstepTest {
  private static final int INPUTS = 7;
  private static final int ROWS = 100;
  private static final int VALIDATION_ROWS = 20;

  /** Batches of 37, 37 and 26 rows. */
  private static final int STEPS = 3;

  private static final MiniBatchLoop.Pause NEVER = (epochs, steps) -> false;

  /** Rows of one, two and three workers, of whom one has none. */
  private static final int[][] CUTS = {{100}, {60, 40}, {31, 0, 69}};

  /** A model and how it is trained. */
  private record Model(String name, AutoencoderSpec spec, TrainingSettings settings) {
    TrainingWorker.Job job() {
      return new TrainingWorker.Job(spec, settings, ROWS);
    }

    TrainingState start() {
      return TrainingState.start(InitialParameters.of(spec, 3));
    }
  }

  private static TrainingSettings settings(int epochs, double tol, double stepSize, int kStart) {
    return new TrainingSettings(epochs, tol, 37, stepSize, 5, kStart);
  }

  private static final TrainingSettings PLAIN = settings(3, 0, 0.01, 0);

  private static final Model RELU =
      new Model("plain", Cases.oneLayer(INPUTS, 9, Activation.RELU, Sparsity.NONE), PLAIN);

  private static final Model MEANS =
      new Model(
          "means, warm-up, clipping",
          Cases.oneLayer(
              INPUTS, 5, Activation.SIGMOID, Cases.sparsity(SparsityKind.KL, SparsityScope.UNIT)),
          PLAIN.with(
              new TrainingSettings.Optimizer(
                  0.02, new LearningRate(3, 2), 0.5, new Adam.Settings(0.8, 0.99, 1e-6))));

  private static final Model SHORT =
      new Model(
          "one epoch of k units",
          KSparseCases.oneLayer(INPUTS, KSparseCases.codes(12, 2).get(0)),
          settings(1, 0, 0.01, 0));

  private static final Model SCHEDULED =
      new Model(
          "k falls for four epochs",
          KSparseCases.oneLayer(INPUTS, KSparseCases.codes(12, 3).get(0)),
          settings(4, 0, 0.01, 9));

  /** A tol of 10 holds always: it ends a training at the end of its second epoch. */
  private static final Model CONVERGING =
      new Model("converges", RELU.spec, settings(4, 10, 0.005, 0));

  private static final Model INSIDE =
      new Model(
          "lifetime sparsity, ends inside an epoch",
          KSparseCases.oneLayer(INPUTS, LifetimeCases.code(11, 0.2)),
          PLAIN.withMaxSteps(8));

  private static final Model DIVERGING =
      new Model(
          "diverges",
          Cases.oneLayer(INPUTS, 4, Activation.LINEAR, Sparsity.NONE),
          settings(3, 0, 1e20, 0));

  private static final List<Model> ALL =
      List.of(RELU, MEANS, SHORT, DIVERGING, SCHEDULED, CONVERGING, INSIDE);

  private static RowBlock rows() {
    Cases.Case of = new Cases.Case("", RELU.spec, true);
    Cases.Data data = Cases.random(of, ROWS + VALIDATION_ROWS, 1);
    return Blocks.block(data.rows(), data.weights(), INPUTS);
  }

  private static List<PartitionRows> parts(int[] cut) {
    RowBlock all = rows();
    List<PartitionRows> parts = new ArrayList<>();
    int from = 0;
    for (int size : cut) {
      parts.add(new PartitionRows(List.of(all.slice(from, from + size)), from));
      from += size;
    }
    return parts;
  }

  private static PartitionRows held(int rank) {
    RowBlock held = rows().slice(ROWS, ROWS + VALIDATION_ROWS);
    return new PartitionRows(rank == 0 ? List.of(held) : List.of(), 0);
  }

  /** The ends of a round, with the moments of all workers; these must agree on all else. */
  private static List<TrainingWorker.End> round(
      List<Model> models, List<TrainingState> starts, int[] cut, MiniBatchLoop.Pause pause) {
    List<PartitionRows> parts = parts(cut);
    List<List<TrainingWorker.End>> ends =
        LocalRanks.run(
            cut.length,
            collective -> {
              List<TrainingWorker.Start> own = new ArrayList<>();
              for (int m = 0; m < models.size(); m++) {
                TrainingState start = starts.get(m);
                TrainingState slice =
                    new TrainingState(
                        start.parameters(),
                        slice(start.optimizer(), start.parameters().length, collective),
                        start.buffers(),
                        start.progress());
                own.add(new TrainingWorker.Start(models.get(m).job(), slice, pause));
              }
              int rank = collective.rank();
              return new TrainingWorker(own, parts.get(rank), held(rank), collective, Team.SOLO)
                  .run(Double.POSITIVE_INFINITY);
            });
    List<TrainingWorker.End> joined = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      int of = m;
      joined.add(joined(ends.stream().map(worker -> worker.get(of)).toList()));
    }
    return joined;
  }

  private static Adam.State slice(Adam.State whole, int size, Collective collective) {
    return whole.slice(collective.from(size), collective.to(size));
  }

  private static TrainingWorker.End joined(List<TrainingWorker.End> workers) {
    TrainingWorker.End one = workers.get(0);
    if (one.divergence() != null) {
      workers.forEach(
          other -> assertEquals(one.divergence().getMessage(), other.divergence().getMessage()));
      return one;
    }
    int size = one.state().parameters().length;
    Adam.State moments =
        new Adam.State(one.state().optimizer().steps(), new float[size], new float[size]);
    int from = 0;
    for (TrainingWorker.End worker : workers) {
      assertArrayEquals(one.state().parameters(), worker.state().parameters());
      Adam.State own = worker.state().optimizer();
      int length = own.firstMoment().length;
      System.arraycopy(own.firstMoment(), 0, moments.firstMoment(), from, length);
      System.arraycopy(own.secondMoment(), 0, moments.secondMoment(), from, length);
      from += length;
    }
    TrainingState state = one.state();
    return new TrainingWorker.End(
        new TrainingState(state.parameters(), moments, state.buffers(), state.progress()), null);
  }

  /** The ends of all trainings, in as many rounds as it takes. */
  private static List<TrainingWorker.End> train(
      List<Model> models, List<TrainingState> starts, int[] cut, MiniBatchLoop.Pause pause) {
    List<TrainingWorker.End> ends = new ArrayList<>();
    starts.forEach(start -> ends.add(new TrainingWorker.End(start, null)));
    List<Integer> open = open(models, ends);
    while (!open.isEmpty()) {
      List<TrainingWorker.End> reached =
          round(
              open.stream().map(models::get).toList(),
              open.stream().map(m -> ends.get(m).state()).toList(),
              cut,
              pause);
      for (int i = 0; i < reached.size(); i++) {
        ends.set(open.get(i), reached.get(i));
      }
      open = open(models, ends);
    }
    return ends;
  }

  private static List<Integer> open(List<Model> models, List<TrainingWorker.End> ends) {
    List<Integer> open = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      TrainingState state = ends.get(m).state();
      if (state != null
          && (state.progress().goesOn(models.get(m).settings.length(ROWS))
              || !state.progress().epoch().isEmpty())) {
        open.add(m);
      }
    }
    return open;
  }

  private static TrainingWorker.End alone(Model model, int[] cut) {
    return train(List.of(model), List.of(model.start()), cut, NEVER).get(0);
  }

  private static List<TrainingState> starts(List<Model> models) {
    return models.stream().map(Model::start).toList();
  }

  private static void assertSame(Model model, TrainingWorker.End alone, TrainingWorker.End end) {
    if (alone.divergence() != null) {
      assertNotNull(end.divergence(), model.name);
      assertEquals(alone.divergence().getMessage(), end.divergence().getMessage());
    } else {
      InsideEpochTest.assertSame(alone.state(), end.state(), model.name);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void eachModelIsThatOfATrainingAlone(int of) {
    int[] cut = CUTS[of];
    List<TrainingWorker.End> together = train(ALL, starts(ALL), cut, NEVER);
    List<TrainingWorker.End> inRounds =
        train(ALL, starts(ALL), cut, (epochs, steps) -> (epochs * STEPS + steps) % 2 == 0);
    for (int m = 0; m < ALL.size(); m++) {
      TrainingWorker.End alone = alone(ALL.get(m), cut);
      assertSame(ALL.get(m), alone, together.get(m));
      assertSame(ALL.get(m), alone, inRounds.get(m));
    }
    assertNotNull(together.get(ALL.indexOf(DIVERGING)).divergence());
    assertEquals(List.of(3, 3, 1), epochs(together.subList(0, 3)));
    assertEquals(List.of(4, 2, 3), epochs(together.subList(4, 7)));
    TrainingProgress converged = together.get(ALL.indexOf(CONVERGING)).state().progress();
    assertEquals(StopReason.CONVERGED, converged.stopReason());
  }

  private static List<Integer> epochs(List<TrainingWorker.End> ends) {
    return ends.stream().map(end -> end.state().progress().iterations()).toList();
  }

  /** As after resuming from checkpoints: one at the start, one inside an epoch, one after it. */
  @Test
  void modelsThatAreBehindCatchUp() {
    List<Model> models = List.of(RELU, SCHEDULED, MEANS);
    int[] cut = CUTS[1];
    List<TrainingState> starts =
        List.of(RELU.start(), cutOff(SCHEDULED, 2, cut), cutOff(MEANS, 4, cut));
    List<TrainingWorker.End> ends = train(models, starts, cut, NEVER);
    for (int m = 0; m < models.size(); m++) {
      assertSame(models.get(m), alone(models.get(m), cut), ends.get(m));
    }
  }

  private static TrainingState cutOff(Model model, long step, int[] cut) {
    MiniBatchLoop.Pause pause = (epochs, steps) -> epochs * STEPS + steps == step;
    return round(List.of(model), List.of(model.start()), cut, pause).get(0).state();
  }

  private static TrainingWorker counted(List<Model> models, AtomicLong copied) {
    CountedBlock block = new CountedBlock(rows().slice(0, ROWS), copied);
    return new TrainingWorker(
        models.stream()
            .map(model -> new TrainingWorker.Start(model.job(), model.start(), NEVER))
            .toList(),
        new PartitionRows(List.of(block), 0),
        null,
        Collective.SOLO,
        Team.SOLO);
  }

  @Test
  void rowsOfABatchAreCopiedOnceForAllModels() {
    AtomicLong copied = new AtomicLong();
    counted(List.of(RELU), copied).run(Double.POSITIVE_INFINITY);
    assertEquals(3 * ROWS, copied.getAndSet(0));
    List<Model> many = List.of(RELU, MEANS, SHORT, CONVERGING, RELU);
    counted(many, copied).run(Double.POSITIVE_INFINITY);
    assertEquals(3 * ROWS, copied.get());
  }

  /** A wide layer's buffers hold 512 rows of a batch, those of a narrow one all 600. */
  @Test
  void modelsMayCutABatchIntoDifferentParts() {
    int rows = 700;
    Cases.Case of = new Cases.Case("", RELU.spec, false);
    Cases.Data data = Cases.random(of, rows, 1);
    RowBlock block = Blocks.block(data.rows(), data.weights(), INPUTS);
    TrainingSettings settings = new TrainingSettings(2, 0, 600, 0.01, 5);
    List<TrainingWorker.Start> starts = new ArrayList<>();
    for (int units : new int[] {9, 8192, 5}) {
      AutoencoderSpec spec = Cases.oneLayer(INPUTS, units, Activation.RELU, Sparsity.NONE);
      TrainingState start = TrainingState.start(InitialParameters.of(spec, 3));
      TrainingWorker.Job job = new TrainingWorker.Job(spec, settings, rows);
      starts.add(new TrainingWorker.Start(job, start, NEVER));
    }
    assertEquals(512, starts.get(1).job().spec().tileRows());
    PartitionRows all = new PartitionRows(List.of(block), 0);
    List<TrainingWorker.End> ends =
        new TrainingWorker(starts, all, null, Collective.SOLO, Team.SOLO).run(1e9);
    for (int m = 0; m < ends.size(); m++) {
      TrainingState alone =
          OneTraining.run(starts.get(m), all, null, Collective.SOLO, Team.SOLO, 1e9);
      InsideEpochTest.assertSame(alone, ends.get(m).state(), "model " + m);
    }
  }

  /** If each counted the time of all, the sum would be many times what passed. */
  @Test
  void theSecondsOfAModelAreThoseOfItsOwnSteps() {
    TrainingWorker worker = counted(Collections.nCopies(8, RELU), new AtomicLong());
    long start = System.nanoTime();
    List<TrainingWorker.End> ends = worker.run(Double.POSITIVE_INFINITY);
    double passed = (System.nanoTime() - start) / 1e9;
    double sum = 0;
    for (TrainingWorker.End end : ends) {
      for (IterationRecord epoch : end.state().progress().history()) {
        assertEquals(ROWS, epoch.rows());
        assertTrue(epoch.seconds() > 0);
        sum += epoch.seconds();
      }
    }
    assertTrue(sum <= passed, sum + " of " + passed);
  }

  @Test
  void otherBatchesAreRefused() {
    TrainingSettings settings = PLAIN.shuffledWithin(30);
    List<TrainingSettings> others =
        List.of(
            settings,
            PLAIN.with(new Corruption(CorruptionKind.MASKING, 0.3)),
            new TrainingSettings(3, 0, 36, 0.01, 5),
            new TrainingSettings(3, 0, 37, 0.01, 6));
    for (TrainingSettings other : others) {
      assertNotEquals(PLAIN.batchOrder(ROWS), other.batchOrder(ROWS));
      Model otherwise = new Model("otherwise", RELU.spec, other);
      TrainingWorker worker = counted(List.of(RELU, otherwise), new AtomicLong());
      assertThrows(IllegalArgumentException.class, () -> worker.run(1));
    }
  }
}
