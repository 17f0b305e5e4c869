package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.cli.report.TrainingReport;
import org.sparksae.core.model.JumpRelu;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.stats.NestedFvu;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** AuxK, BatchTopK and nested widths, from Params to files. */
@ExtendWith(LocalSpark.class)
class TopKFamilyTest {
  private static final int INPUTS = 9;
  private static final int UNITS = 24;
  private static final float[][] ROWS = TestFrames.rows(120, INPUTS, 2);

  @TempDir private Path folder;

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator()
        .setHiddenLayers(UNITS)
        .setSolver("adam")
        .setAggregation("allReduce")
        .setNumWorkers(2)
        .setBatchSize(37)
        .setMaxIter(4);
  }

  private static SparseAutoencoder batch() {
    return estimator().setBatchTopK(2.5);
  }

  private static SparseAutoencoder all() {
    return batch().setAuxK(3).setDeadAfterRows(50).setMatryoshkaWidths(3, 10, UNITS);
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, 70, 50));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static float threshold(SparseAutoencoderModel model) {
    return tensor(model, ParameterLayout.threshold(1))[0];
  }

  private static float[] tensor(SparseAutoencoderModel model, String name) {
    Tensor tensor = model.spec().layout().tensor(name);
    return Arrays.copyOfRange(model.parameters(), tensor.offset(), tensor.end());
  }

  @Test
  void aTrainedModelKeepsWhatExceedsItsThreshold() throws IOException {
    SparseAutoencoderModel model = batch().fit(frame());
    assertEquals(new JumpRelu(), model.spec().code().form());
    float threshold = threshold(model);
    assertTrue(threshold > 0, "threshold " + threshold);
    float[] parameters = model.parameters();
    assertEquals(model.spec().layout().size(), parameters.length);
    for (int j = 1; j <= UNITS; j++) {
      assertEquals(threshold, parameters[parameters.length - j]);
    }
    int centreFrom = model.spec().layout().tensor(ParameterLayout.decoderBias(1)).offset();
    float[] centre = Arrays.copyOfRange(parameters, centreFrom, centreFrom + INPUTS);
    List<Row> encoded = model.transform(frame()).collectAsList();
    int active = 0;
    for (int i = 0; i < ROWS.length; i++) {
      Vector code = encoded.get(i).getAs("code");
      for (int j = 0; j < UNITS; j++) {
        double z = parameters[UNITS * INPUTS + j];
        for (int c = 0; c < INPUTS; c++) {
          z += (double) parameters[j * INPUTS + c] * (ROWS[i][c] - centre[c]);
        }
        if (Math.abs(z - threshold) > 1e-5) {
          assertEquals(z > threshold ? z : 0, code.apply(j), 1e-5);
        }
        active += code.apply(j) != 0 ? 1 : 0;
      }
    }
    assertEquals(active / 120.0, model.summary().statistics().l0(), 1e-9);
    // One row alone has the code that it has among others.
    Dataset<Row> one = TestFrames.frame(new float[][] {ROWS[77]}, 1);
    assertEquals(
        encoded.get(77).<Vector>getAs("code"),
        model.transform(one).collectAsList().get(0).<Vector>getAs("code"));

    model.save(path("model"));
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(path("model"));
    assertEquals(model.spec(), loaded.spec());
    assertArrayEquals(parameters, loaded.parameters());
    assertEquals(encoded, loaded.transform(frame()).collectAsList());
    assertEquals(2.5, loaded.getBatchTopK());
    String file =
        new String(
            Files.readAllBytes(folder.resolve("model/weights.safetensors")),
            StandardCharsets.ISO_8859_1);
    assertTrue(file.contains("\"formatVersion\":\"5\""), file.substring(0, 600));
    // Its parameters are a start, its threshold is not.
    SparseAutoencoderModel further =
        batch().setInitialModel(path("model")).setMaxIter(0).fit(frame());
    int size = parameters.length - UNITS;
    assertArrayEquals(Arrays.copyOf(parameters, size), Arrays.copyOf(further.parameters(), size));
    assertEquals(0, threshold(further));
    assertTrue(
        refusal(
                () ->
                    estimator()
                        .setActivation("relu")
                        .setK(2)
                        .setInitialModel(path("model"))
                        .fit(frame()))
            .contains("jumpReluThreshold or batchTopK is not set, the model's is set"));
    assertEquals(
        "encodeK is for k-sparse models, but this model keeps all units: clear encodeK, or train"
            + " with k",
        refusal(() -> model.setEncodeK(3).transform(frame())));
  }

  @ParameterizedTest
  @CsvSource({"tree", "allReduce"})
  void goesOnFromACheckpointToTheSameBits(String aggregation) {
    SparseAutoencoder estimator = all().setAggregation(aggregation);
    SparseAutoencoderModel undisturbed = estimator.fit(frame());
    estimator.setCheckpointDir(path("checkpoints")).setCheckpointInterval(1);
    estimator.setMaxIter(2).fit(frame());
    SparseAutoencoderModel resumed = estimator.setMaxIter(4).fit(frame());
    assertArrayEquals(undisturbed.parameters(), resumed.parameters());
    String refused = refusal(() -> estimator.setDeadAfterRows(60).fit(frame()));
    assertTrue(refused.contains("deadAfterRows is 60, the checkpoint has 50"), refused);
    refused = refusal(() -> estimator.setDeadAfterRows(50).setMatryoshkaWidths(UNITS).fit(frame()));
    assertTrue(
        refused.contains("matryoshkaWidths is [24], the checkpoint has [3, 10, 24]"), refused);
  }

  @Test
  void treeAndWorkersAgreeAndTheHistoryHasTheAuxiliaryTerm() {
    SparseAutoencoderModel tree = all().setAggregation("tree").fit(frame());
    SparseAutoencoderModel workers = all().fit(frame());
    assertArrayEquals(tree.parameters(), workers.parameters(), 2e-5f);
    // A model of a competition has thresholds, and its widths as a Param.
    List<NestedFvu> nested = workers.summary().statistics().nested();
    assertEquals(List.of(3, 10, UNITS), nested.stream().map(NestedFvu::width).toList());
    assertTrue(nested.get(0).fvu() > nested.get(1).fvu());
    assertEquals(workers.summary().statistics().fvu(), nested.get(2).fvu(), 1e-6);
    TrainingReport report = new TrainingReport(workers, 0);
    assertEquals(
        Map.of("width", 3, "fvu", nested.get(0).fvu()),
        ((List<?>) report.json().get("nestedFvu")).get(0));
    assertTrue(report.text().toString().contains("  first         10  0."));
    double auxiliary = workers.summary().stages().get(0).history().get(3).terms().get("auxiliary");
    assertTrue(auxiliary > 0, "no latent is dead");
    assertEquals(
        List.of("reconstruction", "weightDecay", "sparsity1"),
        batch().fit(frame()).summary().stages().get(0).history().get(0).terms().names());
  }

  /** By hand, in double, from the codes that the model gives to rows that it has not seen. */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void otherRowsHaveTheErrorOfEachWidth(boolean competing) throws IOException {
    SparseAutoencoder estimator =
        competing ? all() : estimator().setK(3).setMatryoshkaWidths(3, 10, UNITS);
    estimator.fit(frame()).write().overwrite().save(path("model"));
    SparseAutoencoderModel model = SparseAutoencoderModel.load(path("model"));
    Dataset<Row> others =
        TestFrames.frame(TestFrames.rows(50, INPUTS, 9), 3)
            .selectExpr("*", "floor(rand(5) * 4) / 2 as weight");
    model.set(model.weightCol(), "weight");
    CodeStatistics statistics = model.evaluate(others);
    List<Row> coded = model.transform(others).collectAsList();
    float[] bias = tensor(model, ParameterLayout.decoderBias(1));
    float[] decoder = tensor(model, ParameterLayout.decoderWeight(1));
    double[] mean = new double[INPUTS];
    double weight = 0;
    for (Row row : coded) {
      weight += row.<Double>getAs("weight");
      for (int c = 0; c < INPUTS; c++) {
        mean[c] += row.<Double>getAs("weight") * row.<Vector>getAs("features").apply(c);
      }
    }
    for (NestedFvu nested : statistics.nested()) {
      double error = 0;
      double variance = 0;
      for (Row row : coded) {
        Vector x = row.getAs("features");
        Vector code = row.getAs("code");
        double w = row.getAs("weight");
        for (int c = 0; c < INPUTS; c++) {
          double value = bias[c];
          for (int j = 0; j < nested.width(); j++) {
            value += code.apply(j) * decoder[j * INPUTS + c];
          }
          error += w * Math.pow(value - x.apply(c), 2);
          variance += w * Math.pow(mean[c] / weight - x.apply(c), 2);
        }
      }
      assertEquals(error / variance, nested.fvu(), 1e-5 * nested.fvu());
    }
    assertEquals(3, statistics.nested().size());
    assertEquals(statistics.fvu(), statistics.nested().get(2).fvu());
    assertEquals(weight, statistics.weight());
    String refused = refusal(() -> model.evaluate(others.drop("weight")));
    assertTrue(refused.startsWith("weightCol: there is no column 'weight'"), refused);
    assertEquals(
        "there are no valid rows of weight above 0 to evaluate the model on",
        refusal(() -> model.evaluate(others.withColumn("weight", functions.lit(0)))));
  }

  @Test
  void aKSparseModelEncodesAlikeWhateverItsObjective() throws IOException {
    SparseAutoencoder estimator =
        estimator().setK(3).setAuxK(2).setDeadAfterRows(50).setMatryoshkaWidths(5, UNITS);
    SparseAutoencoderModel model = estimator.fit(frame());
    assertEquals(3, model.summary().statistics().l0(), 1e-9);
    model.write().overwrite().save(path("model"));
    assertEquals(model.spec(), SparseAutoencoderModel.load(path("model")).spec());
    assertEquals(model.spec().code().form(), model.layer(1).spec().code().form());
  }

  @Test
  void moreLatentsMayReconstructThanTheCodeHas() throws IOException {
    SparseAutoencoder estimator =
        estimator().setK(3).setKStart(5).setMultiTopK(true).setAuxK(2).setDeadAfterRows(50);
    SparseAutoencoderModel model = estimator.fit(frame());
    assertEquals(3, model.summary().statistics().l0(), 1e-9);
    SparseAutoencoderModel tree = estimator.setAggregation("tree").fit(frame());
    assertArrayEquals(tree.parameters(), model.parameters(), 2e-5f);
    model.write().overwrite().save(path("model"));
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(path("model"));
    assertEquals(model.spec(), loaded.spec());
    assertTrue(loaded.getMultiTopK());
    // It is a start for a training without it.
    estimator.setMultiTopK(false).setInitialModel(path("model")).setMaxIter(0);
    assertArrayEquals(model.parameters(), estimator.fit(frame()).parameters());
  }

  /** 480 rows are fewer than the default of ten millions, so no unit is dead for it. */
  @Test
  void anAuxiliaryLossThatNeverBeginsIsNamed() {
    SplittableRandom random = new SplittableRandom(4);
    float[][] centred = new float[120][INPUTS];
    for (float[] row : centred) {
      for (int j = 0; j < INPUTS; j++) {
        row[j] = (float) random.nextDouble(-1, 1);
      }
    }
    Dataset<Row> rows = TestFrames.frame(centred, 2);
    SparseAutoencoder estimator = estimator().setHiddenLayers(200).setK(1).setAuxK(2);
    String never = estimator.fit(rows).summary().warnings().toString();
    assertTrue(
        never.contains(
            "try a deadAfterRows far below the 480 rows of the training, so that auxK begins (it"
                + " is 10000000)"),
        never);
    String begun = estimator.setDeadAfterRows(50).fit(rows).summary().warnings().toString();
    assertFalse(begun.contains("deadAfterRows"), begun);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    assertEquals(
        "batchTopK must be above 0 and finite, got 0.0", refusal(() -> batch().setBatchTopK(0)));
    assertEquals(
        "batchTopK must be above 0 and at most 24, the units of the last of the hiddenLayers; got"
            + " 24.5",
        refusal(() -> batch().setBatchTopK(24.5).fit(frame())));
    assertEquals(
        "batchTopK and k exclude each other, as both say which activations are kept; clear one",
        refusal(() -> batch().setK(3).fit(frame())));
    assertEquals(
        "batchTopK needs activation 'relu', whose 0 means an inactive unit; got 'linear'",
        refusal(() -> batch().setActivation("linear").fit(frame())));
    assertEquals(
        "batchTopK needs one hidden layer, got 2; use k for a deep model",
        refusal(() -> batch().setHiddenLayers(5, UNITS).fit(frame())));
    assertEquals(
        "batchTopK needs solver = adam, since its threshold is a mean over steps; got l-bfgs",
        refusal(() -> batch().setSolver("l-bfgs").setAggregation("auto").fit(frame())));
    assertEquals(
        "auxK needs k or batchTopK, which select a few latents of a row; set one, or clear auxK",
        refusal(() -> estimator().setAuxK(2).fit(frame())));
    assertEquals(
        "auxK needs solver = adam, since l-bfgs does not count the rows in which a unit is silent;"
            + " set solver = adam, or auxK = 0",
        refusal(
            () ->
                estimator()
                    .setK(2)
                    .setAuxK(2)
                    .setSolver("l-bfgs")
                    .setAggregation("auto")
                    .fit(frame())));
    assertEquals(
        "auxK needs one hidden layer, got 2; clear it, or train the last layer as a model of its"
            + " own",
        refusal(() -> estimator().setK(2).setAuxK(2).setHiddenLayers(5, UNITS).fit(frame())));
    assertEquals(
        "auxK adds up parts of the reconstruction, so it needs outputActivation = linear, got"
            + " 'sigmoid'",
        refusal(() -> estimator().setK(2).setAuxK(2).setOutputActivation("sigmoid").fit(frame())));
    assertEquals(
        "matryoshkaWidths must rise from 1 or more, got [3, 3, 24]; sort them and leave out equal"
            + " ones",
        refusal(() -> batch().setMatryoshkaWidths(3, 3, 24).fit(frame())));
    assertEquals(
        "the last of matryoshkaWidths must be 24, the units of the last of the hiddenLayers; got"
            + " [3, 25]",
        refusal(() -> batch().setMatryoshkaWidths(3, 25).fit(frame())));
    assertEquals(
        "matryoshkaWidths needs k or batchTopK, which select a few latents of a row; set one, or"
            + " clear matryoshkaWidths",
        refusal(() -> estimator().setLifetimeSparsity(0.1).setMatryoshkaWidths(24).fit(frame())));
    assertEquals("auxK must be 0 or more, got -1", refusal(() -> estimator().setAuxK(-1)));
    assertEquals(
        "deadAfterRows must be 1 or more, got 0", refusal(() -> estimator().setDeadAfterRows(0)));
  }

  private static String refusal(Executable executable) {
    return assertThrows(IllegalArgumentException.class, executable).getMessage();
  }
}
