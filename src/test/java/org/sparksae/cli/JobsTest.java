package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sparksae.cli.report.CodeText;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** Whole jobs, as spark-submit would run them. */
class JobsTest extends JobRunner {
  private static final String SPARK_VERSION = org.apache.spark.package$.MODULE$.SPARK_VERSION();

  private static final StructType SCHEMA =
      new StructType()
          .add("x", DataTypes.createArrayType(DataTypes.FloatType))
          .add("label", DataTypes.IntegerType)
          .add("id", DataTypes.LongType);

  private static SparkSession spark;

  @BeforeAll
  static void useTheSession() {
    spark = LocalSpark.session();
  }

  @BeforeEach
  void writeRows() {
    rows(60).write().parquet(dir.resolve("rows.parquet").toString());
  }

  /** Two clusters of six values, by the label. */
  private static Dataset<Row> rows(int count, Row... more) {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>(List.of(more));
    for (long id = 0; id < count; id++) {
      int label = (int) (id % 2);
      Float[] x = new Float[6];
      for (int j = 0; j < x.length; j++) {
        x[j] = random.nextFloat() + (j % 2 == label ? 1f : 0f);
      }
      rows.add(RowFactory.create(x, label, id));
    }
    return spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }

  @Test
  void trainsEncodesAndEvaluates() throws IOException {
    String job =
        job(
            """
            picture.imageShape = [1, 2, 3]
            evaluate { labelCol = label, classifier.maxIter = 5, output = ${output.dir}/figures.json }
            """);
    assertEquals(0, run("train", job), error);
    assertTrue(said.startsWith("Trained in "), said);
    assertTrue(said.contains("3 iterations over 60 rows of 6 values"), said);
    assertTrue(said.contains("mean activation"), said);
    assertTrue(said.contains(out.resolve("model").toString()), said);
    assertEquals(Set.of("model", "summary.json", "filters.png"), results());
    assertEquals(4, SparseAutoencoderModel.load(out.resolve("model").toString()).codeSize());
    // 4 tiles of 2 x 3 pixels at zoom 2: whatever their arrangement, more than one tile.
    assertTrue(ImageIO.read(out.resolve("filters.png").toFile()).getWidth() >= 2 * (3 + 2));
    checkSummary(json("summary.json"));

    assertEquals(0, run("encode", job), error);
    Dataset<Row> encoded = spark.read().parquet(out.resolve("features.parquet").toString());
    assertEquals(List.of("label", "id", "code"), Arrays.asList(encoded.columns()));
    assertEquals(60, encoded.count());
    SparseVector code = (SparseVector) encoded.select("code").head().get(0);
    assertEquals(4, code.size());
    assertTrue(said.contains("code of the first row: " + CodeText.of(code)), said);

    assertEquals(0, run("evaluate", job), error);
    assertTrue(said.contains("Reconstruction of 60 rows"), said);
    JsonNode figures = json("figures.json");
    assertDocumented(figures);
    JsonNode summary = json("summary.json");
    assertEquals(
        summary.get("meanSquaredError").asDouble(),
        figures.get("meanSquaredError").asDouble(),
        1e-6);
    assertEquals(
        summary.get("explainedVariance").asDouble(),
        figures.get("explainedVariance").asDouble(),
        1e-5);
    // The raw clusters can be told apart.
    assertEquals(1.0, figures.get("comparison").get("rawAccuracy").asDouble(), 0.05);
    assertTrue(said.contains("difference"), said);

    assertEquals(
        Set.of("model", "summary.json", "filters.png", "features.parquet", "figures.json"),
        results());
  }

  private static void checkSummary(JsonNode summary) {
    assertEquals("x", summary.get("settings").get("inputCol").asText());
    assertEquals(3, summary.get("settings").get("maxIter").asInt());
    assertEquals(4, summary.get("settings").get("hiddenLayers").get(0).asInt());
    assertEquals(60, summary.get("rows").asLong());
    assertEquals(0, summary.get("skippedRows").asLong());
    assertEquals("MAX_ITER", summary.get("stopReason").asText());
    assertEquals(4, summary.get("meanActivations").get(0).size());
    assertEquals(3, summary.get("iterations").size());
    JsonNode last = summary.get("iterations").get(2);
    assertEquals(
        last.get("objective").asDouble(),
        last.get("reconstruction").asDouble()
            + last.get("weightDecay").asDouble()
            + last.get("sparsity1").asDouble(),
        1e-9);
    assertTrue(summary.get("seconds").asDouble() > 0);
    assertFalse(summary.get("kernelBackend").asText().isEmpty());
    assertFalse(last.has("validationObjective"));
  }

  @Test
  void refusesResultsThatExistAndReplacesThemWhenTold() throws IOException {
    assertEquals(0, run("train", job("picture.imageShape = [1, 6, 1]")), error);
    String job = job("");
    assertEquals(2, run("train", job));
    assertTrue(error.contains("/model exists already"), error);
    assertEquals(0, run("train", job, "--overwrite", "--set", "model.hiddenLayers=2"), error);
    assertEquals(2, SparseAutoencoderModel.load(out.resolve("model").toString()).codeSize());
    // A picture of the old model would belong to no model.
    assertEquals(Set.of("model", "summary.json"), results());

    assertEquals(0, run("encode", job), error);
    assertEquals(2, run("encode", job));
    assertTrue(error.contains("/features.parquet exists already"), error);
    assertEquals(0, run("encode", job, "--overwrite", "--set", "encode.keepInput=true"), error);
    assertEquals(
        List.of("x", "label", "id", "code"),
        Arrays.asList(spark.read().parquet(out.resolve("features.parquet").toString()).columns()));
  }

  @Test
  void aFailedRunLeavesEverythingAsItWas() throws IOException {
    Row bad = RowFactory.create(new Float[] {1f, Float.NaN, 1f, 1f, 1f, 1f}, 0, -1L);
    rows(60, bad).write().parquet(dir.resolve("bad.parquet").toString());
    String job = job("");
    String badPath = "input.path=" + dir.resolve("bad.parquet");

    assertEquals(2, run("train", job, "--set", badPath));
    assertTrue(error.contains("of partition 0 has NaN at index 1"), error);
    assertEquals(1, error.lines().count(), error);
    assertFalse(Files.exists(out));

    assertEquals(0, run("train", job), error);
    assertEquals(0, run("encode", job), error);
    String before = Files.readString(out.resolve("summary.json"));
    assertEquals(2, run("train", job, "--overwrite", "--set", badPath));
    // Here the row fails a task, in the midst of writing.
    assertEquals(2, run("encode", job, "--overwrite", "--set", badPath));
    assertTrue(error.contains("inputCol: a row of column 'x' has NaN at index 1"), error);
    assertEquals(1, error.lines().count(), error);
    assertEquals(before, Files.readString(out.resolve("summary.json")));
    assertEquals(Set.of("model", "summary.json", "features.parquet"), results());
    assertEquals(60, spark.read().parquet(out.resolve("features.parquet").toString()).count());

    assertEquals(
        0,
        run("encode", job, "--overwrite", "--set", badPath, "--set", "model.handleInvalid=skip"),
        error);
    assertEquals(60, spark.read().parquet(out.resolve("features.parquet").toString()).count());
  }

  @Test
  void numericColumnsOfCsvAreAssembledAndNullsAreLeftToHandleInvalid() throws IOException {
    Path csv = dir.resolve("rows.csv");
    // A pipeline of Spark 3.5 takes no column with a dot in its name.
    String dot = SPARK_VERSION.startsWith("3.") ? "_" : ".";
    String names = "pixel%s0,b,pixel%s1,name\n".formatted(dot, dot);
    String lines = "1,2,3,one\n4,,6,two\n7,8,9.5,three\n1,1,1,four\n";
    Files.writeString(csv, names + lines);
    Files.writeString(
        dir.resolve("csv.conf"),
        """
        input { format = csv, path = "%s", columns = ["pixel*", b]
                options { header = true, inferSchema = true } }
        model { hiddenLayers = [2], maxIter = 2, handleInvalid = skip }
        output.dir = "%s"
        """
            .formatted(csv, out));
    String job = dir.resolve("csv.conf").toString();
    assertEquals(0, run("train", job), error);
    assertTrue(said.contains("2 iterations over 3 rows of 3 values"), said);
    assertTrue(said.contains("skipped rows        1"), said);
    assertEquals(0, run("encode", job), error);
    Dataset<Row> encoded = spark.read().parquet(out.resolve("features.parquet").toString());
    assertEquals(List.of("name", "code"), Arrays.asList(encoded.columns()));
    // The model alone takes no columns of numbers, so there is a pipeline that does.
    Dataset<Row> complete =
        spark
            .read()
            .options(Map.of("header", "true", "inferSchema", "true"))
            .csv(csv.toString())
            .na()
            .drop();
    assertEquals(
        encoded.select("name", "code").collectAsList(),
        PipelineModel.load(out.resolve("pipeline").toString())
            .transform(complete)
            .select("name", "code")
            .collectAsList());
    assertEquals(
        List.of("one", "three", "four"),
        encoded.toJavaRDD().map(row -> row.getString(0)).collect());

    assertEquals(2, run("train", job, "--overwrite", "--set", "model.handleInvalid=error"));
    assertTrue(error.contains("column 'features': row 1 of partition 0 has NaN at index 2"), error);
    assertEquals(2, run("train", job, "--overwrite", "--set", "input.columns=[name, b]"));
    assertTrue(
        error.contains("column 'name' must be numeric, as one of 2, but it is string"), error);
  }

  @Test
  void inputThatDoesNotFitIsRefusedBeforeTraining() throws IOException {
    refused("input.path=" + dir.resolve("none"), "input.path: there is nothing at file:");
    refused(
        "input.columns=[y]", "input.columns: there is no column 'y'; the columns are x, label, id");
    refused(
        "input.columns=[x, id]", "column 'x' must be numeric, as one of 2, but it is array<float>");
    refused("input.columns=[]", "input.columns must be set");
    refused("input.format=nonsense", "input.format: there is no source 'nonsense' here");
    refused("model.weightCol=w", "weightCol: there is no column 'w'");
    refused("model.inputCol=id", "model.inputCol is 'id', but input.columns names 'x'");
    refused("model.outputCol=label", "outputCol: column 'label' exists already");
    refused("model.sparsityTargets=2", "sparsityTargets[0] must lie in the range");
    refused(
        "picture.imageShape=[1, 2, 2]",
        "picture.imageShape [1, 2, 2] has 4 values, but the rows of 'x' have 6");
    assertFalse(Files.exists(out));
  }

  @Test
  void anUntrainedJobCannotBeAppliedAndLabelsAreChecked() throws IOException {
    assertEquals(2, run("encode", job("")));
    assertTrue(error.contains("/model; run 'train' with"), error);
    assertFalse(Files.exists(out));
    assertEquals(0, run("train", job("")), error);
    assertEquals(0, run("evaluate", job("")), error);
    assertFalse(said.contains("Logistic"), said);
    assertEquals(2, run("evaluate", job("evaluate.labelCol = y")));
    assertTrue(error.contains("evaluate.labelCol: there is no column 'y' in input"), error);
    assertEquals(2, run("evaluate", job("evaluate.labelCol = x")));
    assertTrue(error.contains("column 'x' in input must be numeric"), error);
    rows(4, RowFactory.create(new Float[6], -1, 0L))
        .write()
        .parquet(dir.resolve("labels.parquet").toString());
    assertEquals(
        2,
        run(
            "evaluate",
            job("evaluate.labelCol = label"),
            "--set",
            "evaluate.input.path=" + dir.resolve("labels.parquet")));
    assertTrue(error.contains("of evaluate.input must be 0, 1, 2, ..., but there is -1.0"), error);
  }

  @Test
  void aDamagedModelIsRefused() throws IOException {
    assertEquals(0, run("train", job("")), error);
    Path weights = out.resolve("model/weights.safetensors");
    Files.delete(out.resolve("model/.weights.safetensors.crc"));
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertEquals(2, run("encode", job("")));
    assertTrue(error.contains("damaged"), error);
  }

  private void refused(String setting, String message) throws IOException {
    assertEquals(2, run("train", job(""), "--set", setting), setting);
    assertTrue(error.contains(message), error);
    assertEquals(1, error.lines().count(), error);
  }

  private String job(String more) throws IOException {
    String text =
        """
        input { path = "%s", columns = [x] }
        model { hiddenLayers = [4], maxIter = 3, sparsityTargets = 0.3 }
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(dir.resolve("rows.parquet"), out) + more);
    return file.toString();
  }

  /** All names but those of checksums. */
  private Set<String> results() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return new TreeSet<>(
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.startsWith("."))
              .toList());
    }
  }
}
