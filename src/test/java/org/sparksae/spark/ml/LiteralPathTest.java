package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** A path that is read is the path that was given, whatever characters it has. */
@ExtendWith(LocalSpark.class)
class LiteralPathTest {
  private static final List<String> NAMES =
      List.of("plain", "brackets[1]{a,b}", "star*", "what?", "back\\slash", "a,b");

  private static final String ALL_IN_ONE = String.join(" ", NAMES);

  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @ParameterizedTest
  @MethodSource("org.sparksae.spark.ml.Subject#all")
  void aStageIsReadFromTheDirectoryThatItWasSavedTo(Subject subject) throws Exception {
    assertReadFromWhereItWasSaved(subject, ALL_IN_ONE);
  }

  @Test
  void namesOfAllKindsAreTakenLiterally() throws Exception {
    List<Subject> estimatorAndModel = Subject.all().subList(0, 2);
    for (Subject subject : estimatorAndModel) {
      for (String name : NAMES) {
        assertReadFromWhereItWasSaved(subject, subject + " " + name);
      }
    }
  }

  private void assertReadFromWhereItWasSaved(Subject subject, String name) throws Exception {
    Params stage = subject.stage();
    MLReader<?> reader = (MLReader<?>) stage.getClass().getMethod("read").invoke(null);
    ((MLWritable) stage).save(path(name));
    assertSame(subject, reader.load(path(name)));
  }

  private static void assertSame(Subject subject, Object loaded) {
    Params params = assertInstanceOf(subject.stage().getClass(), loaded);
    assertEquals(subject.stage().uid(), params.uid());
    assertEquals(Fixtures.values(subject.stage()), Fixtures.values(params));
    if (subject.isModel()) {
      assertEquals(subject.transformed(), new Subject(params, subject.rows()).transformed());
    }
  }

  /** What a pattern would find is another directory. */
  @Test
  void anotherDirectoryThatThePatternMatchesIsNotRead() throws IOException {
    new SparseAutoencoder("literal").save(path("run[1]"));
    new SparseAutoencoder("matched").save(path("run1"));
    assertEquals("literal", SparseAutoencoder.load(path("run[1]")).uid());
    assertThrows(IllegalArgumentException.class, () -> SparseAutoencoder.load(path("run*")));
  }

  @Test
  void initialModelAndCheckpointDirAreTakenLiterally() throws IOException {
    Dataset<Row> frame = TestFrames.frame(TestFrames.rows(20, 6, 3), 2);
    SparseAutoencoder estimator = Fixtures.estimator().setMaxIter(2).setCheckpointInterval(1);
    for (String name : NAMES.subList(1, 3)) {
      SparseAutoencoderModel model = estimator.setCheckpointDir(path("of " + name)).fit(frame);
      assertTrue(Files.isRegularFile(folder.resolve("of " + name).resolve("run.txt")));
      assertArrayEquals(model.parameters(), estimator.fit(frame).parameters());
      model.save(path(name));
      SparseAutoencoderModel again =
          Fixtures.estimator().setMaxIter(0).setInitialModel(path(name)).fit(frame);
      assertArrayEquals(model.parameters(), again.parameters());
    }
  }

  /** Spark's own reader takes the path for a pattern, and so do its stages. */
  @Test
  void aPipelineModelIsReadWithMllibsStagesInIt() throws IOException {
    Dataset<Row> frame = TestFrames.frame(TestFrames.rows(20, 6, 3), 2);
    StandardScaler scaler =
        new StandardScaler().setInputCol(TestFrames.FEATURES).setOutputCol("scaled");
    Pipeline inner =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new PatchScaling().setInputCol("scaled").setOutputCol("patches")
                });
    PipelineModel model =
        new Pipeline()
            .setStages(
                new PipelineStage[] {scaler, inner, Fixtures.estimator().setInputCol("patches")})
            .fit(frame);
    for (String name : NAMES.subList(0, 3)) {
      model.save(path(name));
      PipelineModel loaded = SavedPipeline.load(path(name));
      assertEquals(model.uid(), loaded.uid());
      assertInstanceOf(StandardScalerModel.class, loaded.stages()[0]);
      assertEquals(model.transform(frame).collectAsList(), loaded.transform(frame).collectAsList());
    }
    assertThrows(Exception.class, () -> PipelineModel.load(path(NAMES.get(1))));
    SparseAutoencoder other = new SparseAutoencoder();
    other.save(path("other"));
    assertEquals(
        path("other")
            + " holds a org.sparksae.spark.ml.SparseAutoencoder, not a PipelineModel; load it by"
            + " SparseAutoencoder.load",
        assertThrows(IllegalArgumentException.class, () -> SavedPipeline.load(path("other")))
            .getMessage());
  }

  /** As where a cluster's settings compress all that jobs write. */
  @Test
  void metadataMayBeCompressed() throws IOException {
    new SparseAutoencoder("compressed").save(path("estimator"));
    Path metadata = folder.resolve("estimator/metadata");
    try (Stream<Path> files = Files.list(metadata)) {
      Path part =
          files
              .filter(f -> f.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      try (OutputStream out =
          new GZIPOutputStream(Files.newOutputStream(metadata.resolve("part-00000.gz")))) {
        Files.copy(part, out);
      }
      Files.delete(part);
    }
    assertEquals("compressed", SparseAutoencoder.load(path("estimator")).uid());
  }
}
