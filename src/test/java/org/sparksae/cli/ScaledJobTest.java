package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.feature.MaxAbsScalerModel;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;

/** Jobs whose rows are prepared by MLlib's scalers. */
@ExtendWith(LocalSpark.class)
class ScaledJobTest extends JobRunner {
  private static final int ROWS = 300;
  private static final double[] SCALES = {1e-3, 0.2, 1, 30, 5e3, 1e6};
  private static final double[] OFFSETS = {0, 7, -3, 500, 0, 1e6};

  private Dataset<Row> read(String name) {
    return LocalSpark.session().read().parquet(name);
  }

  /** Six measurements of two hidden causes, each in a unit of its own. */
  private static double[] measured(Random random) {
    double[] causes = {random.nextGaussian(), random.nextGaussian()};
    double[] row = new double[SCALES.length];
    for (int j = 0; j < row.length; j++) {
      double value = causes[j % 2] + 0.05 * random.nextGaussian();
      row[j] = OFFSETS[j] + SCALES[j] * value;
    }
    return row;
  }

  private String table(Row... more) {
    StructType schema = new StructType();
    for (int j = 0; j < SCALES.length; j++) {
      schema = schema.add(j == 0 ? dotted() : "x" + j, DataTypes.DoubleType);
    }
    Random random = new Random(4);
    List<Row> rows = new ArrayList<>(List.of(more));
    for (int i = 0; i < ROWS; i++) {
      rows.add(RowFactory.create(Arrays.stream(measured(random)).boxed().toArray()));
    }
    return written(rows, schema);
  }

  /** Spark 3.5's VectorAssembler, in a saved pipeline, takes no name with a dot. */
  private static String dotted() {
    return LocalSpark.session().version().startsWith("3.") ? "x0" : "x.0";
  }

  private String written(List<Row> rows, StructType schema) {
    String path = dir.resolve("rows.parquet").toString();
    LocalSpark.session().createDataFrame(rows, schema).coalesce(1).write().parquet(path);
    return path;
  }

  private String job(String path, String columns, String preprocess) throws IOException {
    String text =
        """
        input { path = "%s", columns = [%s] }
        preprocess = [%s]
        model { hiddenLayers = [8], activation = tanh, sparsity = none, maxIter = 60, seed = 1 }
        output.dir = "%s"
        """;
    return Files.writeString(
            dir.resolve("job.conf"), text.formatted(path, columns, preprocess, out))
        .toString();
  }

  @Test
  void columnsOfVeryDifferentScalesGiveAUsefulModel() throws IOException {
    String path = table();
    String job = job(path, "\"x*\"", "{ stage = standardScaler, withMean = true }");
    assertEquals(0, run("train", job), error);
    double explained = json("summary.json").get("explainedVariance").asDouble();
    assertTrue(explained > 0.9, "explained variance " + explained);
    assertEquals(
        "standardScaler(withMean=true, withStd=true)",
        json("summary.json").get("preparation").asText());

    assertEquals(0, run("encode", job), error);
    PipelineModel pipeline = PipelineModel.load(out.resolve("pipeline").toString());
    // Assembled, made valid vectors, scaled, encoded.
    assertEquals(4, pipeline.stages().length);
    assertInstanceOf(StandardScalerModel.class, pipeline.stages()[2]);
    assertEquals(
        read(out.resolve("features.parquet").toString()).select("code").collectAsList(),
        pipeline.transform(read(path)).select("code").collectAsList());
  }

  @Test
  void rowsThatAreNotValidDoNotSpoilTheScale() throws IOException {
    Row broken = RowFactory.create(1.0, null, 1.0, 1.0, 1.0, 1.0);
    String job = job(table(broken), "\"x*\"", "{ stage = minMaxScaler, min = -1, max = 1 }");
    assertEquals(2, run("train", job));
    assertTrue(error.contains("a row of column 'features' has a null or NaN at index 1"), error);
    assertEquals(1, error.lines().count(), error);

    assertEquals(0, run("train", job, "--set", "model.handleInvalid=skip"), error);
    assertEquals(ROWS, json("summary.json").get("rows").asInt());
    assertEquals(1, json("summary.json").get("skippedRows").asInt());
    assertTrue(said.contains("skipped rows        1"), said);
    assertEquals(0, run("encode", job, "--set", "model.handleInvalid=skip"), error);
    assertEquals(ROWS, read(out.resolve("features.parquet").toString()).count());
    assertTrue(said.contains("300 rows encoded, 1 skipped"), said);
  }

  /** A pattern takes the columns in the file's order, which may differ from that of training. */
  @Test
  void otherFilesGiveTheColumnsOfTrainingInItsOrder() throws IOException {
    String path = table();
    String job = job(path, "\"x*\"", "{ stage = standardScaler, withMean = true }");
    assertEquals(0, run("train", job, "--set", "model.maxIter=5"), error);
    assertEquals(0, run("encode", job), error);
    List<Row> codes = read(out.resolve("features.parquet").toString()).collectAsList();

    String[] names = read(path).columns();
    Column[] reversed =
        IntStream.range(0, names.length)
            .mapToObj(j -> functions.col("`" + names[names.length - 1 - j] + "`"))
            .toArray(Column[]::new);
    String turned = dir.resolve("turned.parquet").toString();
    read(path).select(reversed).write().parquet(turned);
    String[] other = {"encode", job, "--overwrite", "--set", "encode.input.path=" + turned};
    assertEquals(0, run(other), error);
    assertEquals(codes, read(out.resolve("features.parquet").toString()).collectAsList());

    // A pattern of its own names other columns.
    String renamed = dir.resolve("renamed.parquet").toString();
    String[] others = Arrays.stream(names).map(name -> "y" + name).toArray(String[]::new);
    read(path).toDF(others).write().parquet(renamed);
    String[] own = {
      "encode",
      job,
      "--overwrite",
      "--set",
      "encode.input.path=" + renamed,
      "--set",
      "encode.input.columns=[\"y*\"]"
    };
    assertEquals(0, run(own), error);
    assertEquals(codes, read(out.resolve("features.parquet").toString()).collectAsList());

    String without = dir.resolve("without.parquet").toString();
    read(path).drop("x5").write().parquet(without);
    other[other.length - 1] = "encode.input.path=" + without;
    assertEquals(2, run(other));
    assertTrue(error.contains("there is no column 'x5'"), error);
    assertEquals(codes, read(out.resolve("features.parquet").toString()).collectAsList());
  }

  @Test
  void rowsOfAnotherSizeAreNotValid() throws IOException {
    Random random = new Random(6);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(RowFactory.create((Object) measured(random)));
    }
    rows.add(RowFactory.create((Object) new double[] {1, 2}));
    StructType schema = new StructType().add("x", DataTypes.createArrayType(DataTypes.DoubleType));
    String job = job(written(rows, schema), "x", "{ stage = standardScaler }");
    assertEquals(2, run("train", job, "--set", "model.maxIter=2"));
    assertTrue(error.contains("a row of column 'x' has 2 values, expected 6"), error);
    String[] skipping = {
      "train", job, "--set", "model.maxIter=2", "--set", "model.handleInvalid=skip"
    };
    assertEquals(0, run(skipping), error);
    assertEquals(40, json("summary.json").get("rows").asInt());
  }

  /** An empty result must not take the place of a good one. */
  @Test
  void moreSkippedThanEncodedIsRefused() throws IOException {
    Row[] broken = new Row[ROWS + 1];
    Arrays.fill(broken, RowFactory.create(1.0, null, 1.0, 1.0, 1.0, 1.0));
    String job = job(table(broken), "\"x*\"", "{ stage = standardScaler }");
    String[] skip = {"--set", "model.handleInvalid=skip", "--set", "model.maxIter=2"};
    assertEquals(0, run("train", job, skip[0], skip[1], skip[2], skip[3]), error);
    assertEquals(2, run("encode", job, skip[0], skip[1], skip[2], skip[3]));
    assertTrue(error.contains("301 rows would be skipped as invalid, and only 300 encoded"), error);
    assertFalse(Files.exists(out.resolve("features.parquet")));
  }

  @Test
  void arraysAreScaledLikeVectors() throws IOException {
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(RowFactory.create((Object) measured(random)));
    }
    StructType schema = new StructType().add("x", DataTypes.createArrayType(DataTypes.DoubleType));
    String job = job(written(rows, schema), "x", "{ stage = maxAbsScaler }");
    assertEquals(0, run("train", job, "--set", "model.maxIter=2"), error);
    PipelineModel learned = PipelineModel.load(out.resolve("preprocessing").toString());
    double[] largest = ((MaxAbsScalerModel) learned.stages()[1]).maxAbs().toArray();
    for (int j = 0; j < largest.length; j++) {
      int column = j;
      double expected =
          rows.stream()
              .mapToDouble(row -> Math.abs(((double[]) row.get(0))[column]))
              .max()
              .orElse(0);
      assertEquals(expected, largest[j], 1e-12 * expected);
    }
  }

  @Test
  void sparseRowsStaySparseOrAreRefused() throws IOException {
    int size = 50;
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int[] at = {i % size};
      rows.add(RowFactory.create(Vectors.sparse(size, at, new double[] {3 + i % 7})));
    }
    StructType schema = new StructType().add("x", SQLDataTypes.VectorType());
    String path = written(rows, schema);
    for (String dense :
        List.of("{ stage = standardScaler, withMean = true }", "{ stage = minMaxScaler }")) {
      assertEquals(2, run("train", job(path, "x", dense)), dense);
      assertTrue(
          error.contains(
              "preprocess.1.stage would make the sparse rows of column 'x' dense: the first of"
                  + " them store 60 of 3000 values; take standardScaler with withMean = false, or"
                  + " maxAbsScaler"),
          error);
      assertEquals(1, error.lines().count(), error);
    }
    assertEquals(
        0,
        run(
            "train",
            job(path, "x", "{ stage = standardScaler }, { stage = maxAbsScaler }"),
            "--set",
            "model.maxIter=2"),
        error);
    PipelineModel learned = PipelineModel.load(out.resolve("preprocessing").toString());
    Vector prepared = learned.transform(read(path)).select("__prepared3").head().getAs(0);
    assertEquals(1, assertInstanceOf(SparseVector.class, prepared).indices().length);
  }
}
