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
        picture { imageShape = [4, 5], filters = decoder }
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
    assertRefused(job, "picture.imageShape=[5, 4]", "is not that of model.imageShape, [1, 4, 5]");
    assertRefused(job, "model.kernelSizes=[5]", "kernelSizes must be at most");
  }

  private void assertRefused(String job, String setting, String says) {
    assertEquals(2, run("train", job, "--set", setting));
    assertTrue(error.contains(says), error);
  }

  /** V of the decoder, each [3, 3]. */
  private void assertKernels() throws IOException {
    String path = out.resolve("model").toString();
    double[] kernels =
        ConvolutionalSparseAutoencoderModel.load(path)
            .weights("decoder.0.weight")
            .transpose()
            .toArray();
    float[] weights = new float[kernels.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) kernels[i];
    }
    BufferedImage expected = FilterPicture.render(weights, 3, new int[] {3, 3}, 2);
    BufferedImage actual = ImageIO.read(out.resolve("filters.png").toFile());
    assertArrayEquals(samples(expected), samples(actual));
  }

  private static int[] samples(BufferedImage image) {
    return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
  }
}
