package org.sparksae.examples.curves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobFile;
import org.sparksae.cli.job.Section;
import org.sparksae.examples.ExamplesRunner;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

@ExtendWith(LocalSpark.class)
class CurvesTest extends ExamplesRunner {

  private Path job() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (float[] row : TestFrames.rows(100, 8, 5)) {
      rows.add(RowFactory.create(InputType.FLOATS.form(row)));
    }
    StructType schema = new StructType().add("vector", InputType.FLOATS.type());
    String input = dir.resolve("rows.parquet").toString();
    TestFrames.frame(schema, List.of(rows)).write().parquet(input);
    String text =
        """
        input { path = "%s", columns = [vector] }
        model { hiddenLayers = [8], preBias = mean, initMode = tied, solver = adam, batchSize = 20, maxIter = 10, tol = 0, aggregation = allReduce }
        curves.kinds {
          topk { topKBy = value, activation = relu, grid.k = [4, 2] }
          batch { grid.batchTopK = [1, 3] }
        }
        output.dir = "%s"
        """;
    return Files.writeString(dir.resolve("job.conf"), text.formatted(input, out));
  }

  /** Each kind has its own grid; its models come in the order of their active latents. */
  @Test
  void modelsOfEachKindAreMeasured() throws IOException {
    Path job = job();
    assertEquals(0, run("curves", job.toString()), error);
    assertEquals(
        List.of("batch", "batch", "topk", "topk"),
        said.lines().skip(1).limit(4).map(line -> line.split(" ")[0]).toList());
    JsonNode topK = json("curves.json").get("topk");
    assertEquals("k = 2", topK.get(0).get("settings").asText());
    assertTrue(topK.get(0).get("l0").asDouble() <= 2, topK.toString());
    assertTrue(topK.get(1).get("fvu").asDouble() < topK.get(0).get("fvu").asDouble(), said);
    assertTrue(Files.size(out.resolve("curves.png")) > 1000);

    assertEquals(
        2, run("curves", job.toString(), "--overwrite", "--set", "curves.kinds.topk.kk=1"));
    assertTrue(error.contains("model.kk (--set) is not a key; did you mean k?"), error);
    assertEquals(2, run("curves", job.toString(), "--overwrite", "--set", "curves.kinds.none.k=1"));
    assertTrue(error.contains("curves.kinds.none.grid must be set"), error);
    assertEquals(
        2, run("curves", job.toString(), "--overwrite", "--set", "curves.kinds.topk.grid.k=[2,9]"));
    assertTrue(error.contains("k must be in [1, 8]"), error);
    assertEquals("", said, "no kind is trained before all are checked");
  }

  /** Half of the row predicts all of it: compared with the input, it would not fit at all. */
  @Test
  void predictionsOfTranscodersAreComparedWithTheirTargets() throws IOException {
    Path rows = dir.resolve("pairs.parquet");
    TestFrames.frame(InputType.FLOATS, TestFrames.split(TestFrames.rows(60, 8, 5), 2))
        .selectExpr("slice(features, 1, 4) as half", "features as whole", "2.0 as w")
        .write()
        .parquet(rows.toString());
    String text =
        """
        input { path = "%s", columns = [half] }
        model { hiddenLayers = [8], targetCol = whole, skipConnection = true, weightCol = w, maxIter = 30, tol = 0 }
        curves.kinds.batch.grid.batchTopK = [2]
        output.dir = "%s"
        """;
    Path job = Files.writeString(dir.resolve("pairs.conf"), text.formatted(rows, out));
    assertEquals(0, run("curves", job.toString()), error);
    double fvu = json("curves.json").get("batch").get(0).get("fvu").asDouble();
    assertTrue(fvu < 1, said);
  }

  @Test
  void theJobOfThisRepositoryIsValid() throws IOException {
    Section file = JobFile.read("jobs/transformer-curves/job.conf", List.of());
    JobConfig.of(file.without(CurvesSettings.SECTION));
    Set<String> kinds = CurvesSettings.of(file).kinds().keySet();
    assertEquals(Set.of("topk", "batchtopk", "matryoshka", "jumprelu", "gated", "l1"), kinds);
  }
}
