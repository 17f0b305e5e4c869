package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestImages;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** Jobs that learn from a folder of images. */
@ExtendWith(LocalSpark.class)
class ImageJobTest extends JobRunner {
  private static final int IMAGES = 8;

  @BeforeEach
  void writeImages() throws IOException {
    for (int i = 0; i < IMAGES; i++) {
      TestImages.write(
          TestImages.image(i, BufferedImage.TYPE_INT_RGB),
          dir.resolve("images/label=%d/%d.png".formatted(i % 2, i)));
    }
  }

  private String job(String text) throws IOException {
    String paths = "input.path = \"%s\"\noutput.dir = \"%s\"\n";
    return Files.writeString(
            dir.resolve("job.conf"), paths.formatted(dir.resolve("images"), out) + text)
        .toString();
  }

  @Test
  void convolutionsLearnFromImageFiles() throws IOException {
    String job =
        job(
            """
            input.format = binaryFile
            model { kind = convolutional, imageShape = [3, 4, 5], filters = [2], kernelSizes = [3], maxIter = 1 }
            picture.imageShape = [3, 4, 5]
            evaluate { labelCol = label, raw = false, classifier.maxIter = 1 }
            """);
    assertEquals(0, run("train", job), error);
    assertTrue(said.contains("8 rows of 60 values"), said);
    assertEquals(0, run("encode", job), error);
    Dataset<Row> codes =
        LocalSpark.session().read().parquet(out.resolve("features.parquet").toString());
    assertEquals(
        List.of("path", "modificationTime", "length", "label", "code"),
        Arrays.asList(codes.columns()));
    assertEquals(IMAGES, codes.count());
    assertEquals(2 * 4 * 5, codes.select("code").head().<Vector>getAs(0).size());
    assertEquals(0, run("evaluate", job), error);
    assertTrue(said.contains("Reconstruction of 8 rows") && said.contains("accuracy"), said);
  }

  @Test
  void denseLayersLearnFromSparksImagesAndBadOnesAreSkippedOnDemand() throws IOException {
    String job =
        job(
            """
            input { format = image, imageShape = [1, 4, 5], where = "label = 1" }
            model { hiddenLayers = [3], maxIter = 1 }
            """);
    Files.writeString(dir.resolve("images/label=1/licence.txt"), "no image");
    assertEquals(2, run("train", job));
    assertTrue(
        error.contains("/label=1/licence.txt is what Spark's source 'image' could not read; set"),
        error);
    assertEquals(0, run("train", job, "--set", "model.handleInvalid=skip"), error);
    assertTrue(said.contains("4 rows of 20 values"), said);
    String path = out.resolve("model").toString();
    assertEquals("features", SparseAutoencoderModel.load(path).getInputCol());
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    String job = job("input.format = binaryFile\nmodel.hiddenLayers = [3]");
    assertRefused(job, "model.seed=1", "input.imageShape must be set: [channels, height, width]");
    assertRefused(
        job, "input.imageShape=[2, 4, 5]", "input.imageShape (--set: 1): imageShape must");
    String shape =
        job("input { format = image, imageShape = [3, 4, 5] }\nmodel.hiddenLayers = [3]");
    assertRefused(shape, "input.path=" + dir + "/none", "input.path: there is nothing at");
    assertRefused(shape, "input.columns=[image, label]", "column 'image' must be numeric");
    assertRefused(shape, "model.inputCol=label", "there is such a column already; choose another");
  }

  private void assertRefused(String job, String setting, String says) {
    assertEquals(2, run("train", job, "--set", setting), error);
    assertTrue(error.contains(says), error);
  }
}
