package org.sparksae.cli.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.ParamMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.ml.SparseAutoencoder;

/** The section of a job file that asks for several models. */
class GridTest {
  @TempDir private Path dir;

  private Section section(String text) throws IOException {
    String common = "input { path = rows.parquet, columns = [x] }\noutput.dir = out\n";
    Path file = Files.writeString(dir.resolve("job.conf"), common + text);
    return JobFile.read(file.toString(), List.of());
  }

  private JobConfig job(String text) throws IOException {
    return JobConfig.of(section(text));
  }

  @Test
  void allValuesAreCombinedInTheOrderOfTheKeys() throws IOException {
    JobConfig job =
        job(
            "model { maxIter = 5 }, grid { k = [4, 2], hiddenLayers = [[8], [16, 8]], solver = [adam] }");
    Grid grid = job.grid().orElseThrow();
    assertEquals(List.of("hiddenLayers", "k", "solver"), grid.keys());
    assertEquals(
        List.of(
            "000: hiddenLayers = [8], k = 4, solver = adam",
            "001: hiddenLayers = [8], k = 2, solver = adam",
            "002: hiddenLayers = [16,8], k = 4, solver = adam",
            "003: hiddenLayers = [16,8], k = 2, solver = adam"),
        grid.points().stream().map(p -> p.name() + ": " + grid.describe(p)).toList());

    SparseAutoencoder estimator = (SparseAutoencoder) job.estimator();
    ParamMap[] maps = grid.on(estimator);
    SparseAutoencoder third = estimator.copy(maps[2]);
    assertArrayEquals(new int[] {16, 8}, third.getHiddenLayers());
    assertEquals(4, third.getK());
    assertEquals("adam", third.getSolver());
    assertEquals(5, third.getMaxIter());
    assertEquals("", third.getCheckpointDir());
  }

  @Test
  void oneModelOfTheGridIsAJobOfItsOwn() throws IOException {
    Section section =
        section("model.hiddenLayers = [8], grid.encodeK = [2, 4], picture.imageShape = [1, 2, 2]");
    JobConfig second = JobConfig.of(section, OptionalInt.of(1));
    assertTrue(second.grid().isEmpty());
    assertEquals("out/grid/001", second.directory().toString());
    assertEquals("out/grid/001/features.parquet", second.encode().output().toString());
    assertEquals(4, ((SparseAutoencoder) second.estimator()).getEncodeK());
    String message =
        assertThrows(IllegalArgumentException.class, () -> JobConfig.of(section, OptionalInt.of(2)))
            .getMessage();
    assertTrue(message.contains("--grid must be in [0, 1]"), message);
    Section single = section("model.hiddenLayers = [8]");
    message =
        assertThrows(IllegalArgumentException.class, () -> JobConfig.of(single, OptionalInt.of(0)))
            .getMessage();
    assertTrue(message.contains("but the job has none"), message);
  }

  @Test
  void eachModelHasADirectoryForItsCheckpoints() throws IOException {
    JobConfig job =
        job("model { hiddenLayers = [8], checkpointDir = saved }, grid.maxIter = [1, 2]");
    SparseAutoencoder estimator = (SparseAutoencoder) job.estimator();
    ParamMap[] maps = job.grid().orElseThrow().on(estimator);
    SparseAutoencoder second = estimator.copy(maps[1]);
    assertEquals("saved/001", second.getCheckpointDir());
  }

  @Test
  void anEmptySectionIsNoGrid() throws IOException {
    assertTrue(job("model.hiddenLayers = [8], grid {}").grid().isEmpty());
  }

  @Test
  void mistakesAreNamedWithTheirKey() {
    String model = "model { hiddenLayers = [8], k = 2 }\n";
    refused(
        model + "grid.kk = [1]",
        "grid.kk (job.conf: 4) is not a key; did you mean k? The keys of grid are ");
    refused(model + "grid.inputCol = [x]", "grid.inputCol (job.conf: 4) is not a key");
    refused(model + "grid.checkpointDir = [x]", "grid.checkpointDir (job.conf: 4) is not a key");
    refused(
        model + "grid.k = [1, 3]",
        "grid.k (job.conf: 4) is also set by model.k (job.conf: 3); leave one of them out");
    refused(
        model + "grid.seed = 3",
        "grid.seed (job.conf: 4) must be a list of values, one for each model, got 3");
    refused(model + "grid.seed = []", "grid.seed (job.conf: 4) must be a list of values, at least");
    refused(
        model + "grid.seed = [1, x]", "grid.seed (job.conf: 4) must be a whole number, got \"x\"");
    refused(model + "grid.maxIter = [-1]", "grid.maxIter (job.conf: 4): ");
    refused(model + "grid = 3", "grid (job.conf: 4) must be a section");
    refused("grid.k = [1, 2]", "model.hiddenLayers must be set");
    String many =
        IntStream.range(0, 201).mapToObj(String::valueOf).collect(Collectors.joining(","));
    refused(
        model + "grid.seed = [" + many + "]",
        "grid.seed (job.conf: 4) makes the grid larger than 200 models");
  }

  private void refused(String text, String message) {
    String said = assertThrows(IllegalArgumentException.class, () -> job(text)).getMessage();
    assertTrue(said.contains(message), said);
  }
}
