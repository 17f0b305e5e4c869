package org.sparksae.core.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.Safetensors;
import org.sparksae.core.format.Tensor;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.optim.Lbfgs;
import org.sparksae.core.train.EpochPart;
import org.sparksae.core.train.FullBatchState;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.RunState;
import org.sparksae.core.train.StopReason;
import org.sparksae.core.train.TrainingBuffers;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.TrainingState;

/** What is read is what was written, to the last bit, or nothing. */
class CheckpointFileTest {
  private static final float NAN = Float.intBitsToFloat(0x7fc12345);
  private static final RunIdentity RUN = new RunIdentity(ordered("solver", "x y", "rows", "12"));

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static TrainingProgress progress(int iterations, float[] best, StopReason reason) {
    List<IterationRecord> history =
        Stream.iterate(1, iteration -> iteration + 1)
            .limit(iterations)
            .map(
                iteration ->
                    new IterationRecord(
                        iteration,
                        new ObjectiveTerms(
                            List.of("reconstruction", "weightDecay"),
                            new double[] {1.0 / 3 / iteration, Double.MIN_VALUE}),
                        iteration == 1 ? Double.NaN : Math.PI,
                        (1L << 53) - iteration,
                        1e-9 / 3))
            .toList();
    return new TrainingProgress(history, 0.1 + 0.2, Double.POSITIVE_INFINITY, best, 4, reason);
  }

  private static TrainingProgress inside() {
    EpochPart epoch = new EpochPart(3L << 32, 7L << 40, 0.1 + 0.2, new double[] {-0.0, NAN}, 1e-9);
    return new TrainingProgress(
        progress(2, null, null).history(), NAN, 0.5, new float[] {1, -0f}, 2, null, epoch);
  }

  static Stream<Checkpoint> checkpoints() {
    Adam.State adam = new Adam.State(77, new float[] {-0f, NAN}, new float[] {1e-45f, 3});
    Lbfgs.State lbfgs =
        new Lbfgs.State(
            new double[] {1.0 / 3, -0.0},
            Math.nextUp(2.0),
            new double[] {Double.MIN_VALUE, 5},
            new double[][] {{1, 2}, {3, 4}},
            new double[][] {{5, 6}, {7, 8.1}},
            19);
    float[] parameters = {1.5f, Float.MIN_VALUE};
    TrainingBuffers buffers =
        new TrainingBuffers(
            Map.of("silentRows", new double[] {0, 1e15, 3}, "epochRows", new double[] {7}));
    return Stream.of(
        new Checkpoint(RUN, 1e-6, new TrainingState(parameters, adam, progress(3, null, null))),
        new Checkpoint(
            RUN, 1e-6, new TrainingState(parameters, adam, buffers, progress(3, null, null))),
        new Checkpoint(RUN, 1e-6, new TrainingState(parameters, adam, buffers, inside())),
        new Checkpoint(
            RUN,
            0,
            new TrainingState(
                parameters, adam, progress(2, new float[] {1e-45f, 2}, StopReason.EARLY_STOPPING))),
        new Checkpoint(
            RUN,
            0.25,
            new FullBatchState(
                new float[] {(float) (1.0 / 3), -0f},
                lbfgs,
                progress(1, new float[] {7, 8}, null))),
        new Checkpoint(
            new RunIdentity(Map.of()),
            0,
            new FullBatchState(
                new float[] {(float) (1.0 / 3), -0f},
                new Lbfgs.State(
                    lbfgs.point(), 1, lbfgs.gradient(), new double[0][], new double[0][], 1),
                progress(0, null, StopReason.CONVERGED))));
  }

  private static byte[] bytes(Checkpoint checkpoint) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CheckpointFile.write(out, checkpoint);
    return out.toByteArray();
  }

  private static Checkpoint read(byte[] bytes) throws IOException {
    return CheckpointFile.read(new ByteArrayInputStream(bytes), bytes.length);
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void survivesToTheLastBit(Checkpoint checkpoint) throws IOException {
    byte[] bytes = bytes(checkpoint);
    Checkpoint read = read(bytes);
    // Equal bytes mean equal bits of every array and number.
    assertArrayEquals(bytes, bytes(read));
    assertEquals(checkpoint.run(), read.run());
    assertEquals(
        List.copyOf(checkpoint.run().fields().keySet()), List.copyOf(read.run().fields().keySet()));
    assertEquals(checkpoint.tol(), read.tol());
    assertEquals(checkpoint.state().getClass(), read.state().getClass());
    assertArrayEquals(bits(checkpoint.state().parameters()), bits(read.state().parameters()));
    TrainingProgress expected = checkpoint.state().progress();
    TrainingProgress actual = read.state().progress();
    assertEquals(expected.iterations(), actual.iterations());
    for (int i = 0; i < expected.iterations(); i++) {
      IterationRecord before = expected.history().get(i);
      IterationRecord after = actual.history().get(i);
      assertEquals(before.iteration(), after.iteration());
      assertEquals(before.terms().names(), after.terms().names());
      assertArrayEquals(before.terms().values(), after.terms().values());
      assertEquals(before.validationObjective(), after.validationObjective());
      assertEquals(before.rows(), after.rows());
      assertEquals(before.seconds(), after.seconds());
    }
    assertEquals(expected.lastObjective(), actual.lastObjective());
    assertEquals(expected.epoch().steps(), actual.epoch().steps());
    assertEquals(expected.epoch().rows(), actual.epoch().rows());
    assertEquals(expected.epoch().weight(), actual.epoch().weight());
    assertArrayEquals(expected.epoch().terms(), actual.epoch().terms());
    assertEquals(expected.epoch().seconds(), actual.epoch().seconds());
    assertEquals(expected.bestValidation(), actual.bestValidation());
    assertEquals(expected.iterationsSinceBest(), actual.iterationsSinceBest());
    assertEquals(expected.stopReason(), actual.stopReason());
    if (expected.best() == null) {
      assertNull(actual.best());
    } else {
      assertArrayEquals(bits(expected.best()), bits(actual.best()));
    }
    if (checkpoint.state() instanceof FullBatchState lbfgs) {
      Lbfgs.State optimizer = ((FullBatchState) read.state()).optimizer();
      assertArrayEquals(lbfgs.optimizer().steps(), optimizer.steps());
      assertArrayEquals(lbfgs.optimizer().gradientChanges(), optimizer.gradientChanges());
      assertEquals(lbfgs.optimizer().value(), optimizer.value());
    } else {
      Map<String, double[]> buffers = read.state().buffers().arrays();
      assertEquals(checkpoint.state().buffers().arrays().keySet(), buffers.keySet());
      checkpoint
          .state()
          .buffers()
          .arrays()
          .forEach((name, array) -> assertArrayEquals(array, buffers.get(name)));
      Adam.State optimizer = ((TrainingState) read.state()).optimizer();
      assertEquals(77, optimizer.steps());
      assertArrayEquals(bits(new float[] {-0f, NAN}), bits(optimizer.firstMoment()));
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void noFlippedBitIsTakenForSomethingElse(Checkpoint checkpoint) throws IOException {
    byte[] bytes = bytes(checkpoint);
    for (int i = 0; i < bytes.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = bytes.clone();
        flipped[i] ^= (byte) (1 << bit);
        try {
          // Only where it means nothing: the padding, and spellings of the same JSON.
          assertArrayEquals(bytes, bytes(read(flipped)), "byte " + i + " bit " + bit);
        } catch (CorruptModelException | NewerCheckpointException refused) {
          assertTrue(refused.getMessage().length() > 10);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void everyTruncationIsRefused(Checkpoint checkpoint) throws IOException {
    byte[] bytes = bytes(checkpoint);
    for (int length = 0; length < bytes.length; length++) {
      byte[] truncated = Arrays.copyOf(bytes, length);
      assertThrows(CorruptModelException.class, () -> read(truncated));
    }
  }

  @Test
  void aNewerVersionIsRefusedAsSuch() throws IOException {
    byte[] bytes = bytes(checkpoints().findFirst().orElseThrow());
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String newer = text.replace("\"formatVersion\":\"1\"", "\"formatVersion\":\"3\"");
    assertTrue(!newer.equals(text));
    NewerCheckpointException refused =
        assertThrows(
            NewerCheckpointException.class,
            () -> read(newer.getBytes(StandardCharsets.ISO_8859_1)));
    assertEquals(
        "formatVersion must be at most 2, got 3; go on with the newer release that wrote it",
        refused.getMessage());
  }

  @Test
  void aModelIsNoCheckpoint() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(
        out,
        List.of(Tensor.of("a", new float[1], 1)),
        Map.of("format", "spark-sparse-autoencoder", "formatVersion", "1"));
    CorruptModelException refused =
        assertThrows(CorruptModelException.class, () -> read(out.toByteArray()));
    assertTrue(refused.getMessage().contains("another program's file"), refused.getMessage());
  }

  /** No such checkpoint is written; a file that was changed, or written by another program. */
  @Test
  void parametersThatAreNotFiniteAreRefused() {
    Adam.State adam = new Adam.State(1, new float[2], new float[2]);
    assertNotFinite(
        "parameters", new TrainingState(new float[] {1, NAN}, adam, progress(1, null, null)));
    float[] best = {Float.NEGATIVE_INFINITY, 1};
    assertNotFinite("best", new TrainingState(new float[2], adam, progress(1, best, null)));
    Lbfgs.State lbfgs =
        new Lbfgs.State(
            new double[] {0, 1e300}, 1, new double[2], new double[0][], new double[0][], 1);
    assertNotFinite("point", new FullBatchState(new float[2], lbfgs, progress(1, null, null)));
  }

  private static void assertNotFinite(String tensor, RunState state) {
    String message =
        assertThrows(CorruptModelException.class, () -> read(bytes(new Checkpoint(RUN, 0, state))))
            .getMessage();
    assertTrue(message.startsWith("tensor '" + tensor + "' must have finite values"), message);
  }

  @Test
  void differencesNameFieldAndBothValues() {
    RunIdentity here = new RunIdentity(ordered("batchSize", "100", "rows", "5", "k", "3"));
    RunIdentity there = new RunIdentity(ordered("rows", "5", "batchSize", "50", "kStart", "9"));
    assertEquals(
        List.of(
            "batchSize is 100, the checkpoint has 50",
            "k is 3, the checkpoint has none",
            "kStart is not set, the checkpoint has 9"),
        here.differences(there));
    assertEquals(List.of(), here.differences(here));
  }

  /** 0.1 of 1 is a small change by 0.2, and none by 0.05. */
  @Test
  void whatConvergedByALargerToleranceGoesOnByASmallerOne() {
    List<IterationRecord> history = List.of(iteration(1, 1), iteration(2, 0.9));
    TrainingProgress ended = new TrainingProgress(history, 0.9, 0, null, 0, StopReason.CONVERGED);
    RunState state = new TrainingState(new float[1], Adam.State.start(1), ended);
    Checkpoint checkpoint = new Checkpoint(RUN, 0.2, state);
    assertNull(checkpoint.resumedWith(0.05).progress().stopReason());
    for (double tol : new double[] {0.11, 0.2, 0.3}) {
      assertEquals(StopReason.CONVERGED, checkpoint.resumedWith(tol).progress().stopReason());
    }
  }

  private static IterationRecord iteration(int number, double objective) {
    ObjectiveTerms terms = new ObjectiveTerms(List.of("all"), new double[] {objective});
    return new IterationRecord(number, terms, Double.NaN, 1, 1);
  }
}
