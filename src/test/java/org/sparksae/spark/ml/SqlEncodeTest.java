package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

@ExtendWith(LocalSpark.class)
class SqlEncodeTest {
  @TempDir private static Path directory;

  private static String path;
  private static SparseAutoencoderModel model;
  private static Dataset<Row> rows;
  private final SparkSession spark = LocalSpark.session();

  @BeforeAll
  static void save() throws Exception {
    rows = TestFrames.frame(TestFrames.rows(30, 6, 4), 3).selectExpr("features", "'a' as name");
    rows.createOrReplaceTempView("rows_to_encode");
    model =
        new SparseAutoencoder()
            .setInputCol("features")
            .setOutputCol("code")
            .setHiddenLayers(3)
            .setMaxIter(2)
            .fit(rows);
    path = directory.resolve("model").toString();
    model.save(path);
  }

  @Test
  void givesTheRowsOfTransformInTheSamePlan() {
    Dataset<Row> encoded =
        spark.sql("SELECT * FROM sae_encode(TABLE(rows_to_encode), '" + path + "')");
    assertEquals(model.transform(rows).collectAsList(), encoded.collectAsList());
    assertEquals(model.transform(rows).schema(), encoded.schema());
    String plan = encoded.queryExecution().executedPlan().toString();
    assertTrue(plan.contains("MapPartitions " + model.uid()), plan);
    assertTrue(!plan.contains("Join"), plan);
  }

  @Test
  void takesAQueryAndAnAliasAndCanBeJoinedAndNamedAsAView() {
    spark.sql(
        "CREATE OR REPLACE TEMP VIEW encoded_rows AS SELECT e.name AS n, e.code FROM"
            + " sae_encode(TABLE(SELECT features, name FROM rows_to_encode WHERE name = 'a'), '"
            + path
            + "') AS e");
    assertEquals(
        model.transform(rows).select("name", "code").collectAsList(),
        spark.sql("SELECT n, code FROM encoded_rows").collectAsList());
  }

  @Test
  void takesASavedPipeline() throws Exception {
    PipelineModel pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new ArrayVectorizer().setInputCol("features").setOutputCol("v"), model
                })
            .fit(rows);
    String place = directory.resolve("pipeline").toString();
    pipeline.save(place);
    assertEquals(
        pipeline.transform(rows).collectAsList(),
        spark
            .sql("SELECT * FROM sae_encode(TABLE(rows_to_encode), '" + place + "')")
            .collectAsList());
  }

  @Test
  void anEstimatorCannotEncode() throws Exception {
    String place = directory.resolve("estimator").toString();
    new SparseAutoencoder().setInputCol("features").save(place);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> spark.sql("SELECT * FROM sae_encode(TABLE(rows_to_encode), '" + place + "')"));
    assertTrue(
        refused.getMessage().startsWith(place + " holds a org.sparksae.spark.ml.SparseAutoencoder"),
        refused::getMessage);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sae_encode(TABLE(rows_to_encode)) | takes two arguments, but got 1",
        "sae_encode(1, 'x') | the first argument must be a table, but is 1",
        "sae_encode(TABLE(rows_to_encode), 7) | the second argument must be a constant text, but is 7",
        "sae_encode(TABLE(rows_to_encode), CAST(NULL AS STRING)) | the path is null",
        "sae_encode(TABLE(rows_to_encode), '/no/such/model') | /no/such/model",
      })
  void sayWhatIsWrong(String call, String message) {
    Exception refused =
        assertThrows(Exception.class, () -> spark.sql("SELECT * FROM " + call).collectAsList());
    assertTrue(refused.getMessage().contains(message), refused::getMessage);
  }
}
