package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.shared.HasWeightCol;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** What MLlib asks of every stage about rows: batches and streams, invalid vectors and weights. */
@ExtendWith(LocalSpark.class)
class StageRowsTest {
  private static final int SIZE = 6;

  @ParameterizedTest
  @MethodSource("org.sparksae.spark.ml.Subject#transformers")
  void aStreamGivesWhatABatchGives(Subject subject, @TempDir java.nio.file.Path folder)
      throws Exception {
    Transformer stage = (Transformer) subject.stage();
    String source = folder.resolve("source").toString();
    subject.rows().write().parquet(source);
    Dataset<Row> stream =
        LocalSpark.session().readStream().schema(subject.rows().schema()).parquet(source);
    String name = "streamOf" + subject;
    StreamingQuery query =
        stage
            .transform(stream)
            .writeStream()
            .format("memory")
            .queryName(name)
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    assertEquals(texts(stage.transform(subject.rows())), texts(LocalSpark.session().table(name)));
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.select("code").collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("org.sparksae.spark.ml.Subject#transformers")
  void transformAddsTheColumnsOfTransformSchemaAndKeepsTheOthers(Subject subject) {
    Transformer stage = (Transformer) subject.stage();
    Dataset<Row> made = stage.transform(subject.rows());
    assertEquals(
        List.of(stage.transformSchema(subject.rows().schema()).fieldNames()),
        List.of(made.schema().fieldNames()));
    assertEquals(
        subject.rows().collectAsList(), made.selectExpr(subject.rows().columns()).collectAsList());
  }

  static Stream<Arguments> invalidVectors() {
    List<Arguments> cases = new ArrayList<>();
    for (Subject subject : Subject.all()) {
      if (List.of(subject.rows().columns()).contains(TestFrames.FEATURES)
          && (subject.stage() instanceof Estimator || subject.isModel())) {
        cases.add(Arguments.of(subject, null, "is null"));
        cases.add(Arguments.of(subject, vector(Double.NaN), "has NaN at index 2"));
        cases.add(Arguments.of(subject, vector(1 / 0.0), "has Infinity at index 2"));
        cases.add(Arguments.of(subject, Vectors.dense(1, 2), "has 2 values, expected 6"));
      }
    }
    return cases.stream();
  }

  private static Vector vector(double value) {
    double[] values = new double[SIZE];
    values[2] = value;
    return Vectors.dense(values);
  }

  @ParameterizedTest
  @MethodSource("invalidVectors")
  void invalidVectorsAreRefusedByColumnAndRule(Subject subject, Vector vector, String rule) {
    Dataset<Row> rows = with(subject.rows(), RowFactory.create(vector, 1.0));
    String refused = refusal(subject.stage(), rows);
    assertTrue(refused.contains("column '" + TestFrames.FEATURES + "'"), refused);
    assertTrue(refused.contains(rule), refused);
    assertEquals(
        Arrays.stream(subject.stage().params()).anyMatch(p -> p.name().equals("handleInvalid")),
        refused.contains("handleInvalid"),
        refused);
  }

  static Stream<Arguments> invalidWeights() {
    return Subject.estimators().stream()
        .filter(subject -> subject.stage() instanceof HasWeightCol)
        .flatMap(
            subject ->
                Stream.of(
                    Arguments.of(subject, null, "has a null weight"),
                    Arguments.of(subject, -1.0, "has weight -1.0"),
                    Arguments.of(subject, Double.NaN, "has weight NaN"),
                    Arguments.of(subject, 1 / 0.0, "has weight Infinity")));
  }

  @ParameterizedTest
  @MethodSource("invalidWeights")
  void invalidWeightsAreRefusedByColumnAndRule(Subject subject, Double weight, String rule) {
    Dataset<Row> rows = with(subject.rows(), RowFactory.create(vector(1), weight));
    Params weighted = subject.stage().copy(ParamMap.empty());
    weighted.set("weightCol", "weight");
    String refused = refusal(weighted, rows);
    assertTrue(refused.contains("weightCol 'weight'"), refused);
    assertTrue(refused.contains(rule), refused);
  }

  private static Dataset<Row> with(Dataset<Row> rows, Row invalid) {
    List<Row> all = new ArrayList<>(rows.collectAsList());
    all.add(invalid);
    return TestFrames.frame(rows.schema(), List.of(all));
  }

  /** What a fit says, or a transform of all rows. */
  private static String refusal(Params stage, Dataset<Row> rows) {
    Exception thrown =
        assertThrows(
            Exception.class,
            () -> {
              if (stage instanceof Estimator<?> estimator) {
                estimator.fit(rows);
              } else {
                ((Transformer) stage).transform(rows).collect();
              }
            });
    return Fixtures.cause(IllegalArgumentException.class, thrown).getMessage();
  }
}
