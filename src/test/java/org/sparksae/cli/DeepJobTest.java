package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apache.spark.ml.linalg.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.report.FilterPicture;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** A job whose layers are trained one after the other, and then together. */
@ExtendWith(LocalSpark.class)
class DeepJobTest extends JobRunner {
  private String job() throws IOException {
    float[][] rows = TestFrames.rows(60, 6, 5);
    String input = dir.resolve("rows.parquet").toString();
    TestFrames.frame(InputType.FLOATS, TestFrames.split(rows, 2)).write().parquet(input);
    String text =
        """
        input { path = "%s", columns = [features] }
        model { hiddenLayers = [8, 5], sparsityWeights = 0.3, maxIter = 4, tol = 0, layerTraining = greedyThenJoint }
        evaluate.output = ${output.dir}/figures.json
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(input, out));
    return file.toString();
  }

  @Test
  void trainsInStagesAndGivesTheCodeOfAnyLayer() throws IOException {
    String job = job();
    String[] picture = {"--set", "picture.imageShape=[1, 2, 3]", "--set", "picture.layer=2"};
    assertEquals(0, run("train", job, picture[0], picture[1], picture[2], picture[3]), error);
    assertFilters(2);
    assertTrue(said.contains(": 4 + 4 + 4 iterations over 60 rows of 6 values"), said);
    assertTrue(said.contains("  objective of layer 1 "), said);
    assertTrue(said.contains("  objective of layer 2 "), said);
    assertTrue(said.contains("  objective of joint  "), said);
    JsonNode summary = json("summary.json");
    assertDocumented(summary);
    assertEquals(4, summary.get("passes").asInt());
    assertEquals(3, summary.get("stages").size());
    assertEquals("layer 2", summary.get("stages").get(1).get("name").asText());
    assertEquals(summary.get("iterations"), summary.get("stages").get(2).get("iterations"));
    assertEquals("greedyThenJoint", summary.get("settings").get("layerTraining").asText());

    assertEquals(0, run("encode", job), error);
    assertEquals(5, codeSize());
    assertEquals(0, run("encode", job, "--overwrite", "--set", "model.outputLayer=1"), error);
    assertEquals(8, codeSize());
    assertEquals(0, run("evaluate", job, "--set", "model.outputLayer=1"), error);
    assertTrue(said.contains(" of 8"), said);
  }

  @Test
  void goesOnFromASavedModel() throws IOException {
    String job = job();
    assertEquals(0, run("train", job, "--set", "model.layerTraining=joint"), error);
    assertFalse(json("summary.json").has("stages"));
    double before = json("summary.json").get("iterations").get(3).get("objective").asDouble();
    Path model = dir.resolve("model");
    Files.move(out.resolve("model"), model);
    String initial = "model.initialModel=" + model;
    assertEquals(2, run("train", job, "--overwrite", "--set", initial));
    assertTrue(error.contains("initialModel needs layerTraining = joint"), error);
    String[] joint = {"--overwrite", "--set", "model.layerTraining=joint", "--set", initial};
    assertEquals(
        2,
        run(
            "train",
            job,
            joint[0],
            joint[1],
            joint[2],
            joint[3],
            joint[4],
            "--set",
            "model.hiddenLayers=[8, 4]"));
    assertTrue(
        error.contains("does not fit: hiddenLayers is [8, 4], the model's is [8, 5]"), error);
    assertEquals(0, run("train", job, joint[0], joint[1], joint[2], joint[3], joint[4]), error);
    double after = json("summary.json").get("iterations").get(0).get("objective").asDouble();
    assertTrue(after < before, after + " after " + before);
  }

  /** Of a layer that is not the first, what its units contribute to the reconstruction. */
  private void assertFilters(int layer) throws IOException {
    SparseAutoencoderModel model = SparseAutoencoderModel.load(out.resolve("model").toString());
    BufferedImage expected =
        FilterPicture.render(
            model.decoderFilters(layer), model.spec().size(layer), new ImageShape(1, 2, 3), 2);
    BufferedImage actual = ImageIO.read(out.resolve("filters.png").toFile());
    assertEquals(expected.getHeight(), actual.getHeight());
    assertArrayEquals(samples(expected), samples(actual));
  }

  private static int[] samples(BufferedImage image) {
    return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
  }

  private int codeSize() {
    String path = out.resolve("features.parquet").toString();
    return LocalSpark.session().read().parquet(path).select("code").head().<Vector>getAs(0).size();
  }
}
