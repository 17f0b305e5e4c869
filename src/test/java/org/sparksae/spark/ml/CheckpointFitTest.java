package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.StopReason;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** A fit that goes on from a checkpoint gives what a fit without any gives, bit for bit. */
@ExtendWith(LocalSpark.class)
class CheckpointFitTest {
  private static final float[][] ROWS = TestFrames.rows(160, 6, 21);
  private static final int ITERATIONS = 6;
  private static final Map<Way, SparseAutoencoderModel> UNDISTURBED = new EnumMap<>(Way.class);

  @TempDir private Path parent;

  /** The ways in which a model is trained. */
  enum Way {
    ALL_REDUCE(estimator -> estimator.setSolver("adam").setAggregation("allReduce")),
    TREE(estimator -> estimator.setSolver("adam").setAggregation("tree")),
    L_BFGS(estimator -> estimator.setSolver("l-bfgs"));

    private final Consumer<SparseAutoencoder> choice;

    Way(Consumer<SparseAutoencoder> choice) {
      this.choice = choice;
    }

    /** Two steps an epoch. */
    SparseAutoencoder estimator() {
      SparseAutoencoder estimator =
          Fixtures.estimator()
              .setMaxIter(ITERATIONS)
              .setBatchSize(64)
              .setValidationIndicatorCol("held");
      choose(estimator);
      return estimator;
    }

    /** Sets the Params of this way. */
    void choose(SparseAutoencoder estimator) {
      choice.accept(estimator);
    }
  }

  /** Every fifth row is held out. */
  private static Dataset<Row> frame(float[][] rows, int partitions) {
    StructType schema =
        new StructType()
            .add(TestFrames.FEATURES, InputType.FLOATS.type())
            .add("held", DataTypes.BooleanType);
    List<List<Row>> values = new ArrayList<>();
    int number = 0;
    for (float[][] part : TestFrames.split(rows, partitions)) {
      List<Row> own = new ArrayList<>();
      for (float[] row : part) {
        own.add(RowFactory.create(InputType.FLOATS.form(row), number++ % 5 == 0));
      }
      values.add(own);
    }
    return TestFrames.frame(schema, values);
  }

  private static Dataset<Row> frame() {
    return frame(ROWS, 2);
  }

  /** The fit without checkpoints, made once. */
  private static SparseAutoencoderModel undisturbed(Way way) {
    return UNDISTURBED.computeIfAbsent(way, each -> each.estimator().fit(frame()));
  }

  private String directory() {
    return parent.resolve("checkpoints").toString();
  }

  private SparseAutoencoder kept(Way way) {
    return way.estimator().setCheckpointDir(directory()).setCheckpointInterval(2);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(directory()))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  private Path checkpoint(int iterations) {
    return Path.of(directory(), "checkpoint-%08d.safetensors".formatted(iterations));
  }

  private static void assertSame(SparseAutoencoderModel expected, SparseAutoencoderModel actual) {
    assertArrayEquals(expected.parameters(), actual.parameters());
    assertEquals(expected.summary().stopReason(), actual.summary().stopReason());
    assertArrayEquals(expected.summary().objectiveHistory(), actual.summary().objectiveHistory());
    for (int i = 0; i < expected.summary().totalIterations(); i++) {
      IterationRecord before = expected.summary().history().get(i);
      IterationRecord after = actual.summary().history().get(i);
      assertEquals(before.iteration(), after.iteration());
      assertEquals(before.terms().names(), after.terms().names());
      assertArrayEquals(before.terms().values(), after.terms().values());
      assertEquals(before.validationObjective(), after.validationObjective());
      assertEquals(before.rows(), after.rows());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void goesOnToTheBitsOfAnUndisturbedFit(Way way) throws Throwable {
    SparseAutoencoderModel undisturbed = undisturbed(way);

    SparseAutoencoderModel[] fits = new SparseAutoencoderModel[2];
    int trained = Fixtures.jobsOf(() -> fits[0] = kept(way).fit(frame()));
    assertSame(undisturbed, fits[0]);
    assertEquals(
        List.of("checkpoint-00000004.safetensors", "checkpoint-00000006.safetensors", "run.txt"),
        names());
    // A finished fit gives its model again at once.
    int loaded = Fixtures.jobsOf(() -> fits[1] = kept(way).fit(frame()));
    assertSame(fits[0], fits[1]);
    assertEquals(
        fits[0].summary().history().get(0).seconds(), fits[1].summary().history().get(0).seconds());
    if (way != Way.ALL_REDUCE) { // which is one job anyway
      assertTrue(loaded < trained / 3, loaded + " jobs instead of " + trained);
    }

    // As if it had been cut off after iteration 5.
    Files.delete(checkpoint(6));
    assertSame(undisturbed, kept(way).fit(frame()));

    // Cut off while it wrote: the newest is half.
    byte[] bytes = Files.readAllBytes(checkpoint(6));
    Files.write(checkpoint(6), Arrays.copyOf(bytes, bytes.length - 9));
    assertSame(undisturbed, kept(way).fit(frame()));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aFitThatFailsHalfWayIsMadeAgainFromItsLastCheckpoint(Way way) throws Exception {
    Path inTheWay = Files.createDirectories(checkpoint(4)).resolve("something");
    Files.createFile(inTheWay);
    UncheckedIOException failed =
        assertThrows(UncheckedIOException.class, () -> kept(way).fit(frame()));
    assertTrue(
        failed.getMessage().contains("': cannot write file:" + checkpoint(4)), failed.getMessage());
    Files.delete(inTheWay);
    Files.delete(checkpoint(4));
    assertEquals(List.of("checkpoint-00000002.safetensors", "run.txt"), names());
    assertSame(undisturbed(way), kept(way).fit(frame()));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aLargerMaxIterTrainsLonger(Way way) throws Exception {
    SparseAutoencoderModel undisturbed = undisturbed(way);
    SparseAutoencoderModel half = kept(way).setMaxIter(3).fit(frame());
    assertEquals(3, half.summary().totalIterations());
    assertEquals(
        List.of("checkpoint-00000002.safetensors", "checkpoint-00000003.safetensors", "run.txt"),
        names());
    assertSame(undisturbed, kept(way).setCheckpointInterval(100).fit(frame()));
    String text = Files.readString(Path.of(directory(), "run.txt"));
    assertTrue(text.contains("iterations           6 of at most 6"), text);
    assertTrue(
        text.contains("kernelBackend        " + undisturbed.summary().kernelBackend()), text);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void earlyStoppingGoesOnWithItsState(Way way) throws Exception {
    boolean jumps = way != Way.L_BFGS;
    Consumer<SparseAutoencoder> jumpy =
        e -> e.setMaxIter(jumps ? 40 : 8).setStepSize(0.3).setTol(1e-9);
    SparseAutoencoder plain = way.estimator();
    SparseAutoencoder kept = kept(way).setCheckpointInterval(1);
    jumpy.accept(plain);
    jumpy.accept(kept);
    SparseAutoencoderModel undisturbed = plain.fit(frame());
    if (jumps) {
      assertEquals(StopReason.EARLY_STOPPING, undisturbed.summary().stopReason());
    }
    assertSame(undisturbed, kept.fit(frame()));
    int iterations = undisturbed.summary().totalIterations();
    Files.delete(checkpoint(iterations));
    assertSame(undisturbed, kept.fit(frame()));
  }

  /** Four steps an epoch. Each step is a round of its own, since the next checkpoint is due. */
  @ParameterizedTest
  @EnumSource(names = {"ALL_REDUCE", "TREE"})
  void goesOnInsideAnEpoch(Way way) throws IOException {
    SparseAutoencoder plain = way.estimator().setBatchSize(32);
    SparseAutoencoderModel undisturbed = plain.setMaxSteps(6).fit(frame());
    SparseAutoencoder everyStep =
        kept(way).setBatchSize(32).setCheckpointMinutes(1e-9).setMaxSteps(6);
    assertSame(undisturbed, everyStep.fit(frame()));
    SparseAutoencoderTrainingSummary summary = undisturbed.summary();
    assertEquals(2, summary.totalIterations());
    assertEquals(6, summary.totalSteps());
    assertTrue(summary.endsInsideEpoch());
    assertEquals(64, summary.history().get(1).rows());
    assertTrue(summary.toString().contains("2 iterations, the last in part (6 steps), MAX_ITER"));
    String fifth = "checkpoint-00000001-00000001.safetensors";
    String sixth = "checkpoint-00000001-00000002.safetensors";
    assertEquals(List.of(fifth, sixth, "run.txt"), names());

    Files.delete(Path.of(directory(), sixth));
    assertSame(undisturbed, everyStep.fit(frame()));
    assertSame(undisturbed, everyStep.fit(frame()));
    assertRefused(
        () -> everyStep.setMaxSteps(5).fit(frame()),
        "maxSteps must be 6 or more, the steps of the checkpoint in checkpointDir");
    everyStep.clear(everyStep.maxSteps());
    SparseAutoencoderModel longer = everyStep.setMaxIter(2).fit(frame());
    assertFalse(longer.summary().endsInsideEpoch());
    assertSame(plain.setMaxSteps(8).fit(frame()), longer);
    assertEquals(
        longer.summary().history().get(0).seconds(),
        everyStep.fit(frame()).summary().history().get(0).seconds());
  }

  @Test
  void minutesCountForIterationsOfLbfgsToo() throws IOException {
    SparseAutoencoder often = kept(Way.L_BFGS).setCheckpointInterval(100).setMaxIter(3);
    often.setCheckpointMinutes(1e-9).fit(frame());
    assertEquals(
        List.of("checkpoint-00000002.safetensors", "checkpoint-00000003.safetensors", "run.txt"),
        names());
  }

  @Test
  void aScheduleOfKGoesOnToo() throws IOException {
    for (Way way : List.of(Way.ALL_REDUCE, Way.TREE)) {
      Consumer<SparseAutoencoder> kSparse = e -> e.setHiddenLayers(12).setK(2).setKStart(9);
      SparseAutoencoder plain = way.estimator();
      String place = parent.resolve("k" + way).toString();
      SparseAutoencoder kept = way.estimator().setCheckpointDir(place).setCheckpointInterval(2);
      kSparse.accept(plain);
      kSparse.accept(kept);
      SparseAutoencoderModel undisturbed = plain.fit(frame());
      kept.fit(frame());
      Files.delete(Path.of(place, "checkpoint-00000006.safetensors"));
      assertSame(undisturbed, kept.fit(frame()));
      assertRefused(() -> kept.setMaxIter(7).fit(frame()), "maxIter is 7, the checkpoint has 6");
    }
  }

  @Test
  void whatDiffersIsListed() {
    kept(Way.ALL_REDUCE).setMaxIter(2).fit(frame());
    assertRefused(
        () -> kept(Way.ALL_REDUCE).setBatchSize(100).setSeed(8).fit(frame()),
        "seed is 8, the checkpoint has 7; batchSize is 100, the checkpoint has 64; name another");
    assertRefused(
        () -> kept(Way.ALL_REDUCE).setHiddenLayers(5).setRegParam(0.5).fit(frame()),
        "hiddenLayers is [5], the checkpoint has [4]; regParam is 0.5, the checkpoint has 1.0E-4;");
    assertRefused(
        () -> kept(Way.L_BFGS).fit(frame()), "solver is l-bfgs, the checkpoint has adam;");
    assertRefused(
        () -> kept(Way.TREE).fit(frame()), "aggregation is tree, the checkpoint has allReduce;");
    assertRefused(
        () -> kept(Way.ALL_REDUCE).setNumWorkers(1).fit(frame()),
        "numWorkers is 1, the checkpoint has 2;");
    assertRefused(
        () -> kept(Way.ALL_REDUCE).fit(frame(ROWS, 4)), "rows.sourcePartitions is 4 (cut");
    float[][] fewer = Arrays.copyOf(ROWS, 159);
    assertRefused(
        () -> kept(Way.ALL_REDUCE).fit(frame(fewer, 2)), "rows is 127, the checkpoint has 128;");
    float[][] other = ROWS.clone();
    other[1] = ROWS[1].clone();
    other[1][1] += 1e-6f;
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> kept(Way.ALL_REDUCE).fit(frame(other, 2)));
    assertTrue(
        refused.getMessage().contains("another training: rows.contentHash is "),
        refused.getMessage());
    assertEquals(1, refused.getMessage().split(";", -1).length - 1, refused.getMessage());
  }

  private static void assertRefused(Executable fit, String differences) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, fit);
    assertTrue(refused.getMessage().contains(differences), refused.getMessage());
  }

  @Test
  void aSmallerToleranceGoesOnFromWhatHadConverged() throws IOException {
    SparseAutoencoder coarse = kept(Way.L_BFGS).setMaxIter(30).setTol(0.2);
    coarse.clear(coarse.validationIndicatorCol());
    SparseAutoencoderModel converged = coarse.fit(frame());
    assertEquals(StopReason.CONVERGED, converged.summary().stopReason());
    assertTrue(converged.summary().totalIterations() < 10);
    assertArrayEquals(
        coarse.copy(ParamMap.empty()).setCheckpointDir("").setTol(1e-3).fit(frame()).parameters(),
        coarse.setTol(1e-3).fit(frame()).parameters());
  }

  @Test
  void aDirectoryThatCannotBeWrittenToFailsBeforeTraining() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    UncheckedIOException failed =
        assertThrows(
            UncheckedIOException.class,
            () -> kept(Way.TREE).setCheckpointDir(file + "/below").fit(frame()));
    assertTrue(failed.getMessage().contains("cannot write file:" + file), failed.getMessage());
  }
}
