package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.GateCases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LatentCases;
import org.sparksae.core.nn.LifetimeCases;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.Corruption;
import org.sparksae.core.rows.CorruptionKind;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.train.checkpoint.Checkpoint;
import org.sparksae.core.train.checkpoint.CheckpointFile;
import org.sparksae.core.train.checkpoint.RunIdentity;

/** A training that is cut off or ends inside an epoch. */
class InsideEpochTest {
  private static final int INPUTS = 7;
  private static final int ROWS = 100;
  private static final int BATCH = 37;

  /** Batches of an epoch: 37, 37 and 26 rows. */
  private static final int STEPS = 3;

  private static final int EPOCHS = 3;

  private static final TrainingSettings PLAIN = new TrainingSettings(EPOCHS, 0, BATCH, 0.01, 5);

  private static final TrainingSettings SCHEDULED =
      PLAIN.with(
          new TrainingSettings.Optimizer(0.01, new LearningRate(4, 4), 0.5, Adam.Settings.DEFAULT));

  private static final AutoencoderSpec RELU =
      Cases.oneLayer(INPUTS, 9, Activation.RELU, Sparsity.NONE);

  private static final AutoencoderSpec K_SPARSE =
      KSparseCases.oneLayer(INPUTS, KSparseCases.codes(12, 2).get(0));

  /** How the steps are made. */
  enum Engine {
    COLLECTED,
    WORKER
  }

  /** One training. */
  record Trial(
      String name,
      Engine engine,
      AutoencoderSpec spec,
      TrainingSettings settings,
      boolean validated) {

    Trial with(TrainingSettings other) {
      return new Trial(name, engine, spec, other, validated);
    }

    TrainingLength length() {
      return settings.length(ROWS);
    }

    @Override
    public String toString() {
      return name + ", " + engine;
    }
  }

  static Stream<Trial> trials() {
    return Stream.of(Engine.values())
        .flatMap(
            engine ->
                Stream.of(
                    new Trial("plain", engine, RELU, PLAIN, false),
                    new Trial("warm-up, decay, clipping", engine, RELU, SCHEDULED, false),
                    new Trial("validation rows", engine, RELU, PLAIN, true),
                    new Trial("means", engine, penalised(), PLAIN, true),
                    new Trial(
                        "lifetime sparsity",
                        engine,
                        KSparseCases.oneLayer(INPUTS, LifetimeCases.code(11, 0.2)),
                        PLAIN,
                        true),
                    new Trial("auxK, nested", engine, latents(0), PLAIN, true),
                    new Trial("batchTopK", engine, latents(1), PLAIN, true),
                    new Trial("batchTopK, auxK, nested", engine, latents(2), PLAIN, true),
                    new Trial("multiTopK, auxK", engine, latents(3), PLAIN, true),
                    new Trial("jumpRelu, targetL0", engine, gates(2), PLAIN, true),
                    new Trial("gated", engine, gates(7), PLAIN, true),
                    new Trial("corruption", engine, RELU, corrupted(), true),
                    new Trial("kStart", engine, K_SPARSE, kStart(0), true),
                    new Trial("kStart by steps", engine, K_SPARSE, kStart(8), true),
                    new Trial("ends inside", engine, RELU, SCHEDULED.withMaxSteps(8), true)));
  }

  private static AutoencoderSpec latents(int number) {
    return LatentCases.few(INPUTS, 24).toList().get(number).spec();
  }

  private static AutoencoderSpec gates(int number) {
    return GateCases.few(INPUTS, 24).toList().get(number).spec();
  }

  private static AutoencoderSpec penalised() {
    return Cases.oneLayer(
        INPUTS, 9, Activation.SIGMOID, Cases.sparsity(SparsityKind.KL, SparsityScope.UNIT));
  }

  private static TrainingSettings corrupted() {
    return PLAIN.with(new Corruption(CorruptionKind.MASKING, 0.3));
  }

  private static TrainingSettings kStart(int maxSteps) {
    return new TrainingSettings(EPOCHS, 0, BATCH, 0.01, 5, 9).withMaxSteps(maxSteps);
  }

  /** Trains from a state until the steps are over or it pauses. */
  private static TrainingState round(Trial trial, TrainingState start, MiniBatchLoop.Pause pause) {
    RowBlock all = rows(trial);
    RowBlock rows = all.slice(0, ROWS);
    RowBlock held = trial.validated ? all.slice(ROWS, ROWS + 20) : null;
    if (trial.engine == Engine.WORKER) {
      TrainingWorker.Job job = new TrainingWorker.Job(trial.spec, trial.settings, ROWS);
      return OneTraining.run(
          new TrainingWorker.Start(job, start, pause),
          new PartitionRows(List.of(rows), 0),
          held == null ? null : new PartitionRows(List.of(held), 0),
          Collective.SOLO,
          Team.SOLO,
          Double.POSITIVE_INFINITY);
    }
    SourceStep steps = new SourceStep(source(trial, rows), start, Adam.Settings.DEFAULT);
    MiniBatchLoop loop =
        new MiniBatchLoop(
            trial.spec,
            steps,
            ROWS,
            held == null ? null : source(trial, held),
            trial.settings,
            iteration -> {},
            start.buffers());
    TrainingProgress reached =
        start.progress().goesOn(trial.length())
            ? loop.run(start.progress(), pause)
            : loop.finish(start.progress());
    return new TrainingState(steps.parameters(), steps.optimizer(), loop.buffers(), reached);
  }

  /** The training rows and 20 validation rows. */
  private static RowBlock rows(Trial trial) {
    Cases.Case of = new Cases.Case(trial.name, trial.spec, true);
    Cases.Data data = Cases.random(of, ROWS + 20, 1);
    return Blocks.block(data.rows(), data.weights(), INPUTS);
  }

  private static GradientSource source(Trial trial, RowBlock rows) {
    return new GradientSource(trial.spec, Blocks.onePartition(rows));
  }

  private static TrainingState start(Trial trial) {
    return TrainingState.start(InitialParameters.of(trial.spec, 3));
  }

  /** Trains from a state to the end of the steps, in rounds; each state goes through a file. */
  private static TrainingState train(Trial trial, TrainingState from, MiniBatchLoop.Pause pause) {
    TrainingState state = from;
    while (state.progress().goesOn(trial.length())) {
      state = throughAFile(round(trial, state, pause));
    }
    return state;
  }

  private static TrainingState whole(Trial trial) {
    return finished(trial, train(trial, start(trial), (epochs, steps) -> false));
  }

  private static TrainingState finished(Trial trial, TrainingState end) {
    return end.progress().epoch().isEmpty() ? end : round(trial, end, (epochs, steps) -> false);
  }

  private static MiniBatchLoop.Pause after(long step) {
    return (epochs, steps) -> epochs * STEPS + steps == step;
  }

  private static MiniBatchLoop.Pause every(int count) {
    return (epochs, steps) -> (epochs * STEPS + steps) % count == 0;
  }

  private static TrainingState throughAFile(TrainingState state) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      CheckpointFile.write(out, new Checkpoint(new RunIdentity(Map.of()), 0, state));
      byte[] bytes = out.toByteArray();
      return (TrainingState)
          CheckpointFile.read(new ByteArrayInputStream(bytes), bytes.length).state();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  void aTrainingCutOffAtAnyStepGoesOnToTheSameBits(Trial trial) {
    TrainingState whole = whole(trial);
    for (int step = 1; step < trial.length().steps(); step++) {
      TrainingState cut = throughAFile(round(trial, start(trial), after(step)));
      assertEquals(step, cut.progress().steps(trial.length()));
      assertEquals(step % STEPS, cut.progress().epoch().steps());
      TrainingState resumed = train(trial, cut, (epochs, steps) -> false);
      assertSame(whole, finished(trial, resumed), "cut off after step " + step);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  void roundsOfAnyLengthGiveTheBitsOfOne(Trial trial) {
    TrainingState whole = whole(trial);
    for (int count : new int[] {1, 2, 3, 7}) {
      TrainingState end = train(trial, start(trial), every(count));
      assertSame(whole, finished(trial, end), "rounds of " + count);
    }
  }

  static void assertSame(TrainingState expected, TrainingState actual, String where) {
    assertArrayEquals(expected.parameters(), actual.parameters(), where);
    assertEquals(expected.optimizer().steps(), actual.optimizer().steps(), where);
    assertArrayEquals(expected.optimizer().firstMoment(), actual.optimizer().firstMoment(), where);
    assertArrayEquals(
        expected.optimizer().secondMoment(), actual.optimizer().secondMoment(), where);
    assertEquals(expected.buffers().arrays().keySet(), actual.buffers().arrays().keySet(), where);
    expected
        .buffers()
        .arrays()
        .forEach((name, array) -> assertArrayEquals(array, actual.buffers().arrays().get(name)));
    TrainingProgress before = expected.progress();
    TrainingProgress after = actual.progress();
    assertEquals(text(before.history()), text(after.history()), where);
    assertEquals(before.lastObjective(), after.lastObjective(), where);
    assertEquals(before.bestValidation(), after.bestValidation(), where);
    assertArrayEquals(before.best(), after.best(), where);
    assertEquals(before.iterationsSinceBest(), after.iterationsSinceBest(), where);
    assertEquals(before.stopReason(), after.stopReason(), where);
  }

  /** All of the records but their seconds, to the last bit. */
  private static List<String> text(List<IterationRecord> history) {
    List<String> lines = new ArrayList<>();
    for (IterationRecord record : history) {
      List<Object> line = new ArrayList<>(record.terms().names());
      for (double value : record.terms().values()) {
        line.add(Double.doubleToRawLongBits(value));
      }
      line.add(Double.doubleToRawLongBits(record.validationObjective()));
      line.add(record.iteration());
      line.add(record.rows());
      lines.add(line.toString());
    }
    return lines;
  }

  private static Trial plain(int maxSteps) {
    return new Trial("plain", Engine.WORKER, RELU, PLAIN.withMaxSteps(maxSteps), true);
  }

  @Test
  void maxStepsOfWholeEpochsAreTheseEpochs() {
    Trial inEpochs = new Trial("epochs", Engine.WORKER, RELU, SCHEDULED, true);
    Trial inSteps = inEpochs.with(SCHEDULED.withMaxSteps(EPOCHS * STEPS));
    assertSame(whole(inEpochs), whole(inSteps), "3 epochs of 3 steps");
  }

  /** Less than an epoch, exactly one, one and a third, one and two thirds. */
  @ParameterizedTest(name = "{0} steps are {1} epochs, the last of {2} rows")
  @CsvSource({"1, 1, 37", "2, 1, 74", "3, 1, 100", "4, 2, 37", "5, 2, 74"})
  void maxStepsMayEndInsideAnEpoch(int maxSteps, int epochs, long rows) {
    Trial trial = plain(maxSteps);
    TrainingState longer = round(plain(9), start(trial), after(maxSteps));
    TrainingState end = whole(trial);
    assertArrayEquals(longer.parameters(), end.parameters());
    List<IterationRecord> history = end.progress().history();
    assertEquals(epochs, history.size());
    IterationRecord last = history.get(epochs - 1);
    assertEquals(rows, last.rows());
    assertEquals(maxSteps, trial.settings.steps(history));
    assertTrue(Double.isFinite(last.validationObjective()));
    if (rows < ROWS) {
      assertArrayEquals(longer.progress().epoch().means(), last.terms().values());
    }
    assertFalse(end.progress().goesOn(trial.length()));
    assertEquals(StopReason.MAX_ITER, end.result().stopReason());
  }

  @Test
  void firingsOfAPartOfAnEpochAreThoseOfItsRows() {
    Trial trial = new Trial("k", Engine.WORKER, K_SPARSE, PLAIN.withMaxSteps(5), false);
    double sum = 0;
    for (double frequency : whole(trial).result().activity().firingFrequencies()) {
      sum += frequency;
    }
    // Two units of each row fire, and rows of two batches only are counted.
    assertEquals(2, sum, 1e-12);
    assertArrayEquals(new double[] {2 * BATCH}, whole(trial).buffers().arrays().get("epochRows"));
  }

  @Test
  void aLargerMaxStepsGoesOnFromTheStateBeforeTheLastEpochWasRecorded() {
    TrainingState cut = train(plain(5), start(plain(5)), (epochs, steps) -> false);
    TrainingState end = train(plain(8), cut, (epochs, steps) -> false);
    assertSame(whole(plain(8)), finished(plain(8), end), "5 and then 3 more");
  }

  @Test
  void aListenerHearsOfEachStep() {
    Trial trial = new Trial("heard", Engine.COLLECTED, RELU, PLAIN.withMaxSteps(4), false);
    RowBlock rows = rows(trial).slice(0, ROWS);
    List<String> heard = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void iterationDone(IterationRecord record) {
            heard.add("epoch " + record.iteration());
          }

          @Override
          public void stepsDone(int number, EpochPart epoch) {
            heard.add(number + ": " + epoch.steps() + " steps, " + epoch.rows() + " rows");
          }
        };
    SourceStep steps = new SourceStep(source(trial, rows), start(trial), Adam.Settings.DEFAULT);
    new MiniBatchLoop(RELU, steps, ROWS, null, trial.settings, listener).run();
    assertEquals(
        List.of(
            "1: 1 steps, 37 rows",
            "1: 2 steps, 74 rows",
            "1: 3 steps, 100 rows",
            "epoch 1",
            "2: 1 steps, 37 rows",
            "epoch 2"),
        heard);
  }

  /** A tol of 10 holds always: it ends a training at the end of its second epoch. */
  @Test
  void tolIsJudgedAtTheEndsOfWholeEpochs() {
    TrainingSettings tolerant = new TrainingSettings(EPOCHS, 10, BATCH, 0.01, 5);
    Trial inside = plain(5).with(tolerant.withMaxSteps(5));
    assertNull(whole(inside).progress().stopReason());
    Trial beyond = plain(8).with(tolerant.withMaxSteps(8));
    TrainingState converged = whole(beyond);
    assertEquals(StopReason.CONVERGED, converged.progress().stopReason());
    assertEquals(6, beyond.settings.steps(converged.progress().history()));
  }
}
