package org.sparksae.cli;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.job.Slots;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/**
 * What codes are worth to a classifier: the test accuracy of one of MLlib's linear classifiers
 * learned from raw rows, and of the same learned from their codes; and of a network that begins as
 * the encoder with that classifier on top, and learns all its weights from the labels; beside that
 * of always giving the most frequent label.
 */
final class Comparison {
  private static final String RAW = "raw";
  private static final String CODE = "code";
  private static final String LABEL = "label";

  private final AutoencoderModel<?> model;
  private final ClassifierKind kind;
  private final Estimator<?> classifier;
  private final Optional<MultilayerPerceptronClassifier> fineTuning;
  private final String labelCol;
  private final boolean withRaw;

  /**
   * Accuracies in [0, 1].
   *
   * @param trainingRows rows learned from
   * @param testRows rows tested on
   * @param majorityAccuracy of a classifier that always gives the label most rows learned from have
   * @param rawAccuracy empty if it was not asked for
   * @param fineTunedAccuracy likewise
   */
  record Result(
      ClassifierKind kind,
      long trainingRows,
      long testRows,
      int rawSize,
      int codeSize,
      double majorityAccuracy,
      OptionalDouble rawAccuracy,
      double codeAccuracy,
      OptionalDouble fineTunedAccuracy) {

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("classifier", kind.title());
      json.put("trainingRows", trainingRows);
      json.put("testRows", testRows);
      json.put("majorityAccuracy", majorityAccuracy);
      rawAccuracy.ifPresent(raw -> json.put("rawAccuracy", raw));
      json.put("codeAccuracy", codeAccuracy);
      rawAccuracy.ifPresent(raw -> json.put("difference", codeAccuracy - raw));
      fineTunedAccuracy.ifPresent(tuned -> json.put("fineTunedAccuracy", tuned));
      return json;
    }

    List<String> text() {
      List<String> lines = new ArrayList<>();
      lines.add(line("%s on %,d rows, tested on %,d", kind.title(), trainingRows, testRows));
      lines.add(line("  %-12s %8s  %8s", "learned from", "features", "accuracy"));
      lines.add(line("  %-12s %8s  %8.4f", "labels alone", "", majorityAccuracy));
      rawAccuracy.ifPresent(raw -> lines.add(line("  %-12s %8d  %8.4f", "raw rows", rawSize, raw)));
      lines.add(line("  %-12s %8d  %8.4f", "codes", codeSize, codeAccuracy));
      rawAccuracy.ifPresent(
          raw -> lines.add(line("  %-12s %8s  %+8.4f", "difference", "", codeAccuracy - raw)));
      fineTunedAccuracy.ifPresent(
          tuned -> lines.add(line("  %-12s %8d  %8.4f", "fine-tuned", rawSize, tuned)));
      return lines;
    }

    private static String line(String format, Object... values) {
      return Text.format(format, values);
    }
  }

  /**
   * A comparison, as a job asks for it.
   *
   * @param labelCol column of labels 0, 1, 2, ...
   * @throws IllegalArgumentException if there is no fine-tuning of such a model
   */
  Comparison(AutoencoderModel<?> model, JobConfig job, String labelCol) {
    this.model = model;
    this.kind = job.evaluate().kind();
    this.classifier = job.classifier();
    this.fineTuning = job.fineTuning();
    this.labelCol = labelCol;
    this.withRaw = job.evaluate().raw();
    if (fineTuning.isPresent()) {
      requireFineTuning();
    }
  }

  private void requireFineTuning() {
    try {
      if (!(model instanceof SparseAutoencoderModel dense)) {
        throw new IllegalArgumentException("it is of fully connected models");
      }
      dense.requireMultilayerPerceptron();
      if (dense.codeLayer() != dense.spec().depth()) {
        throw new IllegalArgumentException(
            "it begins with the codes of the last hidden layer; leave out model.outputLayer");
      }
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException("evaluate.fineTuning: " + refused.getMessage(), refused);
    }
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
          Text.format(
              "evaluate.labelCol: there is no column '%s' in %s; the columns are %s",
              labelCol, section, String.join(", ", schema.fieldNames())));
    }
    if (!(schema.apply(labelCol).dataType() instanceof NumericType)) {
      throw new IllegalArgumentException(
          Text.format(
              "evaluate.labelCol: column '%s' in %s must be numeric, but it is %s; MLlib's StringIndexer makes numbers of names",
              labelCol, section, schema.apply(labelCol).dataType().catalogString()));
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
          Text.format(
              "evaluate.labelCol: the labels in column '%s' of %s must be 0, 1, 2, ..., but there is %s",
              labelCol, section, wrong.get(0).get(0)));
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
    Model<?> ofCodes = learned(CODE, learn);
    return new Result(
        kind,
        learn.count(),
        test.count(),
        model.numFeatures(),
        model.outputSize(),
        majorityAccuracy(learn, test),
        withRaw
            ? OptionalDouble.of(accuracy(learned(RAW, learn), RAW, test))
            : OptionalDouble.empty(),
        accuracy(ofCodes, CODE, test),
        fineTuning.isPresent()
            ? OptionalDouble.of(accuracy(fineTuned(ofCodes, learn), RAW, test))
            : OptionalDouble.empty());
  }

  /** Of equally frequent labels the lowest. */
  private static double majorityAccuracy(Dataset<Row> learn, Dataset<Row> test) {
    double label =
        learn.groupBy(LABEL).count().sort(col("count").desc(), col(LABEL)).first().getDouble(0);
    return (double) test.filter(col(LABEL).equalTo(label)).count() / test.count();
  }

  /**
   * Equal work for every core: classifiers make hundreds of passes, and files may leave all rows to
   * one partition, however many there are (one row group of Parquet is never split).
   */
  private static Dataset<Row> spread(Dataset<Row> rows) {
    int slots = Slots.toFill(rows.sparkSession().sparkContext());
    return rows.repartition(Math.max(slots, rows.toJavaRDD().getNumPartitions()));
  }

  private Model<?> learned(String features, Dataset<Row> learn) {
    return learned(classifier, features, learn);
  }

  private static Model<?> learned(Estimator<?> by, String features, Dataset<Row> learn) {
    by.set("featuresCol", features);
    by.set("labelCol", LABEL);
    return by.fit(learn.select(features, LABEL));
  }

  private Model<?> fineTuned(Model<?> softmax, Dataset<Row> learn) {
    MultilayerPerceptronClassifier network =
        ((SparseAutoencoderModel) model).toMultilayerPerceptron((LogisticRegressionModel) softmax);
    MultilayerPerceptronClassifier settings = fineTuning.orElseThrow();
    for (Param<?> param : settings.params()) {
      settings.get(param).foreach(value -> network.set(param.name(), value));
    }
    return learned(network, RAW, learn);
  }

  private static double accuracy(Model<?> by, String features, Dataset<Row> test) {
    Dataset<Row> predicted = by.transform(test.select(features, LABEL));
    return new MulticlassClassificationEvaluator()
        .setLabelCol(LABEL)
        .setMetricName("accuracy")
        .evaluate(predicted);
  }

  private Dataset<Row> columns(Dataset<Row> encoded, String inputCol) {
    return encoded.select(
        CorruptedRows.vector(encoded, inputCol).as(RAW),
        col(FeatureColumn.quote(model.getOutputCol())).as(CODE),
        label());
  }

  private Column label() {
    return col(FeatureColumn.quote(labelCol)).cast("double").as(LABEL);
  }
}
