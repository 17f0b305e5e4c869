package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** Rows of several sizes: most of them say which is the right one. */
@ExtendWith(LocalSpark.class)
class RowSizesTest {
  private static final float[] ODD = {0.1f, 0.2f, 0.3f, 0.4f};

  /** Rows of 3 values behind some of other sizes. */
  private static Dataset<Row> frame(InputType type, int rows, float[]... first) {
    List<float[]> all = new ArrayList<>(List.of(first));
    all.addAll(Arrays.asList(TestFrames.rows(rows, 3, 8)));
    return TestFrames.frame(type, List.<float[][]>of(all.toArray(float[][]::new)));
  }

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator().setMaxIter(1);
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOATS", "DENSE_VECTOR", "SPARSE_VECTOR"})
  void aFirstRowOfAnotherSizeIsTheOneThatIsSkipped(InputType type) {
    SparseAutoencoderModel model = estimator().setHandleInvalid("skip").fit(frame(type, 1000, ODD));
    assertEquals(3, model.numFeatures());
    assertEquals(1, model.summary().skippedRows());
    assertArrayEquals(estimator().fit(frame(type, 1000)).parameters(), model.parameters());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOATS", "DENSE_VECTOR", "SPARSE_VECTOR"})
  void aFirstRowOfAnotherSizeIsTheOneThatIsBlamed(InputType type) {
    Dataset<Row> frame = frame(type, 1000, ODD);
    String problem =
        "row 0 of partition 0 has 4 values, expected 3, as 99 of the first 100 rows have";
    String refused = refusal(() -> estimator().fit(frame));
    assertTrue(refused.contains(problem), refused);
    String scaling = refusal(() -> new PatchScaling().setInputCol("features").fit(frame));
    assertTrue(scaling.contains(problem), scaling);
    String whitening = refusal(() -> new ZcaWhitening().setInputCol("features").fit(frame));
    assertTrue(whitening.contains(problem), whitening);
    ReconstructionEvaluator evaluator =
        new ReconstructionEvaluator().setInputCol("features").setReconstructionCol("features");
    String evaluated =
        Fixtures.cause(
                IllegalArgumentException.class,
                assertThrows(Exception.class, () -> evaluator.evaluate(frame)))
            .getMessage();
    assertEquals(
        "a row of column 'features' has 4 values, expected 3, as 99 of the first 100 rows have",
        evaluated);
  }

  @Test
  void rowsWithoutValuesHaveNoSay() {
    float[] none = {};
    SparseAutoencoderModel model =
        estimator()
            .setHandleInvalid("skip")
            .fit(frame(InputType.DOUBLES, 2, none, none, none, none));
    assertEquals(3, model.numFeatures());
    assertEquals(4, model.summary().skippedRows());
  }

  @Test
  void aFitThatWouldSkipMoreRowsForTheirSizeThanItKeepsIsRefused() {
    float[][] many = new float[150][];
    Arrays.fill(many, ODD);
    SparseAutoencoder estimator = estimator().setHandleInvalid("skip");
    assertEquals(
        "inputCol: 151 rows of column 'features' would be skipped for their size, and only 150 kept,"
            + " which have 4 values, as 100 of the first 100 rows have; leave out the rows of other"
            + " sizes before the fit",
        refusal(() -> estimator.fit(frame(InputType.FLOATS, 151, many))));
    assertEquals(150, estimator.fit(frame(InputType.FLOATS, 150, many)).summary().skippedRows());
  }

  @Test
  void attributesOfAnotherSizeThanTheRowsAreRefused() {
    Dataset<Row> frame = frame(InputType.DENSE_VECTOR, 20);
    Dataset<Row> wrong =
        frame.select(
            functions
                .col("features")
                .as("features", new AttributeGroup("features", 5).toMetadata()));
    String refused = refusal(() -> estimator().fit(wrong));
    assertTrue(
        refused.contains("has 3 values, expected 5, as the column's attributes say; "), refused);
    assertEquals(
        "inputCol: 20 rows of column 'features' would be skipped for their size, and only 0 kept,"
            + " which have 5 values, as the column's attributes say; leave out the rows of other"
            + " sizes before the fit",
        refusal(() -> estimator().setHandleInvalid("skip").fit(wrong)));
  }
}
