package org.sparksae.spark.ml;

import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.stats.ReconstructionMetrics;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

@ExtendWith(LocalSpark.class)
class ReconstructionEvaluatorTest {
  private static ReconstructionEvaluator evaluator() {
    return new ReconstructionEvaluator("evaluator")
        .setInputCol("x.in")
        .setReconstructionCol("x.out")
        .setOutputCol("code");
  }

  /** Three rows in three partitions, of which one more is empty. */
  private static Dataset<Row> frame() {
    StructType schema =
        new StructType()
            .add("x.in", InputType.NULLABLE_FLOATS.type())
            .add("x.out", InputType.DENSE_VECTOR.type())
            .add("code", InputType.SPARSE_VECTOR.type());
    return TestFrames.frame(
        schema,
        List.of(
            List.of(row(1, 0, Vectors.dense(1, 0.5), 1, 0, 2, 0)),
            List.of(),
            List.of(row(3, 0, Vectors.dense(3, 0), 0, 0, -1, 0)),
            List.of(row(5, 3, Vectors.dense(4, 1), 0, 0, 0, 0))));
  }

  private static Row row(float x1, float x2, Object reconstruction, double... code) {
    return RowFactory.create(new Float[] {x1, x2}, reconstruction, Vectors.dense(code).toSparse());
  }

  /**
   *
   *
   * <pre>
   * |x_hat - x|^2 = 0.25, 0, 1 + 4;  sum 5.25;  mse = 5.25 / (3 * 2) = 0.875
   * mean x = (3, 1);  sum |x - mean|^2 = (4 + 1) + (0 + 1) + (4 + 4) = 14;  1 - 5.25 / 14 = 0.625
   * cosines: 1 / sqrt(1.25), 1 and 23 / sqrt(34 * 17)
   * codes of 2, 1 and 0 non-zeros: l0 = 1;  units 1 and 3 of 4 never active: 0.5
   * l1 = (3 + 1 + 0) / 3;  units 0 and 2 active in a third and two thirds of the rows
   * </pre>
   */
  @ParameterizedTest
  @CsvSource({
    "mse, 0.875, false",
    "fvu, 0.375, false",
    "explainedVariance, 0.625, true",
    "cosine, 0.9503670238095915, true",
    "l0, 1, false",
    "l1, 1.3333333333333333, false",
    "deadFraction, 0.5, false",
    "denseFraction, 0.5, false"
  })
  void givesTheHandWorkedValues(String metric, double value, boolean largerIsBetter) {
    ReconstructionEvaluator evaluator = evaluator().setMetricName(metric);
    assertEquals(value, evaluator.evaluate(frame()), 1e-15);
    assertEquals(largerIsBetter, evaluator.isLargerBetter());
  }

  /**
   * The rows weigh 2, 1 and 0, so that the last one does not count.
   *
   * <pre>
   * sum of w |x_hat - x|^2 = 0.5;  W = 3;  mse = 0.5 / (3 * 2)
   * mean x = (5/3, 0);  sum of w |x - mean|^2 = 2 * 4/9 + 16/9 = 8/3;  1 - 0.5 / (8/3) = 0.8125
   * cosine (2 / sqrt(1.25) + 1) / 3
   * codes of 2 and 1 non-zeros: l0 = 5/3;  units 1 and 3 of 4 never active
   * l1 = (2 * 3 + 1) / 3
   * </pre>
   */
  @ParameterizedTest
  @CsvSource({
    "mse, 0.08333333333333333",
    "fvu, 0.1875",
    "explainedVariance, 0.8125",
    "cosine, 0.9296181273332772",
    "l0, 1.6666666666666667",
    "l1, 2.3333333333333335",
    "deadFraction, 0.5",
    "denseFraction, 0.5"
  })
  void rowsCountByTheirWeights(String metric, double value) {
    Dataset<Row> weighted = frame().withColumn("w", functions.expr("(5 - `x.in`[0]) / 2"));
    ReconstructionEvaluator evaluator = evaluator().setMetricName(metric).setWeightCol("w");
    assertEquals(value, evaluator.evaluate(weighted), 1e-12);
    assertTrue(
        assertThrows(Exception.class, () -> evaluator.evaluate(weighted.withColumn("w", lit(-1))))
            .getMessage()
            .contains("has the weight -1.0; it must be 0 or more and finite"));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.25, 0"})
  void equalRowsHaveNoVarianceToExplain(float off, double value) {
    Row row = row(0.1f, 0.7f, Vectors.dense((double) 0.1f + off, 0.7f), 0);
    Dataset<Row> frame =
        TestFrames.frame(
            frame().schema(), List.of(List.of(row, row, row), List.of(row, row, row, row)));
    assertEquals(value, evaluator().evaluate(frame));
  }

  /** One pass gives what each metric gives alone, and NaN for what has no columns. */
  @Test
  void allMetricsComeTogether() {
    ReconstructionMetrics all = evaluator().getMetrics(frame());
    assertEquals(3, all.rows());
    assertEquals(0.875, all.meanSquaredError());
    assertEquals(0.625, all.explainedVariance());
    assertEquals(1, all.l0());
    assertEquals(2.0 / 12, all.meanActivation(), 1e-15);
    assertArrayEquals(new double[] {1 / 3.0, 0, 2 / 3.0, 0}, all.firing().shares(), 1e-15);
    ReconstructionMetrics codes =
        new ReconstructionEvaluator().setOutputCol("code").getMetrics(frame());
    assertEquals(1, codes.l0());
    assertEquals(Double.NaN, codes.fvu());
    assertEquals(
        "inputCol must be set for metrics",
        assertThrows(
                IllegalArgumentException.class,
                () -> new ReconstructionEvaluator().getMetrics(frame()))
            .getMessage());
  }

  @Test
  void agreesWithTheSummaryOfTheFit() {
    Dataset<Row> rows = TestFrames.frame(TestFrames.rows(50, 4, 3), 2);
    SparseAutoencoderModel model = Fixtures.estimator().setReconstructionCol("x.out").fit(rows);
    Dataset<Row> transformed = model.transform(rows);
    ReconstructionEvaluator evaluator = evaluator().setInputCol("features");
    assertEquals(
        model.summary().statistics().explainedVariance(), evaluator.evaluate(transformed), 1e-12);
    assertEquals(
        model.summary().statistics().meanSquaredError(),
        evaluator.setMetricName("mse").evaluate(transformed),
        1e-12);
    assertEquals(
        model.summary().statistics().l0(), evaluator.setMetricName("l0").evaluate(transformed));
  }

  @Test
  void refusesWhatItCannotEvaluate() {
    assertEquals(
        "outputCol must be set for metric 'l0'",
        refusal(new ReconstructionEvaluator().setMetricName("l0"), frame()));
    assertEquals(
        "reconstructionCol: there is no column 'none'; the columns are x.in, x.out, code",
        refusal(evaluator().setReconstructionCol("none"), frame()));
    assertEquals(
        "there are no rows of weight above 0 to evaluate metric 'explainedVariance' on",
        refusal(evaluator(), frame().filter("false")));
    assertEquals(
        "metricName must be one of mse, fvu, explainedVariance, cosine, l0, l1, deadFraction, denseFraction, got 'rmse'",
        assertThrows(IllegalArgumentException.class, () -> evaluator().setMetricName("rmse"))
            .getMessage());
  }

  private static String refusal(ReconstructionEvaluator evaluator, Dataset<Row> frame) {
    return assertThrows(IllegalArgumentException.class, () -> evaluator.evaluate(frame))
        .getMessage();
  }

  @Test
  void copiesSavesAndLoadsWithEveryParam(@TempDir Path folder) throws Exception {
    ReconstructionEvaluator original =
        evaluator().setMetricName("deadFraction").setWeightCol("weight").setTargetCol("target");
    assertEquals(6, Fixtures.values(original).size());
    assertEquals(Fixtures.values(original), Fixtures.values(original.copy(ParamMap.empty())));
    original.save(folder.resolve("evaluator").toString());
    ReconstructionEvaluator loaded =
        ReconstructionEvaluator.load(folder.resolve("evaluator").toString());
    assertEquals(Fixtures.values(original), Fixtures.values(loaded));
    assertEquals("evaluator", loaded.uid());
  }
}
