package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** A job that is evaluated on corrupted rows. */
@ExtendWith(LocalSpark.class)
class DenoisingJobTest extends JobRunner {
  private String job() throws IOException {
    String input = dir.resolve("rows.parquet").toString();
    float[][] rows = TestFrames.rows(120, 12, 5);
    TestFrames.frame(InputType.FLOATS, TestFrames.split(rows, 2)).write().parquet(input);
    String text =
        """
        input { path = "%s", columns = [features] }
        model {
          hiddenLayers = [6], sparsity = none, solver = adam, batchSize = 20, stepSize = 0.02, maxIter = 30, tol = 0
          aggregation = allReduce, corruption = gaussian, corruptionLevel = 0.3
        }
        picture { imageShape = [1, 3, 4], zoom = 1 }
        evaluate {
          denoise { images = 5, picture = ${output.dir}/denoising.png }
          output = ${output.dir}/figures.json
        }
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(input, out));
    return file.toString();
  }

  private JsonNode denoising() throws IOException {
    assertDocumented(json("figures.json"));
    return json("figures.json").get("denoising");
  }

  @Test
  void denoisesAndDraws() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    assertEquals(0, run("evaluate", job), error);
    assertTrue(said.contains("Reconstruction of 120 rows"), said);
    assertTrue(said.contains("Denoising of 120 rows, gaussian with level 0.3"), said);
    JsonNode figures = denoising();
    double before = figures.get("corruptedMeanSquaredError").asDouble();
    double after = figures.get("meanSquaredError").asDouble();
    // The noise's variance: a mean of 1440 squares, within four standard deviations.
    assertEquals(0.09, before, 0.09 * 4 * Math.sqrt(2.0 / 1440));
    assertEquals(10 * Math.log10(before / after), figures.get("gain").asDouble(), 1e-12);
    assertEquals(-10 * Math.log10(after), figures.get("psnr").asDouble(), 1e-12);
    assertTrue(figures.get("gain").asDouble() > 3, said);
    assertEquals(5 * 5 + 1, ImageIO.read(out.resolve("denoising.png").toFile()).getWidth());
    assertEquals(3 * 4 + 1, ImageIO.read(out.resolve("denoising.png").toFile()).getHeight());

    assertEquals(2, run("evaluate", job, "--set", "evaluate.output=" + dir.resolve("other.json")));
    assertTrue(error.contains("denoising.png exists already"), error);
    assertFalse(Files.exists(dir.resolve("other.json")));
    assertEquals(0, run("evaluate", job, "--overwrite"), error);
    assertEquals(figures, denoising(), "the same seed gives the same noise");
    assertEquals(0, run("evaluate", job, "--overwrite", "--set", "evaluate.denoise.seed=2"), error);
    assertFalse(figures.equals(denoising()));
  }

  @Test
  void whatCannotBeDenoisedIsRefusedBeforeTraining() throws IOException {
    String job = job();
    assertRefused(
        job,
        "evaluate.denoise.corruption=none",
        "evaluate.denoise.corruption must be set: masking, gaussian");
    assertRefused(
        job, "evaluate.denoise.corruptionLevel=-1", "corruptionLevel must be 0 or more and finite");
    assertRefused(job, "evaluate.denoise.input=x", "evaluate.denoise.input (--set) is not a key");
    assertRefused(
        job,
        "denoise.seed=1",
        "denoise (--set) is now evaluate.denoise: move it there, and run 'eval");
    String text = Files.readString(Path.of(job));
    String picture = "picture { imageShape = [1, 3, 4], zoom = 1 }";
    assertTrue(text.contains(picture), text);
    Path file = Files.writeString(dir.resolve("no-shape.conf"), text.replace(picture, ""));
    assertEquals(2, run("train", file.toString()));
    assertTrue(error.contains("picture.imageShape must be set: evaluate.denoise.picture"), error);
  }

  private void assertRefused(String job, String setting, String says) {
    assertEquals(2, run("train", job, "--set", setting));
    assertTrue(error.contains(says), error);
  }
}
