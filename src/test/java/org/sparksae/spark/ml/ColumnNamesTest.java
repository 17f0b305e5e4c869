package org.sparksae.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** Names of columns mean what they mean to Spark. */
@ExtendWith(LocalSpark.class)
class ColumnNamesTest {
  private static final float[][] ROWS = TestFrames.rows(30, 2, 33);
  private static List<Object> expected;

  private static final String CASE = "spark.sql.caseSensitive";

  @AfterEach
  void caseAsByDefault() {
    LocalSpark.session().conf().unset(CASE);
  }

  /** With a weight and an indicator that both matter. */
  private static Dataset<Row> flat() {
    return TestFrames.frame(ROWS, 2)
        .withColumn("weight", functions.rand(1).plus(0.5))
        .withColumn("held", functions.rand(2).lt(0.3));
  }

  private static Dataset<Row> nested() {
    return flat()
        .select(
            lit("other").as("first"),
            struct(lit(7).as("id"), struct(col("features"), col("weight"), col("held")).as("inner"))
                .as("s"));
  }

  private static SparseAutoencoder estimator(UnaryOperator<String> name) {
    return Fixtures.estimator()
        .setMaxIter(1)
        .setInputCol(name.apply("features"))
        .setWeightCol(name.apply("weight"))
        .setValidationIndicatorCol(name.apply("held"))
        .setReconstructionCol("reconstruction");
  }

  private static List<Object> column(Dataset<Row> frame, String name) {
    return frame.select(name).collectAsList().stream().map(row -> row.get(0)).toList();
  }

  /** What a fit, its codes, an evaluator and a stage of one column make of the columns. */
  private static List<Object> results(UnaryOperator<String> name, Dataset<Row> frame) {
    SparseAutoencoderModel model = estimator(name).fit(frame);
    Dataset<Row> encoded = model.transform(frame);
    ReconstructionEvaluator evaluator =
        new ReconstructionEvaluator()
            .setMetricName("mse")
            .setInputCol(name.apply("features"))
            .setReconstructionCol("reconstruction");
    PatchScaling scaling =
        new PatchScaling().setInputCol(name.apply("features")).setOutputCol("scaled");
    return List.of(
        Arrays.toString(model.parameters()),
        column(encoded, "code"),
        evaluator.evaluate(encoded),
        column(scaling.fit(frame).transform(frame), "scaled"));
  }

  private static void assertSameAsFlat(UnaryOperator<String> name, Dataset<Row> frame) {
    if (expected == null) {
      expected = results(n -> n, flat());
    }
    assertEquals(expected, results(name, frame));
  }

  @Test
  void fieldsOfStructsAreColumns() {
    assertSameAsFlat(name -> "s.`inner`." + name, nested());
  }

  @Test
  void upperAndLowerCaseAreTheSameAsTheyAreToSpark() {
    assertSameAsFlat(name -> "S.inner." + name.toUpperCase(Locale.ROOT), nested());
    LocalSpark.session().conf().set(CASE, "true");
    assertRefused(
        "inputCol: there is no column 'Features'; the columns are features, weight, held",
        () -> estimator(n -> n).setInputCol("Features").fit(flat()));
  }

  /** As before there were fields: a column's own name comes first. */
  @Test
  void dotsOfAColumnsOwnNameStay() {
    Dataset<Row> dotted =
        nested()
            .select(
                col("s.inner.features").as("a.features"),
                col("s.inner.weight").as("a.weight"),
                col("s.inner.held").as("a.held"),
                struct(lit("no vector").as("features")).as("a"));
    assertSameAsFlat(name -> "a." + name, dotted);
    String quoted = "`a.features`";
    assertEquals(
        1, estimator(n -> "a." + n).setInputCol(quoted).fit(dotted).summary().totalIterations());
    assertRefused(
        "inputCol: column '`a`.features' must be a Vector or an array of numbers, but it is string",
        () -> Fixtures.estimator().setInputCol("`a`.features").fit(dotted));
  }

  /** Spark counts the fields anew that a query wants of a struct, if it finds how it was made. */
  @Test
  void fieldsOfKeptStructsStayWhatTheyWere() {
    Dataset<Row> frame =
        TestFrames.frame(ROWS, 2)
            .withColumn("s", struct(lit(7).as("a"), lit("b").as("b"), lit(2.5).as("c")))
            .withColumn("list", functions.array(col("s"), col("s")))
            .withColumn("map", functions.map(lit("key"), col("s")));
    String[] fields = {"s.b", "s.c", "list.b", "list.c", "map.key.b", "map.key.c"};
    List<Row> expected = frame.selectExpr(fields).collectAsList();
    Dataset<Row> encoded = Fixtures.handModel("hand").transform(frame);
    assertEquals(expected, encoded.selectExpr(fields).collectAsList());
    assertEquals(30, encoded.filter("s.b = 'b' and s.c = 2.5").count());
    assertEquals(
        frame.collectAsList(),
        encoded.select(frame.columns()[0], "s", "list", "map").collectAsList());
    assertEquals(
        expected.size(),
        encoded.select(frame.col("s").getField("c").as("c")).filter("c = 2.5").count());
  }

  @Test
  void rowsWhoseStructIsNullAreNull() {
    Dataset<Row> frame = nested().withColumn("s", when(col("s.inner.weight").gt(0.7), col("s")));
    long some = frame.filter("s is not null").count();
    assertTrue(some > 0 && some < 30);
    SparseAutoencoder estimator = Fixtures.estimator().setInputCol("s.inner.features");
    String refused =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage();
    assertTrue(refused.contains("is null; set handleInvalid to 'skip'"), refused);
    SparseAutoencoderModel model = estimator.setHandleInvalid("skip").fit(frame);
    assertEquals(some, model.summary().statistics().rows());
    assertEquals(some, model.transform(frame).count());
  }

  @Test
  void whatIsNotThereIsRefusedByName() {
    SparseAutoencoder estimator = Fixtures.estimator();
    assertRefused(
        "inputCol: there is no column 's.inner.feature'; the fields of 's.inner' are features,"
            + " weight, held",
        () -> estimator.setInputCol("s.inner.feature").fit(nested()));
    assertRefused(
        "inputCol: there is no column 'first.x', as 'first' is string and no struct",
        () -> estimator.setInputCol("first.x").fit(nested()));
    assertRefused(
        "inputCol: there is no column 'a..b'; the columns are first, s",
        () -> estimator.setInputCol("a..b").fit(nested()));
    Dataset<Row> array =
        TestFrames.frame(ROWS, 1).select(functions.array(struct(lit(1).as("x"))).as("list"));
    assertRefused(
        "inputCol: there is no column 'list.x', as 'list' is array<struct<x:int>> and no struct;"
            + " make a row of each element first, with explode",
        () -> estimator.setInputCol("list.x").fit(array));
    assertRefused(
        "weightCol: there is no column 's.w'; the fields of 's' are id, inner",
        () -> estimator.setInputCol("s.inner.features").setWeightCol("s.w").fit(nested()));
  }

  @Test
  void outputNamesAreTakenAsSparkTakesThem() {
    Dataset<Row> frame = TestFrames.frame(ROWS, 1).withColumn("Code", lit(1));
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    assertRefused(
        "outputCol: column 'code' exists already; choose another name or drop it first",
        () -> model.transform(frame));
    LocalSpark.session().conf().set(CASE, "true");
    Dataset<Row> both = model.transform(frame);
    assertEquals(List.of("features", "Code", "code"), Arrays.asList(both.columns()));
    assertEquals(
        model.transform(TestFrames.frame(ROWS, 1)).select("code").collectAsList(),
        both.filter("Code = 1").select("code").collectAsList());
    assertEquals(1, Fixtures.estimator().setMaxIter(1).fit(frame).summary().totalIterations());
  }

  @Test
  void namesThatSparkTakesForOneAreAmbiguous() {
    LocalSpark.session().conf().set(CASE, "true");
    Dataset<Row> both = TestFrames.frame(ROWS, 1).withColumn("Features", col("features"));
    assertEquals(30, Fixtures.handModel("hand").transform(both).count());
    LocalSpark.session().conf().set(CASE, "false");
    String expected =
        "inputCol: column 'features' is ambiguous, as there are several of that name: features,"
            + " Features; rename or drop the others";
    assertRefused(expected, () -> Fixtures.estimator().fit(both));
    assertRefused(expected, () -> Fixtures.handModel("hand").transform(both));
  }

  private static void assertRefused(String expected, Executable call) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
