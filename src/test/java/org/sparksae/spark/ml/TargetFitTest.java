package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.model.InputScaling;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.data.InvalidRowException;

/** {@code targetCol} and {@code skipConnection}: from the Param to the saved model. */
@ExtendWith(LocalSpark.class)
class TargetFitTest {
  private static final int INPUTS = 9;
  private static final int TARGETS = 4;
  private static final int ROWS = 120;

  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.IntegerType)
          .add(TestFrames.FEATURES, SQLDataTypes.VectorType())
          .add("sparse", SQLDataTypes.VectorType())
          .add("target", DataTypes.createArrayType(DataTypes.FloatType));

  @TempDir private Path folder;

  private static float[][] rows;
  private static Dataset<Row> frame;

  /** The target is the first four values of the input, moved and scaled. */
  @BeforeAll
  static void rows() {
    rows = TestFrames.rows(ROWS, INPUTS, 2);
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double[] values = new double[INPUTS];
      Arrays.setAll(values, new Values(rows[i])::at);
      Vector dense = Vectors.dense(values);
      all.add(RowFactory.create(i, dense, dense.toSparse(), target(rows[i])));
    }
    frame = TestFrames.frame(SCHEMA, List.of(all.subList(0, 50), all.subList(50, ROWS)));
  }

  private record Values(float[] row) {
    double at(int j) {
      return row[j];
    }
  }

  private static Float[] target(float[] row) {
    Float[] target = new Float[TARGETS];
    Arrays.setAll(target, j -> 30 + 2 * row[j + 1]);
    return target;
  }

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator()
        .setHiddenLayers(20)
        .setK(4)
        .setTopKBy("value")
        .setActivation("relu")
        .setSolver("adam")
        .setBatchSize(37)
        .setPreBias("mean")
        .setTargetCol("target")
        .setSkipConnection(true);
  }

  private static float[] tensor(AutoencoderModel<?> model, String name) {
    Tensor tensor = model.spec().layout().tensor(name);
    return Arrays.copyOfRange(model.parameters(), tensor.offset(), tensor.end());
  }

  @Test
  void biasesStartAtTheirMeansAndTheSkipConnectionAtZero() {
    SparseAutoencoderModel model = estimator().setMaxIter(0).fit(frame);
    double[] mean = new double[TARGETS];
    for (float[] row : rows) {
      for (int j = 0; j < TARGETS; j++) {
        mean[j] += (30 + 2 * row[j + 1]) / ROWS;
      }
    }
    float[] found = tensor(model, ParameterLayout.decoderBias(1));
    for (int j = 0; j < TARGETS; j++) {
      assertEquals(mean[j], found[j], 1e-5);
    }
    assertArrayEquals(new float[TARGETS * INPUTS], tensor(model, ParameterLayout.SKIP));
    double[] ofInputs = model.summary().statistics().inputs().means();
    float[] preBias = tensor(model, ParameterLayout.PRE_BIAS);
    float[] median =
        tensor(
            estimator().setPreBias("geometricMedian").setMaxIter(0).fit(frame),
            ParameterLayout.PRE_BIAS);
    for (int j = 0; j < INPUTS; j++) {
      assertEquals(ofInputs[j], preBias[j], 1e-6);
      assertEquals(ofInputs[j], median[j], 0.1);
    }
    assertEquals(mean[0], model.summary().statistics().targets().means()[0], 1e-5);
  }

  @ParameterizedTest
  @CsvSource({"adam, tree", "adam, allReduce", "l-bfgs, auto"})
  void savedModelsAndResumedTrainingsHaveTheSameBits(String solver, String aggregation)
      throws IOException {
    SparseAutoencoder estimator = estimator().setSolver(solver).setAggregation(aggregation);
    SparseAutoencoderModel whole = estimator.setReconstructionErrorCol("error").fit(frame);
    whole.save(folder.resolve("model").toString());
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(folder.resolve("model").toString());
    assertEquals(whole.spec(), loaded.spec());
    assertEquals("target", loaded.getTargetCol());
    assertArrayEquals(whole.parameters(), loaded.parameters());
    assertEquals(whole.transform(frame).collectAsList(), loaded.transform(frame).collectAsList());

    estimator.setCheckpointDir(folder.resolve("checkpoints").toString()).setCheckpointInterval(1);
    estimator.setMaxIter(2).fit(frame);
    assertArrayEquals(whole.parameters(), estimator.setMaxIter(3).fit(frame).parameters());
    assertRefused(
        estimator.setSkipConnection(false), "skipConnection is false, the checkpoint has true");
    assertRefused(
        estimator.setTargetCol(TestFrames.FEATURES), "targetSize is 9, the checkpoint has 4");
  }

  /** Both columns have one factor, which gives the targets their size; the model knows neither. */
  @Test
  void inputNormIsThatOfTheTargets() {
    SparseAutoencoder estimator = estimator().setInputNorm("sqrtSize").setInputCol("values");
    SparseAutoencoderModel model = estimator.fit(scaled(1));
    double[] mean = model.summary().statistics().targets().means();
    double distance = 0;
    for (float[] row : rows) {
      double squares = 0;
      for (int j = 0; j < TARGETS; j++) {
        squares += Math.pow(30 + 2 * row[j + 1] - mean[j], 2);
      }
      distance += Math.sqrt(squares) / ROWS;
    }
    double scale = model.summary().stages().get(0).inputScale();
    assertEquals(Math.sqrt(TARGETS) / distance, scale, 1e-5 * scale);

    SparseAutoencoderModel large = estimator.fit(scaled(1024));
    assertEquals(scale / 1024, large.summary().stages().get(0).inputScale());
    assertArrayEquals(model.summary().objectiveHistory(), large.summary().objectiveHistory());
    assertArrayEquals(
        model.parameters(), InputScaling.ofRows(large.spec(), large.parameters(), 1024));
  }

  private static Dataset<Row> scaled(int factor) {
    Column values = functions.vector_to_array(frame.col(TestFrames.FEATURES), "float32");
    return frame
        .withColumn("values", values)
        .selectExpr(
            "transform(values, v -> v * cast(%1$d as float)) as values".formatted(factor),
            "transform(target, v -> v * cast(%1$d as float)) as target".formatted(factor));
  }

  /** Only the bias of a linear output starts elsewhere. */
  @ParameterizedTest
  @CsvSource({"features", "sparse"})
  void theInputAsTargetIsAnAutoencoder(String column) {
    for (String solver : new String[] {"adam", "l-bfgs"}) {
      SparseAutoencoder plain =
          Fixtures.estimator().setInputCol(column).setSolver(solver).setOutputActivation("sigmoid");
      SparseAutoencoderModel expected = plain.setReconstructionErrorCol("error").fit(frame);
      SparseAutoencoderModel found = plain.setTargetCol(column).fit(frame);
      assertArrayEquals(expected.parameters(), found.parameters());
      assertEquals(
          expected.summary().statistics().toString(), found.summary().statistics().toString());
      assertEquals(
          expected.transform(frame).collectAsList(), found.transform(frame).collectAsList());
    }
  }

  @Test
  void sparseInputsWithDenseTargetsAreTheSameRows() {
    SparseAutoencoder estimator = estimator().setReconstructionErrorCol("error");
    SparseAutoencoderModel dense = estimator.fit(frame);
    SparseAutoencoderModel sparse = estimator.setInputCol("sparse").fit(frame);
    assertArrayEquals(dense.parameters(), sparse.parameters(), 1e-4f);
    assertEquals(errors(dense).get(7), errors(sparse).get(7), 1e-4);
  }

  private static List<Double> errors(SparseAutoencoderModel model) {
    return model.transform(frame).select("error").collectAsList().stream()
        .map(row -> row.getDouble(0))
        .toList();
  }

  /** By hand, by the summary and by the evaluator. */
  @Test
  void errorsAreThoseOfTheTarget() {
    SparseAutoencoderModel model =
        estimator()
            .setReconstructionCol("prediction")
            .setReconstructionErrorCol("error")
            .setContamination(0.1)
            .setOutlierCol("outlier")
            .fit(frame);
    Dataset<Row> transformed = model.transform(frame);
    double sum = 0;
    int outliers = 0;
    for (Row row : transformed.collectAsList()) {
      Vector prediction = row.getAs("prediction");
      Float[] target = target(rows[row.<Integer>getAs("id")]);
      double squares = 0;
      for (int j = 0; j < TARGETS; j++) {
        squares += Math.pow(prediction.apply(j) - target[j], 2);
      }
      assertEquals(TARGETS, prediction.size());
      assertEquals(squares / TARGETS, row.<Double>getAs("error"), 1e-5);
      sum += squares / TARGETS;
      outliers += row.<Double>getAs("outlier") > 0 ? 1 : 0;
    }
    assertEquals(12, outliers);
    assertEquals(sum / ROWS, model.summary().statistics().meanSquaredError(), 1e-5);
    ReconstructionEvaluator evaluator =
        new ReconstructionEvaluator()
            .setInputCol(TestFrames.FEATURES)
            .setTargetCol("target")
            .setReconstructionCol("prediction");
    assertEquals(
        model.summary().statistics().fvu(),
        evaluator.setMetricName("fvu").evaluate(transformed),
        1e-5);
    IllegalArgumentException otherSize =
        assertThrows(
            IllegalArgumentException.class,
            () -> evaluator.setTargetCol(TestFrames.FEATURES).evaluate(transformed));
    assertTrue(
        otherSize.getMessage().startsWith("targetCol 'features' has rows of 9 values"),
        otherSize::getMessage);
  }

  @Test
  void evaluateMeasuresPredictionsAsTheFitDoes() {
    SparseAutoencoderModel model = estimator().setMatryoshkaWidths(5, 20).fit(frame);
    CodeStatistics trained = model.summary().statistics();
    CodeStatistics measured = model.evaluate(frame);
    assertEquals(trained.toString(), measured.toString());
    for (int g = 0; g < 2; g++) {
      assertEquals(trained.nested().get(g).fvu(), measured.nested().get(g).fvu(), 1e-9);
    }
    assertEquals(
        "evaluate compares the prediction with its target: set targetCol",
        assertThrows(
                IllegalArgumentException.class,
                () -> model.copy(ParamMap.empty()).setTargetCol("").evaluate(frame))
            .getMessage());
    assertEquals(
        "targetCol: there is no column 'target'; the columns are features; evaluate needs it: add"
            + " the column",
        assertThrows(
                IllegalArgumentException.class,
                () -> model.evaluate(frame.select(TestFrames.FEATURES)))
            .getMessage());
  }

  @Test
  void rowsWithoutATargetCanBeEncodedAndPredicted() {
    SparseAutoencoderModel model = estimator().setReconstructionCol("prediction").fit(frame);
    Dataset<Row> inputs = frame.select(TestFrames.FEATURES);
    assertEquals(
        model.transform(frame).select("code", "prediction").collectAsList(),
        model.transform(inputs).select("code", "prediction").collectAsList());
    model.setReconstructionErrorCol("error");
    assertRefused(
        model,
        inputs,
        "targetCol: there is no column 'target'; the columns are features; reconstructionErrorCol"
            + " 'error' needs it: add the column, or clear reconstructionErrorCol");
    assertRefused(
        model.copy(ParamMap.empty()).setTargetCol(""),
        frame,
        "reconstructionErrorCol 'error' compares the prediction with its target: set targetCol");
    assertRefused(
        model.copy(ParamMap.empty()).setTargetCol("features"),
        TestFrames.frame(rows, 1),
        "targetCol: column 'features' has vectors of 9 values, but the model predicts 4");
    SparseAutoencoderModel autoencoder = Fixtures.estimator().setMaxIter(0).fit(frame);
    assertRefused(
        autoencoder.setTargetCol("target"),
        frame,
        "targetCol is 'target', but this model reconstructs its input: clear targetCol");
  }

  @Test
  void invalidTargetsAreInvalidRows() {
    Dataset<Row> holes =
        frame.selectExpr(
            "id",
            "features",
            "sparse",
            "case id when 3 then null when 60 then array(cast(1 as float)) when 61 then"
                + " transform(target, t -> cast('NaN' as float)) else target end as target");
    assertRefused(
        estimator(), holes, "row 3 of partition 0 has a target in column 'target' that is null");
    for (String input : new String[] {"features", "sparse"}) {
      SparseAutoencoderModel model =
          estimator()
              .setInputCol(input)
              .setReconstructionErrorCol("error")
              .setHandleInvalid("skip")
              .fit(holes);
      assertEquals(3, model.summary().skippedRows());
      assertEquals(ROWS - 3, model.transform(holes).count());
      model.setHandleInvalid("error");
      Throwable invalid =
          assertThrows(
              Throwable.class, () -> model.transform(holes.where("id = 60")).collectAsList());
      Throwable cause = invalid instanceof InvalidRowException ? invalid : invalid.getCause();
      assertTrue(
          cause
              .getMessage()
              .contains("has a target in column 'target' that has 1 values, expected 4"),
          cause::getMessage);
    }
  }

  @Test
  void gridsAndPipelinesHaveTranscodersAndAutoencoders() throws IOException {
    SparseAutoencoder estimator = estimator();
    ParamMap[] maps = {
      ParamMap.empty().put(estimator.k(), (Object) 2),
      ParamMap.empty()
          .put(estimator.targetCol(), "")
          .put(estimator.skipConnection(), (Object) false),
      ParamMap.empty().put(estimator.skipConnection(), (Object) false)
    };
    List<SparseAutoencoderModel> together = estimator.setAggregation("allReduce").fit(frame, maps);
    for (int m = 0; m < maps.length; m++) {
      float[] alone = estimator.copy(maps[m]).fit(frame).parameters();
      assertArrayEquals(alone, together.get(m).parameters());
    }
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {estimator}).fit(frame);
    pipeline.save(folder.resolve("pipeline").toString());
    assertEquals(
        pipeline.transform(frame).collectAsList(),
        PipelineModel.load(folder.resolve("pipeline").toString()).transform(frame).collectAsList());
  }

  @ParameterizedTest
  @CsvSource({"batchTopK, 3", "jumpReluThreshold, 0.1", "gated, 0"})
  void wideKindsStartAsTranscodersDo(String kind, double value) {
    SparseAutoencoder estimator =
        new SparseAutoencoder()
            .setInputCol(TestFrames.FEATURES)
            .setTargetCol("target")
            .setHiddenLayers(20)
            .setSparsityWeights(1e-3)
            .setStepSize(0.01);
    estimator.set(kind, kind.equals("gated") ? (Object) true : (Object) value);
    assertEquals("mean", estimator.getPreBias());
    assertEquals("glorot", estimator.getInitMode());
    assertEquals("unit", estimator.getDecoderNorm());
    double start = estimator.setMaxIter(0).fit(frame).summary().statistics().fvu();
    double end = estimator.setMaxIter(20).fit(frame).summary().statistics().fvu();
    assertTrue(end < 0.5 * start, end + " of " + start);
  }

  @Test
  void whatCannotBeIsRefusedBeforeTraining() throws IOException {
    assertRefused(estimator().setHiddenLayers(8, 20), "targetCol needs one hidden layer, got 2");
    IllegalArgumentException maps =
        assertThrows(
            IllegalArgumentException.class,
            () -> SmallFits.convolution("adam").setTargetCol("target").spec(0, 4));
    assertTrue(
        maps.getMessage().startsWith("targetCol needs a fully connected layer"), maps::getMessage);
    assertRefused(
        estimator().setTiedWeights(true),
        "targetCol excludes tiedWeights, since the decoder predicts other values");
    assertRefused(
        estimator().setInitMode("tied"),
        "initMode = tied needs targets of as many values as the input, but targetCol 'target' has"
            + " 4, and inputCol 9; set initMode = glorot");
    assertRefused(
        estimator().setTargetCol(""), "skipConnection needs targetCol, since an autoencoder");
    assertRefused(estimator().setTargetCol("none"), "targetCol: there is no column 'none'");
    assertRefused(estimator().setTargetCol("id"), "targetCol: column 'id' must be a Vector or");
    String path = folder.resolve("model").toString();
    estimator().setMaxIter(0).setTargetCol("features").fit(frame).save(path);
    assertRefused(
        estimator().setInitialModel(path),
        "does not fit: size of a target row is 4, the model's is 9");
  }

  private static void assertRefused(SparseAutoencoder estimator, String message) {
    assertRefused(estimator, frame, message);
  }

  private static void assertRefused(
      SparseAutoencoder estimator, Dataset<Row> dataset, String message) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(dataset));
    assertTrue(refused.getMessage().contains(message), refused::getMessage);
  }

  private static void assertRefused(
      SparseAutoencoderModel model, Dataset<Row> dataset, String message) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> model.transform(dataset));
    assertTrue(refused.getMessage().contains(message), refused::getMessage);
  }
}
