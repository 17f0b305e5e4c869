package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.data.Stored;

/** An interrupted fit of several stages continues in the right one, to the same bits. */
@ExtendWith(LocalSpark.class)
class GreedyCheckpointTest {
  private static final float[][] ROWS = TestFrames.rows(120, 6, 21);
  private static final int ITERATIONS = 4;
  private static final List<String> STAGES = List.of("layer-1", "layer-2", "joint");

  @TempDir private Path parent;

  /** Two batches an epoch, and a penalty that needs no means first: few Spark jobs. */
  private static SparseAutoencoder plain(CheckpointFitTest.Way way) {
    SparseAutoencoder estimator =
        way.estimator()
            .setHiddenLayers(5, 3)
            .setSparsityScope("example")
            .setBatchSize(60)
            .setMaxIter(ITERATIONS)
            .setLayerTraining("greedyThenJoint");
    estimator.clear(estimator.validationIndicatorCol());
    return estimator;
  }

  private SparseAutoencoder kept(CheckpointFitTest.Way way) {
    return plain(way).setCheckpointDir(directory().toString()).setCheckpointInterval(2);
  }

  private Path directory() {
    return parent.resolve("checkpoints");
  }

  private Path checkpoint(String stage, int iterations) {
    return directory().resolve(stage).resolve("checkpoint-%08d.safetensors".formatted(iterations));
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(ROWS, 2);
  }

  private static void assertSame(SparseAutoencoderModel expected, SparseAutoencoderModel actual) {
    assertArrayEquals(expected.parameters(), actual.parameters());
    for (int s = 0; s < expected.summary().stages().size(); s++) {
      TrainingStage before = expected.summary().stages().get(s);
      TrainingStage after = actual.summary().stages().get(s);
      assertEquals(before.name(), after.name());
      assertArrayEquals(before.objectiveHistory(), after.objectiveHistory());
      assertEquals(before.stopReason(), after.stopReason());
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CheckpointFitTest.Way.class)
  void goesOnWithinAndBetweenStages(CheckpointFitTest.Way way) throws IOException {
    SparseAutoencoderModel undisturbed = plain(way).fit(frame());
    assertSame(undisturbed, kept(way).fit(frame()));
    for (int cut = STAGES.size() - 1; cut >= 0; cut--) {
      for (int later = cut + 1; later < STAGES.size(); later++) {
        delete(directory().resolve(STAGES.get(later)));
      }
      // Within the stage, as if killed after iteration 3; what follows is not there yet.
      Files.delete(checkpoint(STAGES.get(cut), ITERATIONS));
      assertSame(undisturbed, kept(way).fit(frame()));
      // Before the stage.
      for (int later = cut; later < STAGES.size(); later++) {
        delete(directory().resolve(STAGES.get(later)));
      }
      assertSame(undisturbed, kept(way).fit(frame()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer-1", "layer-2", "joint"})
  void aFitThatFailsInAStageIsMadeAgainFromThere(String stage) throws IOException {
    CheckpointFitTest.Way way = CheckpointFitTest.Way.ALL_REDUCE;
    Path inTheWay = Files.createDirectories(checkpoint(stage, ITERATIONS)).resolve("something");
    Files.createFile(inTheWay);
    UncheckedIOException failed =
        assertThrows(UncheckedIOException.class, () -> kept(way).fit(frame()));
    assertTrue(failed.getMessage().contains("/" + stage + "/"), failed.getMessage());
    Stored.awaitFiles(0);
    delete(checkpoint(stage, ITERATIONS));
    assertSame(plain(way).fit(frame()), kept(way).fit(frame()));
  }

  @Test
  void greedyMayBeFollowedByTheJointStageLater() throws IOException {
    CheckpointFitTest.Way way = CheckpointFitTest.Way.L_BFGS;
    kept(way).setLayerTraining("greedy").fit(frame());
    byte[] first = Files.readAllBytes(checkpoint("layer-1", ITERATIONS));
    assertSame(plain(way).fit(frame()), kept(way).fit(frame()));
    assertArrayEquals(first, Files.readAllBytes(checkpoint("layer-1", ITERATIONS)));
    String text = Files.readString(directory().resolve("layer-2/run.txt"));
    assertTrue(text.contains("stage                layer 2"), text);
    assertTrue(text.contains("Params below; maxIter and tol are among them."), text);
  }

  @Test
  void anotherFitIsRefusedByNameBeforeItTrains() {
    CheckpointFitTest.Way way = CheckpointFitTest.Way.TREE;
    kept(way).fit(frame());
    assertRefused(
        () -> kept(way).setMaxIter(6).fit(frame()),
        "' (its layer-1) has checkpoints of another training: maxIter is 6, the checkpoint has 4; name");
    assertRefused(
        () -> kept(way).setTol(0.5).fit(frame()),
        "another training: tol is 0.5, the checkpoint has 0.0; name");
    assertRefused(
        () -> kept(way).setHiddenLayers(5, 4).fit(frame()),
        "' (its layer-2) has checkpoints of another training: hiddenLayers is [4], the checkpoint has [3];");
    assertRefused(
        () -> kept(way).setLayerTraining("joint").fit(frame()),
        "' (its layer-1) has checkpoints of a fit with another layerTraining; name another");
  }

  @Test
  void checkpointsOfAJointFitAreNotPassedOver() {
    CheckpointFitTest.Way way = CheckpointFitTest.Way.TREE;
    kept(way).setLayerTraining("joint").fit(frame());
    assertRefused(
        () -> kept(way).fit(frame()),
        "' has checkpoints of a fit with layerTraining = joint; name another");
    assertRefused(
        () -> kept(way).setLayerTraining("greedy").fit(frame()),
        "name another checkpointDir, or delete them to train anew");
  }

  private static void assertRefused(Executable fit, String message) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, fit);
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }
}
