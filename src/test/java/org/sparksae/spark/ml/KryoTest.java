package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/**
 * Many clusters set {@code spark.serializer} to Kryo, and some refuse classes that nobody has
 * registered; blocks and sums must pass through it.
 */
class KryoTest {
  private static final float[][] ROWS = TestFrames.rows(300, 6, 17);
  private static SparseAutoencoderModel expected;
  private static SparkSession kryo;

  @TempDir private static Path files;

  /** Files, as the rows of a test's own lists would need registrations of their own. */
  @BeforeAll
  static void fitWithJavaSerialisationFirst() {
    for (InputType type : List.of(InputType.DENSE_VECTOR, InputType.SPARSE_VECTOR)) {
      TestFrames.frame(type, List.<float[][]>of(ROWS)).write().parquet(path(type));
    }
    expected = Fixtures.estimator().fit(frame(InputType.DENSE_VECTOR));
    LocalSpark.stop();
    kryo =
        LocalSpark.builder("local[2]")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .config("spark.kryo.registrationRequired", "true")
            .config("spark.kryo.registrator", SparseAutoencoderKryoRegistrator.class.getName())
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    if (kryo != null) {
      kryo.stop();
    }
  }

  private static String path(InputType type) {
    return files.resolve(type.name()).toString();
  }

  /** In one partition. */
  private static Dataset<Row> frame(InputType type) {
    return LocalSpark.session().read().parquet(path(type));
  }

  @Test
  void fitsTransformsAndSavesAsWithJavaSerialisation() throws IOException {
    assertEquals("org.apache.spark.serializer.KryoSerializer", kryo.conf().get("spark.serializer"));
    Dataset<Row> frame = frame(InputType.DENSE_VECTOR);
    SparseAutoencoderModel model = Fixtures.estimator().fit(frame);
    assertArrayEquals(expected.parameters(), model.parameters());
    assertEquals(300, model.transform(frame).collectAsList().size());
    String path = files.resolve("model").toString();
    model.save(path);
    assertArrayEquals(expected.parameters(), SparseAutoencoderModel.load(path).parameters());
  }

  /** One partition is spread by a shuffle of blocks; eight are added up in two levels. */
  @ParameterizedTest
  @CsvSource({
    "l-bfgs, tree, DENSE_VECTOR, 8",
    "adam, tree, DENSE_VECTOR, 8",
    "adam, allReduce, DENSE_VECTOR, 1",
    "adam, allReduce, SPARSE_VECTOR, 1"
  })
  void everyWayOfFittingPassesWhereRegistrationIsRequired(
      String solver, String aggregation, InputType type, int partitions) {
    assertEquals("true", kryo.conf().get("spark.kryo.registrationRequired"));
    Dataset<Row> frame = frame(type).repartition(partitions);
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setReconstructionCol("reconstruction")
            .setSolver(solver)
            .setAggregation(aggregation)
            .setLayerTraining("greedyThenJoint")
            .setHiddenLayers(4, 3)
            .setMaxIter(2);
    SparseAutoencoderModel model = estimator.fit(frame);
    ReconstructionEvaluator evaluator =
        new ReconstructionEvaluator()
            .setInputCol(TestFrames.FEATURES)
            .setReconstructionCol("reconstruction")
            .setMetricName("mse");
    assertEquals(
        model.summary().statistics().meanSquaredError(),
        evaluator.evaluate(model.transform(frame)),
        1e-6);
  }

  @Test
  void whiteningPassesWhereRegistrationIsRequired() {
    Dataset<Row> frame = frame(InputType.DENSE_VECTOR);
    ZcaWhitening whitening =
        new ZcaWhitening().setInputCol(TestFrames.FEATURES).setOutputCol("white");
    assertEquals(300, whitening.fit(frame).transform(frame).select("white").collectAsList().size());
  }
}
