package org.sparksae.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.train.EpochPart;
import org.sparksae.core.train.FullBatchState;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.TrainingLength;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.TrainingState;
import org.sparksae.core.train.checkpoint.Checkpoint;
import org.sparksae.core.train.checkpoint.RunIdentity;

class CheckpointStoreTest {
  private static final int STEPS = 100;
  private static final RunIdentity RUN = new RunIdentity(Map.of("batchSize", "50"));

  @TempDir private Path parent;
  private Path directory;
  private final Configuration hadoop = new Configuration();
  private CheckpointStore store;

  @BeforeEach
  void open() {
    directory = parent.resolve("not/there yet");
    store = CheckpointStore.of(directory.toString(), hadoop);
    FullDisk.room = Long.MAX_VALUE;
    hadoop.set("fs.fulldisk.impl", FullDisk.class.getName());
    hadoop.setBoolean("fs.fulldisk.impl.disable.cache", true);
  }

  private static TrainingState state(int iterations) {
    List<IterationRecord> history = new ArrayList<>();
    for (int iteration = 1; iteration <= iterations; iteration++) {
      ObjectiveTerms terms =
          new ObjectiveTerms(List.of("reconstruction"), new double[] {1. / iteration});
      history.add(new IterationRecord(iteration, terms, Double.NaN, 9, 0.5));
    }
    return new TrainingState(
        new float[] {iterations, 1},
        Adam.State.start(2),
        new TrainingProgress(history, 1, Double.POSITIVE_INFINITY, null, 0, null));
  }

  private void write(int iterations) {
    store.write(new Checkpoint(RUN, 0, state(iterations)));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  private Path file(int iterations) {
    return directory.resolve("checkpoint-%08d.safetensors".formatted(iterations));
  }

  /** Hadoop's own checksum of local files, beside them. */
  private Path crc(int iterations) {
    return directory.resolve(".checkpoint-%08d.safetensors.crc".formatted(iterations));
  }

  private int newestIteration() {
    return store.newest().orElseThrow().state().progress().iterations();
  }

  @Test
  void nothingIsThereAtFirst() {
    assertEquals(Optional.empty(), store.newest());
    assertTrue(Files.notExists(directory), "looking makes nothing");
  }

  /** As releases wrote them in a JVM of such a locale. */
  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "hi-IN-u-nu-deva", "th-TH-u-nu-thai"})
  void namesInOtherDigitsAreFoundAndGoInTheirTurn(String tag) throws IOException {
    String localised = String.format(Locale.forLanguageTag(tag), "checkpoint-%08d.safetensors", 2);
    assertNotEquals(file(2).getFileName().toString(), localised);
    write(2);
    Files.move(file(2), directory.resolve(localised));
    Files.delete(crc(2));
    assertFalse(store.isEmpty());
    assertEquals(2, newestIteration());
    write(3);
    write(4);
    assertEquals(4, newestIteration());
    assertEquals(
        List.of("checkpoint-00000003.safetensors", "checkpoint-00000004.safetensors"), names());
  }

  @Test
  void theNewestWinsAndTwoAreKept() throws IOException {
    for (int iterations : new int[] {2, 4, 9, 10, 100}) {
      write(iterations);
      assertEquals(iterations, newestIteration());
    }
    assertEquals(
        List.of("checkpoint-00000010.safetensors", "checkpoint-00000100.safetensors"), names());
    Files.createFile(directory.resolve("checkpoint-00000200.safetensors.old"));
    Files.createDirectory(directory.resolve("checkpoint-00000300.safetensors"));
    assertEquals(100, newestIteration(), "others' files are nobody's checkpoints");
  }

  private interface Damage {
    void to(Path file) throws IOException;
  }

  static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 5] ^= 16;
    Files.write(file, bytes);
  }

  static void truncate(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDamagedOneIsPassedOverForTheOneBefore(boolean hadoopChecks) throws IOException {
    List<Damage> damages =
        List.of(
            CheckpointStoreTest::flip,
            CheckpointStoreTest::truncate,
            file -> Files.write(file, new byte[0]),
            file -> Files.writeString(file, "something else"));
    for (Damage damage : damages) {
      write(4);
      write(6);
      damage.to(file(6));
      if (!hadoopChecks) {
        Files.delete(crc(6));
      }
      assertEquals(4, newestIteration());
      write(6);
      assertEquals(6, newestIteration(), "the damaged one is replaced");
    }
  }

  @Test
  void oneOfAnotherNumberThanItsNameIsDamaged() throws IOException {
    write(4);
    Files.copy(file(4), file(8));
    assertEquals(4, newestIteration());
  }

  @Test
  void ifAllAreDamagedTrainingDoesNotStartAnewUnasked() throws IOException {
    write(4);
    write(6);
    flip(file(4));
    truncate(file(6));
    Files.delete(crc(4));
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, store::newest);
    assertContains(refused, "has no intact checkpoint (checkpoint-00000006.safetensors: ");
    assertContains(refused, "; checkpoint-00000004.safetensors: ");
    assertContains(refused, "delete it to train anew, or name another");
  }

  @Test
  void aNewerVersionIsRefusedNotPassedOver() throws IOException {
    write(4);
    write(6);
    String text = Files.readString(file(6), StandardCharsets.ISO_8859_1);
    Files.writeString(
        file(6),
        text.replace("\"formatVersion\":\"1\"", "\"formatVersion\":\"7\""),
        StandardCharsets.ISO_8859_1);
    Files.delete(crc(6));
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, store::newest);
    assertContains(
        refused, "checkpoint-00000006.safetensors: formatVersion must be at most 2, got 7");
    assertContains(refused, "or name another checkpointDir");
  }

  @Test
  void aPlaceThatCannotBeWrittenToIsNamedWithTheRemedy() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    store = CheckpointStore.of(file.resolve("below").toString(), hadoop);
    UncheckedIOException failed = assertThrows(UncheckedIOException.class, () -> write(2));
    assertContains(
        failed,
        "checkpointDir '%1$s/below': cannot write file:%1$s/below/checkpoint-00000002.safetensors: "
            .formatted(file));
    assertContains(failed, "name another checkpointDir");
    for (String place : List.of("nosuch://a/b", "a:b", "hdfs:c")) {
      assertRefused(
          () -> CheckpointStore.of(place, hadoop),
          "checkpointDir '" + place + "' cannot be reached");
    }
  }

  /** Hadoop knows the scheme, and the class comes in a jar that is not here. */
  @Test
  void aFileSystemWhoseJarIsMissingIsNamed() {
    assertRefused(
        () -> CheckpointStore.of("s3a://bucket/checkpoints", "layer-1", hadoop),
        "checkpointDir 's3a://bucket/checkpoints' cannot be reached: the class of file system s3a://"
            + " is missing (Class org.apache.hadoop.fs.s3a.S3AFileSystem not found); add the jar");
  }

  @Test
  void messagesNameTheDirectoryThatWasSet() throws IOException {
    store = CheckpointStore.of(parent.toString(), "layer-1", hadoop);
    assertEquals("checkpointDir '" + parent + "' (its layer-1)", store.label());
    assertEquals("layer-1", store.directory().getName());
    Files.createFile(parent.resolve("layer-1"));
    UncheckedIOException failed = assertThrows(UncheckedIOException.class, () -> write(2));
    assertContains(failed, "checkpointDir '" + parent + "' (its layer-1): cannot write file:");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 700})
  void aFullDiskLosesNothingAndLeavesNothingHalf(long room) throws IOException {
    store = CheckpointStore.of("fulldisk:" + directory, hadoop);
    write(2);
    write(4);
    List<String> before = names();
    FullDisk.room = room;
    UncheckedIOException failed = assertThrows(UncheckedIOException.class, () -> write(6));
    assertContains(failed, "No space left on device");
    assertContains(failed, "earlier checkpoints are unchanged");
    assertEquals(before, names());
    assertEquals(4, newestIteration());
    FullDisk.room = Long.MAX_VALUE;
    write(6);
    assertEquals(6, newestIteration());
  }

  @Test
  void whatAWriterThatDiedLeftIsRemoved() throws IOException {
    write(2);
    Files.writeString(directory.resolve("_checkpoint-00000004.safetensors-x.unfinished"), "half");
    assertEquals(2, newestIteration());
    write(4);
    assertEquals(
        List.of("checkpoint-00000002.safetensors", "checkpoint-00000004.safetensors"), names());
  }

  @Test
  void runTxtTellsAPerson() throws IOException {
    TrainingLength length = TrainingLength.ofEpochs(STEPS, 20);
    store.describe(RUN, state(3).progress(), length, 1e-3);
    store.describe(RUN, state(4).progress(), length, 1e-3);
    String text = Files.readString(directory.resolve("run.txt"));
    for (String expected :
        List.of(
            "To resume from the newest, fit again with the same checkpointDir",
            "maxIter and tol may change",
            "\nwritten              20",
            "\niterations           4 of at most 20\n",
            "\nended                no\n",
            "\nobjective            0.25 (reconstruction 0.25",
            "\nbatchSize            50\n")) {
      assertTrue(text.contains(expected), expected + " in " + text);
    }
    assertEquals(List.of("run.txt"), names());
  }

  @Test
  void insideAnEpochComesBetweenItsBeginningAndItsEnd() throws IOException {
    store.write(new Checkpoint(RUN, 0, inside(2, 40)));
    write(2);
    assertEquals(40, newestStep());
    store.write(new Checkpoint(RUN, 0, inside(2, 7)));
    assertEquals(40, newestStep());
    store.write(new Checkpoint(RUN, 0, inside(2, 41)));
    assertEquals(
        List.of(
            "checkpoint-00000002-00000040.safetensors", "checkpoint-00000002-00000041.safetensors"),
        names());
    write(3);
    assertEquals(0, newestStep());
    assertEquals(3, newestIteration());
    assertEquals(
        List.of("checkpoint-00000002-00000041.safetensors", "checkpoint-00000003.safetensors"),
        names());
  }

  private long newestStep() {
    return store.newest().orElseThrow().state().progress().epoch().steps();
  }

  /** After some steps of the epoch after {@code iterations}. */
  private static TrainingState inside(int iterations, long steps) {
    TrainingProgress whole = state(iterations).progress();
    EpochPart epoch = new EpochPart(steps, 9 * steps, 4.5 * steps, new double[] {1 / 3.0}, 0.25);
    return new TrainingState(
        new float[] {iterations, 1},
        Adam.State.start(2),
        new TrainingProgress(whole.history(), 1, Double.POSITIVE_INFINITY, null, 0, null, epoch));
  }

  /** The last epoch of 100 steps; no test waits for a minute, or lives to see the end of 1e9. */
  @Test
  void checkpointsAreDueAfterMinutesToo() throws IOException {
    TrainingLength length = TrainingLength.ofSteps(STEPS, 250);
    for (double minutes : new double[] {1e9, 1e-12}) {
      Checkpoints checkpoints = checkpoints(minutes, length);
      boolean due = minutes < 1;
      assertEquals(due, checkpoints.secondsToNext() <= 0);
      assertEquals(due, checkpoints.isDue(1, 50));
      assertTrue(checkpoints.isDue(10, 0));
      assertEquals(due, checkpoints.isDue(10, 1));
      checkpoints.keep(inside(1, 50));
      assertEquals(
          due ? List.of("checkpoint-00000001-00000050.safetensors", "run.txt") : List.of(),
          Files.exists(directory) ? names() : List.of());
    }
    checkpoints(1e9, length).keep(inside(2, 50));
    assertEquals(50, newestStep(), "the end of the training");
    String text = Files.readString(directory.resolve("run.txt"));
    assertTrue(text.contains("\niterations           2 of at most 3\n"), text);
    assertTrue(text.contains("\nsteps                250 of at most 250\n"), text);
    assertTrue(text.contains("maxSteps and tol may change"), text);
    assertRefused(
        () -> checkpoints(1e9, TrainingLength.ofSteps(STEPS, 249)).begin(state(0)),
        "maxSteps must be 250 or more, the steps of the checkpoint in checkpointDir");
    assertRefused(
        () -> checkpoints(RUN, 2, 1).begin(state(0)),
        "maxIter must be 3 or more, the iterations of the checkpoint in checkpointDir");
  }

  private Checkpoints checkpoints(double minutes, TrainingLength length) {
    Checkpoints.Interval interval = new Checkpoints.Interval(10, minutes);
    return Checkpoints.in(directory.toString(), "", RUN, interval, length, 0, hadoop);
  }

  private Checkpoints checkpoints(RunIdentity run, int maxIter, int interval) {
    return Checkpoints.in(
        directory.toString(),
        "",
        run,
        new Checkpoints.Interval(interval, Double.POSITIVE_INFINITY),
        TrainingLength.ofEpochs(STEPS, maxIter),
        0,
        hadoop);
  }

  @Test
  void checkpointsAreDueAtMultiplesOfTheIntervalAndAtTheEnd() throws IOException {
    Checkpoints checkpoints = checkpoints(RUN, 7, 3);
    TrainingState fresh = state(0);
    assertEquals(fresh, checkpoints.begin(fresh));
    assertEquals(List.of("run.txt"), names());
    assertEquals(3, checkpoints.iterationsToNext(0));
    assertEquals(1, checkpoints.iterationsToNext(5));
    for (int iterations = 1; iterations <= 7; iterations++) {
      checkpoints.keep(state(iterations));
    }
    assertEquals(
        List.of("checkpoint-00000006.safetensors", "checkpoint-00000007.safetensors", "run.txt"),
        names());
    TrainingState found = checkpoints(RUN, 9, 3).begin(fresh);
    assertEquals(7, found.progress().iterations());
    assertArrayEquals(new float[] {7, 1}, found.parameters());
  }

  @Test
  void anotherTrainingIsRefusedByWhatDiffers() throws IOException {
    checkpoints(RUN, 4, 2).keep(state(2));
    RunIdentity other = new RunIdentity(Map.of("batchSize", "100"));
    assertRefused(
        () -> checkpoints(other, 4, 2).begin(state(0)),
        "has checkpoints of another training: batchSize is 100, the checkpoint has 50; name another"
            + " checkpointDir, or delete it to train anew");
    assertRefused(
        () -> checkpoints(RUN, 1, 2).begin(state(0)),
        "maxIter must be 2 or more, the iterations of the checkpoint in checkpointDir");
    assertRefused(
        () -> checkpoints(RUN, 4, 2).begin(FullBatchState.start(new float[2])),
        "TrainingState of 2 parameters instead of FullBatchState of 2");
    assertEquals(List.of("checkpoint-00000002.safetensors", "run.txt"), names());
  }

  private static void assertRefused(Executable begin, String why) {
    assertContains(assertThrows(IllegalArgumentException.class, begin), why);
  }

  private static void assertContains(Exception thrown, String part) {
    assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
  }
}
