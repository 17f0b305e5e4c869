package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** A share of the training rows is beyond the threshold, and the model finds such rows. */
@ExtendWith(LocalSpark.class)
class OutlierTest {
  private static final int INPUTS = 9;
  private static final int COUNT = 150;
  private static final float[][] ROWS = TestFrames.rows(COUNT, INPUTS, 2);

  @TempDir private Path dir;

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator().setContamination(0.1).setOutlierCol("outlier");
  }

  private static Dataset<Row> frame(int partitions) {
    return TestFrames.frame(InputType.DENSE_VECTOR, TestFrames.split(ROWS, partitions));
  }

  private static long outliers(SparseAutoencoderModel model, Dataset<Row> rows) {
    return model.transform(rows).filter("outlier = 1.0").count();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.005, 0.01, 0.1, 0.29})
  void asManyTrainingRowsAreFlaggedAsTheShareAllows(double contamination) {
    SparseAutoencoder estimator =
        estimator().setContamination(contamination).setReconstructionErrorCol("error");
    SparseAutoencoderModel model = estimator.fit(frame(2));
    // No two errors are equal, and a row's rounding does not depend on its tile here.
    assertEquals((long) Math.floor(contamination * COUNT + 1e-9), outliers(model, frame(2)));
    double threshold = model.getOutlierThreshold();
    List<Row> rows = model.transform(frame(2)).collectAsList();
    for (Row row : rows) {
      double flag = row.getAs("outlier");
      assertEquals((float) row.<Double>getAs("error").doubleValue() > threshold ? 1.0 : 0.0, flag);
    }
    assertTrue(
        rows.stream().anyMatch(r -> (float) r.<Double>getAs("error").doubleValue() == threshold));
    SparseAutoencoderModel other = estimator.fit(frame(5));
    assertEquals(threshold, other.getOutlierThreshold(), 1e-3 * threshold);
  }

  /** As if a row of weight 3 were there three times, and validation rows were not. */
  @Test
  void weightsCountAndValidationRowsDoNot() {
    StructType schema =
        new StructType()
            .add(TestFrames.FEATURES, InputType.FLOATS.type())
            .add("weight", DataTypes.DoubleType)
            .add("held", DataTypes.BooleanType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      rows.add(RowFactory.create(InputType.FLOATS.form(ROWS[i]), i % 3 + 0.0, i % 5 == 0));
    }
    Dataset<Row> frame = TestFrames.frame(schema, List.of(rows));
    SparseAutoencoderModel model =
        estimator()
            .setContamination(0.2)
            .setWeightCol("weight")
            .setValidationIndicatorCol("held")
            .setReconstructionErrorCol("error")
            .fit(frame);
    double above = 0;
    double atLeast = 0;
    double all = 0;
    for (Row row : model.transform(frame).filter("not held").collectAsList()) {
      float error = (float) row.<Double>getAs("error").doubleValue();
      double weight = row.getAs("weight");
      all += weight;
      above += error > model.getOutlierThreshold() ? weight : 0;
      atLeast += error >= model.getOutlierThreshold() ? weight : 0;
    }
    assertTrue(above <= 0.2 * all && 0.2 * all < atLeast, above + " " + atLeast + " of " + all);
  }

  @Test
  void survivesSavingCopyingAndPipelines() throws IOException {
    SparseAutoencoderModel model = estimator().fit(frame(2));
    double threshold = model.getOutlierThreshold();
    assertEquals(15, outliers(model.copy(ParamMap.empty()), frame(2)));
    String path = dir.resolve("model").toString();
    model.save(path);
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(path);
    assertEquals(threshold, loaded.getOutlierThreshold());
    assertEquals("outlier", loaded.getOutlierCol());
    assertEquals(15, outliers(loaded, frame(2)));

    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {estimator()});
    String whole = dir.resolve("pipeline").toString();
    pipeline.fit(frame(2)).save(whole);
    assertEquals(15, PipelineModel.load(whole).transform(frame(2)).filter("outlier = 1.0").count());

    assertEquals(COUNT, outliers(loaded.setOutlierThreshold(0), frame(2)));
    SparseAutoencoderModel layer = model.layer(1);
    assertFalse(layer.isDefined(layer.outlierThreshold()), "it is of the whole's error");
  }

  /** The error is that of transform, which keeps more units. */
  @Test
  void theThresholdIsOfTheEncodingModel() {
    SparseAutoencoderModel model =
        estimator().setHiddenLayers(12).setK(2).setEncodeK(5).fit(frame(2));
    assertEquals(15, outliers(model, frame(2)));
  }

  /** The flag alone, of an estimator that is told the threshold. */
  @Test
  void aGivenThresholdIsTaken() {
    SparseAutoencoderModel model =
        estimator().setContamination(0).setOutlierThreshold(1e9).setOutputCol("").fit(frame(2));
    assertEquals(1e9, model.getOutlierThreshold());
    assertArrayEquals(
        new String[] {TestFrames.FEATURES, "outlier"}, model.transform(frame(2)).columns());
    assertEquals(0, outliers(model, frame(2)));
  }

  /** Errors 0.53125 and 0.125, see the fixture. */
  @Test
  void byHand() {
    float[][] rows = {{2, 3}, {0, 0}};
    SparseAutoencoderModel model = Fixtures.handModel("hand").setOutlierCol("outlier");
    for (double[] of : new double[][] {{0.53125, 0, 0}, {0.5312, 1, 0}, {0.1, 1, 1}}) {
      List<Row> flagged =
          model.setOutlierThreshold(of[0]).transform(TestFrames.frame(rows, 1)).collectAsList();
      assertEquals(of[1], flagged.get(0).<Double>getAs("outlier"));
      assertEquals(of[2], flagged.get(1).<Double>getAs("outlier"));
    }
  }

  @Test
  void whatCannotBeFlaggedIsRefused() {
    assertRefused(
        "outlierCol 'outlier' needs a threshold: set contamination, the share of the training rows"
            + " beyond it, such as 0.01, or outlierThreshold",
        () -> estimator().setContamination(0).fit(frame(2)));
    assertRefused(
        "outlierThreshold = 0.5 and contamination = 0.1 both say which rows are outliers; clear one"
            + " of them",
        () -> estimator().setOutlierThreshold(0.5).fit(frame(2)));
    assertRefused(
        "outlierCol: column 'FEATURES' exists already; choose another name or drop it first",
        () -> estimator().setOutlierCol("FEATURES").fit(frame(2)));
    assertRefused(
        "outlierCol: column 'code' exists already; choose another name or drop it first",
        () -> estimator().setOutlierCol("code").fit(frame(2)));
    assertRefused(
        "outlierCol 'outlier' needs a threshold, but this model was trained with contamination = 0:"
            + " set outlierThreshold, or train with contamination",
        () ->
            Fixtures.handModel("hand")
                .setOutlierCol("outlier")
                .transform(TestFrames.frame(new float[][] {{1, 2}}, 1)));
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
