package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** The estimator among MLlib's own stages. */
@ExtendWith(LocalSpark.class)
class PipelineTest {
  @TempDir private Path folder;

  /** Rows near (1, 0, 1, 0) are of class 0, rows near (0, 1, 0, 1) of class 1. */
  private static Dataset<Row> labelled() {
    float[][] noise = TestFrames.rows(40, 4, 13);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < noise.length; i++) {
      float[] row = noise[i];
      for (int j = 0; j < row.length; j++) {
        row[j] = 0.2f * row[j] + ((i + j) % 2 == 0 ? 1 : 0);
      }
      rows.add(RowFactory.create(InputType.FLOATS.form(row), (double) (i % 2)));
    }
    StructType schema =
        new StructType()
            .add("features", InputType.FLOATS.type())
            .add("label", DataTypes.DoubleType);
    return TestFrames.frame(schema, List.of(rows.subList(0, 20), rows.subList(20, 40)));
  }

  @Test
  void aClassifierLearnsFromTheCodes() throws IOException {
    LogisticRegression classifier =
        new LogisticRegression().setFeaturesCol("code").setMaxIter(5).setRegParam(1e-3);
    Dataset<Row> frame = labelled();
    PipelineModel model =
        new Pipeline()
            .setStages(new PipelineStage[] {Fixtures.estimator().setMaxIter(10), classifier})
            .fit(frame);
    Dataset<Row> predicted = model.transform(frame);
    assertEquals(40, predicted.filter("prediction = label").count());

    model.save(folder.resolve("pipeline").toString());
    PipelineModel loaded = PipelineModel.load(folder.resolve("pipeline").toString());
    assertEquals(
        predicted.select("code", "probability").collectAsList(),
        loaded.transform(frame).select("code", "probability").collectAsList());
  }

  @Test
  void crossValidationPrefersTheModelThatReconstructs() {
    SparseAutoencoder estimator =
        Fixtures.estimator().setMaxIter(8).setReconstructionCol("reconstruction");
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(estimator.regParam(), new double[] {100, 1e-4}).build();
    ReconstructionEvaluator evaluator =
        new ReconstructionEvaluator()
            .setInputCol("features")
            .setReconstructionCol("reconstruction");
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(estimator)
            .setEstimatorParamMaps(grid)
            .setEvaluator(evaluator)
            .setNumFolds(2)
            .setSeed(5);
    CrossValidatorModel model = validator.fit(labelled());
    SparseAutoencoderModel best = (SparseAutoencoderModel) model.bestModel();
    assertEquals(1e-4, best.getRegParam());
    assertTrue(model.avgMetrics()[1] > 0.9, "explained variance " + model.avgMetrics()[1]);
    // So strong a decay leaves nothing but the biases, and so the mean row.
    assertEquals(0, model.avgMetrics()[0], 0.02);
  }
}
