package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** Jobs that denoise, and that find outliers. */
@ExtendWith(LocalSpark.class)
class DenoisingJobTest extends JobRunner {

  /** Two classes of rows: waves, and the same upside down. */
  private String job() throws IOException {
    float[][] waves = TestFrames.rows(120, 12, 5);
    StructType schema =
        new StructType().add("pixels", InputType.FLOATS.type()).add("label", DataTypes.IntegerType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < waves.length; i++) {
      float[] row = waves[i].clone();
      for (int j = 0; i % 2 == 1 && j < row.length; j++) {
        row[j] = 1 - row[j];
      }
      rows.add(RowFactory.create(InputType.FLOATS.form(row), i % 2));
    }
    String input = dir.resolve("rows.parquet").toString();
    TestFrames.frame(schema, List.of(rows.subList(0, 50), rows.subList(50, 120)))
        .write()
        .parquet(input);
    String text =
        """
        input { path = "%s", columns = [pixels] }
        model {
          hiddenLayers = [6], sparsity = none, solver = adam, batchSize = 20, stepSize = 0.02, maxIter = 30, tol = 0
          aggregation = allReduce, corruption = gaussian, corruptionLevel = 0.3
        }
        picture { imageShape = [1, 3, 4], zoom = 1 }
        denoise.images = 5
        anomaly { labelCol = label, components = [1, 3] }
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(input, out));
    return file.toString();
  }

  @Test
  void denoisesAndDraws() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    assertEquals(0, run("denoise", job), error);
    assertTrue(said.contains("Denoising of 120 rows, gaussian with level 0.3"), said);
    JsonNode figures = json("denoising.json");
    double before = figures.get("corruptedMeanSquaredError").asDouble();
    double after = figures.get("meanSquaredError").asDouble();
    // The noise's variance; of 1440 numbers, within four deviations.
    assertEquals(0.09, before, 0.09 * 4 * Math.sqrt(2.0 / 1440));
    assertEquals(10 * Math.log10(before / after), figures.get("gain").asDouble(), 1e-12);
    assertEquals(-10 * Math.log10(after), figures.get("psnr").asDouble(), 1e-12);
    assertTrue(figures.get("gain").asDouble() > 3, said);
    assertEquals(5 * 5 + 1, ImageIO.read(out.resolve("denoising.png").toFile()).getWidth());
    assertEquals(3 * 4 + 1, ImageIO.read(out.resolve("denoising.png").toFile()).getHeight());

    assertEquals(2, run("denoise", job));
    assertTrue(error.contains("exists already"), error);
    assertEquals(0, run("denoise", job, "--overwrite"), error);
    assertEquals(figures, json("denoising.json"), "the same seed is the same noise");
    assertEquals(0, run("denoise", job, "--overwrite", "--set", "denoise.seed=2"), error);
    assertFalse(figures.equals(json("denoising.json")));
    assertEquals(2, run("denoise", job, "--overwrite", "--set", "denoise.corruption=none"));
    assertTrue(error.contains("denoise.corruption must be set: masking, gaussian"), error);
    assertEquals(2, run("denoise", job, "--set", "denoise.corruptionLevel=-1"));
    assertTrue(error.contains("corruptionLevel must be 0 or more and finite"), error);
  }

  @Test
  void findsTheOtherClass() throws IOException {
    String job = job();
    String[] command = {
      "anomaly", job, "--set", "anomaly.seeds=[1, 2]", "--set", "model.contamination=0.1"
    };
    assertEquals(0, run(command), error);
    assertTrue(said.contains("over 2 seeds"), said);
    assertTrue(said.contains("by chance: AUROC 0.5, AUPRC 0.5"), said);
    JsonNode figures = json("anomaly.json");
    assertEquals(2, figures.get("classes").size());
    for (JsonNode of : figures.get("classes")) {
      assertEquals(60, of.get("rows").asInt());
      assertEquals(0.5, of.get("outlierShare").asDouble());
      assertEquals(2, of.get("auroc").size());
      assertEquals(2, of.get("pcaAuroc").size());
      assertTrue(of.get("auroc").get(0).asDouble() > 0.95, of.toString());
      assertTrue(of.get("pcaAuroc").get(1).asDouble() > 0.95, of.toString());
      assertEquals(0.1, of.get("flagged").get(1).get(0).asDouble(), 1e-9);
      assertTrue(of.get("flagged").get(1).get(1).asDouble() > 0.5, of.toString());
    }
    assertEquals(2, run("anomaly", job, "--overwrite", "--set", "anomaly.labelCol=kind"));
    assertTrue(error.contains("must have a numeric column 'kind'"), error);
  }
}
