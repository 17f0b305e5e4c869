package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoderModel;

/** A job that trains convolutions. */
@ExtendWith(LocalSpark.class)
class ConvolutionalJobTest extends JobRunner {
  private String job() throws IOException {
    float[][] rows = TestFrames.rows(40, 20, 5);
    String input = dir.resolve("rows.parquet").toString();
    TestFrames.frame(InputType.FLOATS, TestFrames.split(rows, 2)).write().parquet(input);
    String text =
        """
        input { path = "%s", columns = [features] }
        model { kind = convolutional, imageShape = [1, 4, 5], filters = [3], kernelSizes = [3]
                spatialSparsity = true, solver = adam, batchSize = 20, maxIter = 2, tol = 0 }
        picture { imageShape = [1, 4, 5], filters = decoder }
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(input, out));
    return file.toString();
  }

  @Test
  void trainsDrawsKernelsEncodesAndEvaluates() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    assertKernels();
    assertEquals(0, run("encode", job), error);
    String codes = out.resolve("features.parquet").toString();
    Vector code = LocalSpark.session().read().parquet(codes).select("code").head().getAs(0);
    assertEquals(3 * 4 * 5, code.size());
    assertEquals(0, run("evaluate", job), error);
    assertTrue(said.contains(" of 60"), said);
  }

  @Test
  void refusesBeforeTraining() throws IOException {
    String job = job();
    assertRefused(job, "model.kind=deep", "must be one of dense, convolutional");
    assertRefused(job, "model.hiddenLayers=[3]", "model.hiddenLayers");
    assertRefused(job, "picture.imageShape=[1, 5, 4]", "is not model.imageShape [1, 4, 5]");
    assertRefused(job, "model.kernelSizes=[5]", "kernelSizes must be at most");
  }

  private void assertRefused(String job, String setting, String says) {
    assertRefused("train", job, setting, says);
  }

  private void assertRefused(String command, String job, String setting, String says) {
    assertEquals(2, run(command, job, "--set", setting));
    assertTrue(error.contains(says), error);
  }

  /** A model is pooled as the job says now, whatever it said when the model was trained. */
  @Test
  void poolsWhatItEncodes() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    String[] pooled = {
      "encode",
      job,
      "--set",
      "model.pooling=max",
      "--set",
      "model.poolSize=2",
      "--set",
      "model.poolStride=1"
    };
    assertEquals(0, run(pooled), error);
    String codes = out.resolve("features.parquet").toString();
    Vector code = LocalSpark.session().read().parquet(codes).select("code").head().getAs(0);
    assertEquals(3 * 3 * 4, code.size());
    pooled[0] = "evaluate";
    assertEquals(0, run(pooled), error);
    assertTrue(said.contains(" of 36"), said);
    assertRefused(
        "evaluate", job, "model.poolSize=2", "poolSize = 2 needs pooling = max or average");
    assertRefused("train", job, "model.pooling=most", "must be one of none, max, average");
  }

  @Test
  void kernelsOfTiedWeightsAndThreeChannelsAreInColour() throws IOException {
    float[][] rows = TestFrames.rows(20, 60, 5);
    String input = dir.resolve("rows.parquet").toString();
    TestFrames.frame(InputType.FLOATS, TestFrames.split(rows, 2)).write().parquet(input);
    String text =
        """
        input { path = "%s", columns = [features] }
        model { kind = convolutional, imageShape = [3, 4, 5], filters = [4, 2], kernelSizes = [3]
                sparsity = none, tiedWeights = true, maxIter = 1 }
        picture { imageShape = [3, 4, 5], filters = decoder }
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(input, out));
    assertRefused(
        file.toString(),
        "picture.layer=2",
        "picture.layer must be 1 with model.kind = convolutional");
    assertRefused(
        file.toString(), "picture.layer=3", "must be in [1, 2], one of the hidden layers");
    assertEquals(0, run("train", file.toString()), error);
    String path = out.resolve("model").toString();
    assertPicture(
        ConvolutionalSparseAutoencoderModel.load(path),
        "encoder.0.weight",
        new ImageShape(3, 3, 3));
  }

  @Test
  void denoises() throws IOException {
    float[][] rows = TestFrames.rows(60, 20, 5);
    String input = dir.resolve("rows.parquet").toString();
    TestFrames.frame(InputType.FLOATS, TestFrames.split(rows, 2)).write().parquet(input);
    String text =
        """
        input { path = "%s", columns = [features] }
        model { kind = convolutional, imageShape = [1, 4, 5], filters = [3], kernelSizes = [3]
                activation = relu, sparsity = none, solver = adam, batchSize = 20, stepSize = 0.02
                maxIter = 30, tol = 0, corruption = masking, corruptionLevel = 0.2 }
        picture { imageShape = [1, 4, 5], zoom = 1 }
        evaluate {
          denoise { images = 5, picture = ${output.dir}/denoising.png }
          output = ${output.dir}/figures.json
        }
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(input, out));
    assertEquals(0, run("train", file.toString()), error);
    assertEquals(0, run("evaluate", file.toString()), error);
    assertTrue(said.contains("Denoising of 60 rows, masking with level 0.2"), said);
    assertTrue(json("figures.json").get("denoising").get("gain").asDouble() > 1, said);
    BufferedImage grid = ImageIO.read(out.resolve("denoising.png").toFile());
    assertEquals(5 * 6 + 1, grid.getWidth());
    assertEquals(3 * 5 + 1, grid.getHeight());
  }

  /** Of the model in the results, whose decoder's kernels are [3, 3]. */
  private void assertKernels() throws IOException {
    String path = out.resolve("model").toString();
    assertPicture(
        ConvolutionalSparseAutoencoderModel.load(path),
        "decoder.0.weight",
        new ImageShape(1, 3, 3));
  }

  private void assertPicture(
      ConvolutionalSparseAutoencoderModel model, String name, ImageShape kernel)
      throws IOException {
    double[] kernels = model.weights(name).transpose().toArray();
    float[] weights = new float[kernels.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) kernels[i];
    }
    BufferedImage expected = FilterPicture.render(weights, model.getFilters()[0], kernel, 2);
    BufferedImage actual = ImageIO.read(out.resolve("filters.png").toFile());
    assertArrayEquals(samples(expected), samples(actual));
  }

  private static int[] samples(BufferedImage image) {
    return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
  }
}
