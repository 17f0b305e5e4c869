package org.sparksae.cli;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.AutoencoderModel;

/**
 * What codes are worth to a classifier: the test accuracy of MLlib's logistic regression learned
 * from raw rows, and of the same learned from their codes; beside that of always giving the most
 * frequent label.
 */
final class Comparison {
  private static final String RAW = "raw";
  private static final String CODE = "code";
  private static final String LABEL = "label";

  private final AutoencoderModel<?> model;
  private final LogisticRegression classifier;
  private final String labelCol;
  private final boolean withRaw;

  /**
   * Accuracies in [0, 1].
   *
   * @param trainingRows rows learned from
   * @param testRows rows tested on
   * @param majorityAccuracy of a classifier that always gives the label most rows learned from have
   * @param rawAccuracy empty if it was not asked for
   */
  record Result(
      long trainingRows,
      long testRows,
      int rawSize,
      int codeSize,
      double majorityAccuracy,
      OptionalDouble rawAccuracy,
      double codeAccuracy) {

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("trainingRows", trainingRows);
      json.put("testRows", testRows);
      json.put("majorityAccuracy", majorityAccuracy);
      rawAccuracy.ifPresent(raw -> json.put("rawAccuracy", raw));
      json.put("codeAccuracy", codeAccuracy);
      rawAccuracy.ifPresent(raw -> json.put("difference", codeAccuracy - raw));
      return json;
    }

    List<String> text() {
      List<String> lines = new ArrayList<>();
      lines.add(line("Logistic regression on %,d rows, tested on %,d", trainingRows, testRows));
      lines.add(line("  %-12s %8s  %8s", "learned from", "features", "accuracy"));
      lines.add(line("  %-12s %8s  %8.4f", "labels alone", "", majorityAccuracy));
      rawAccuracy.ifPresent(raw -> lines.add(line("  %-12s %8d  %8.4f", "raw rows", rawSize, raw)));
      lines.add(line("  %-12s %8d  %8.4f", "codes", codeSize, codeAccuracy));
      rawAccuracy.ifPresent(
          raw -> lines.add(line("  %-12s %8s  %+8.4f", "difference", "", codeAccuracy - raw)));
      return lines;
    }

    private static String line(String format, Object... values) {
      return String.format(Locale.ROOT, format, values);
    }
  }

  /**
   * A comparison.
   *
   * @param classifier with its settings, the same for both
   * @param labelCol column of labels 0, 1, 2, ...
   * @param withRaw whether to learn from raw rows as well
   */
  Comparison(
      AutoencoderModel<?> model, LogisticRegression classifier, String labelCol, boolean withRaw) {
    this.model = model;
    this.classifier = classifier;
    this.labelCol = labelCol;
    this.withRaw = withRaw;
  }

  /**
   * Looks at all labels, which is quick beside learning.
   *
   * @param section of the job file, for messages
   * @throws IllegalArgumentException if the column is missing, or a label is not 0, 1, 2, ...
   */
  void check(InputTable table, String section) {
    StructType schema = table.rows().schema();
    if (!Arrays.asList(schema.fieldNames()).contains(labelCol)) {
      throw new IllegalArgumentException(
          "evaluate.labelCol: there is no column '%s' in %s; the columns are %s"
              .formatted(labelCol, section, String.join(", ", schema.fieldNames())));
    }
    if (!(schema.apply(labelCol).dataType() instanceof NumericType)) {
      throw new IllegalArgumentException(
          "evaluate.labelCol: column '%s' in %s must be numeric, but it is %s; MLlib's StringIndexer makes numbers of names"
              .formatted(labelCol, section, schema.apply(labelCol).dataType().catalogString()));
    }
    Column label = label();
    List<Row> wrong =
        table
            .rows()
            .select(label)
            .filter(col(LABEL).isNull().or(col(LABEL).lt(0)).or(col(LABEL).mod(1).notEqual(0)))
            .takeAsList(1);
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(
          "evaluate.labelCol: the labels in column '%s' of %s must be 0, 1, 2, ..., but there is %s"
              .formatted(labelCol, section, wrong.get(0).get(0)));
    }
  }

  /**
   * Learns and tests.
   *
   * @param training rows to learn from
   * @param encodedTest rows to test on, transformed by the model
   * @param testColumn their input column
   */
  Result run(InputTable training, Dataset<Row> encodedTest, String testColumn) {
    Dataset<Row> learn =
        columns(
            model
                .copy(org.apache.spark.ml.param.ParamMap.empty())
                .setReconstructionCol("")
                .setInputCol(training.column())
                .transform(spread(training.rows())),
            training.column());
    Dataset<Row> test = columns(encodedTest, testColumn);
    return new Result(
        learn.count(),
        test.count(),
        model.numFeatures(),
        model.outputSize(),
        majorityAccuracy(learn, test),
        withRaw ? OptionalDouble.of(accuracy(RAW, learn, test)) : OptionalDouble.empty(),
        accuracy(CODE, learn, test));
  }

  /** Of equally frequent labels the lowest. */
  private static double majorityAccuracy(Dataset<Row> learn, Dataset<Row> test) {
    double label =
        learn.groupBy(LABEL).count().sort(col("count").desc(), col(LABEL)).first().getDouble(0);
    return (double) test.filter(col(LABEL).equalTo(label)).count() / test.count();
  }

  /** Work for every core, also where the rows are one file. */
  private static Dataset<Row> spread(Dataset<Row> rows) {
    int cores = rows.sparkSession().sparkContext().defaultParallelism();
    return rows.toJavaRDD().getNumPartitions() < cores ? rows.repartition(cores) : rows;
  }

  private double accuracy(String features, Dataset<Row> learn, Dataset<Row> test) {
    classifier.setFeaturesCol(features).setLabelCol(LABEL);
    Dataset<Row> predicted =
        classifier.fit(learn.select(features, LABEL)).transform(test.select(features, LABEL));
    return new MulticlassClassificationEvaluator()
        .setLabelCol(LABEL)
        .setMetricName("accuracy")
        .evaluate(predicted);
  }

  private Dataset<Row> columns(Dataset<Row> encoded, String inputCol) {
    Column input = col(FeatureColumn.quote(inputCol));
    boolean array = encoded.schema().apply(inputCol).dataType() instanceof ArrayType;
    return encoded.select(
        (array ? functions.array_to_vector(input) : input).as(RAW),
        col(FeatureColumn.quote(model.getOutputCol())).as(CODE),
        label());
  }

  private Column label() {
    return col(FeatureColumn.quote(labelCol)).cast("double").as(LABEL);
  }
}
