package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** A job on JSON, which has numbers of type bigint and objects as structs. */
@ExtendWith(LocalSpark.class)
class NestedNumbersJobTest extends JobRunner {
  private static final float[][] ROWS = TestFrames.rows(60, 3, 7);

  private String job() throws IOException {
    Path rows = dir.resolve("rows.json");
    Files.writeString(
        rows, Arrays.stream(ROWS).map(NestedNumbersJobTest::line).collect(Collectors.joining()));
    Path file = dir.resolve("job.conf");
    Files.writeString(
        file,
        """
        input { format = json, path = "%s", columns = ["s.Counts"] }
        model { hiddenLayers = [2], activation = relu, sparsity = none, maxIter = 3 }
        evaluate { labelCol = label, classifier { maxIter = 3 } }
        output.dir = "%s"
        """
            .formatted(rows, out));
    return file.toString();
  }

  private static String line(float[] row) {
    return String.format(
        Locale.ROOT,
        "{\"label\": %d, \"s\": {\"counts\": [%d, %d, %d], \"x\": 5}}%n",
        row[2] > 0.5 ? 1 : 0,
        (int) (20 * row[0]),
        (int) (20 * row[1]),
        (int) (20 * row[2]));
  }

  @Test
  void fieldsOfStructsAndWholeNumbersAreInput() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    assertEquals(60, json("summary.json").get("rows").asLong());
    assertEquals(0, run("encode", job), error);
    Dataset<Row> features = LocalSpark.session().read().parquet(out + "/features.parquet");
    assertEquals(60, features.filter("s.x = 5").count());
    assertEquals(2, features.select("code").head().<Vector>getAs(0).size());
    assertEquals(0, run("evaluate", job), error);
    assertTrue(said.contains("raw rows            3    "), said);
    assertEquals(2, run("train", job, "--overwrite", "--set", "input.columns=[s.x,label]"));
    assertTrue(error.contains("input.columns: 's.x' is a field of a struct"), error);
  }
}
