package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** Two columns of one name: no stage chooses between them in silence. */
@ExtendWith(LocalSpark.class)
class DuplicateColumnsTest {
  private static final DataType VECTOR = SQLDataTypes.VectorType();
  private static final Vector X = Vectors.dense(2, 3);
  private static final Vector OTHER = Vectors.dense(0, 0);

  /** Columns "features", vectors, and two of a type, whose names may differ in case. */
  private static Dataset<Row> frame(
      String name, String same, DataType type, Object first, Object second) {
    StructType schema = new StructType().add("features", VECTOR).add(name, type).add(same, type);
    Row row = RowFactory.create(X, first, second);
    return TestFrames.frame(schema, List.of(List.of(row, row)));
  }

  private static void assertRefused(String param, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(
        message.startsWith(
            param + ": column 'x' is ambiguous, as there are several of that name: x, "),
        message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "X"})
  void noStageTakesOneOfTwoColumnsOfRows(String same) {
    Dataset<Row> frame = frame("x", same, VECTOR, X, OTHER);
    SparseAutoencoder estimator = Fixtures.estimator().setInputCol("x");
    assertRefused("inputCol", () -> estimator.fit(frame));
    SparseAutoencoderModel model = Fixtures.handModel("hand").setInputCol("x");
    assertRefused("inputCol", () -> model.transform(frame));
    PatchScaling scaling = new PatchScaling().setInputCol("x").setOutputCol("out");
    assertRefused("inputCol", () -> scaling.fit(frame));
    PatchScalingModel scaled = new PatchScalingModel("scaled", 2, 1, 0, 1).setInputCol("x");
    assertRefused("inputCol", () -> scaled.transform(frame));
    ZcaWhitening whitening = new ZcaWhitening().setInputCol("x").setOutputCol("out");
    assertRefused("inputCol", () -> whitening.fit(frame));
    ZcaWhiteningModel white =
        new ZcaWhiteningModel("white", new double[2], new double[4]).setInputCol("x");
    assertRefused("inputCol", () -> white.transform(frame));
    ReconstructionEvaluator evaluator = new ReconstructionEvaluator().setOutputCol("x");
    evaluator.setInputCol("features").setReconstructionCol("x");
    assertRefused("reconstructionCol", () -> evaluator.evaluate(frame));
    evaluator.setInputCol("x").setReconstructionCol("features");
    assertRefused("inputCol", () -> evaluator.evaluate(frame));
    evaluator.setMetricName("l0");
    assertRefused("outputCol", () -> evaluator.evaluate(frame));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "X"})
  void noStageTakesOneOfTwoOtherColumns(String same) {
    Dataset<Row> weights = frame("x", same, DataTypes.DoubleType, 1.0, 2.0);
    assertRefused("weightCol", () -> Fixtures.estimator().setWeightCol("x").fit(weights));
    Dataset<Row> held = frame("x", same, DataTypes.BooleanType, true, false);
    SparseAutoencoder estimator = Fixtures.estimator().setValidationIndicatorCol("x");
    assertRefused("validationIndicatorCol", () -> estimator.fit(held));
    Dataset<Row> images = frame("x", same, DataTypes.BinaryType, new byte[1], new byte[2]);
    ImageVectorizer vectorizer =
        new ImageVectorizer().setInputCol("x").setOutputCol("out").setImageShape(1, 1, 1);
    assertRefused("inputCol", () -> vectorizer.transform(images));
  }

  @Test
  void columnsThatAreNotReadMayHaveOneName() {
    Dataset<Row> frame = frame("x", "x", DataTypes.IntegerType, 1, 2);
    Dataset<Row> encoded = Fixtures.handModel("hand").transform(frame);
    assertArrayEquals(new String[] {"features", "x", "x", "code"}, encoded.columns());
    Row row = encoded.collectAsList().get(0);
    assertEquals(1, row.getInt(1));
    assertEquals(2, row.getInt(2));
  }

  @Test
  void namesThatDifferInCaseAreTwoWhereTheSessionSaysSo() {
    SparkSession spark = LocalSpark.session();
    spark.conf().set("spark.sql.caseSensitive", true);
    try {
      Dataset<Row> frame = frame("X", "x", VECTOR, OTHER, X);
      SparseAutoencoderModel model = Fixtures.handModel("hand").setInputCol("x");
      assertEquals(
          Vectors.sparse(3, new int[] {0, 1}, new double[] {2, 2}),
          model.transform(frame).collectAsList().get(0).getAs("code"));
    } finally {
      spark.conf().unset("spark.sql.caseSensitive");
    }
  }
}
