package org.sparksae.cli.report;

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
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.sparksae.cli.job.ClassifierKind;
import org.sparksae.cli.job.ComparisonSettings;
import org.sparksae.cli.job.InputTable;
import org.sparksae.core.Text;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.job.Slots;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/**
 * Measures what codes are worth to a classifier: the test accuracy of one of MLlib's linear
 * classifiers trained on raw rows, and of the same classifier trained on their codes. If the job
 * asks for fine-tuning, also that of a network that starts as the encoder with that classifier on
 * top and learns all its weights from the labels. Always predicting the most frequent label is the
 * baseline.
 */
public final class Comparison {
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
   * @param trainingRows number of rows to learn from
   * @param testRows number of rows to test on
   * @param majorityAccuracy accuracy of always predicting the most frequent training label
   * @param rawAccuracy empty if the job does not ask for it
   * @param fineTunedAccuracy empty if the job does not ask for it
   */
  public record Result(
      ClassifierKind kind,
      long trainingRows,
      long testRows,
      int rawSize,
      int codeSize,
      double majorityAccuracy,
      OptionalDouble rawAccuracy,
      double codeAccuracy,
      OptionalDouble fineTunedAccuracy) {

    /** For a file. */
    public Map<String, Object> json() {
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

    /** For a person. */
    public List<String> text() {
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
   * A comparison by a job's settings.
   *
   * @param labelCol column of labels 0, 1, 2, ...
   * @throws IllegalArgumentException if the job asks to fine-tune a model that cannot be
   */
  public Comparison(AutoencoderModel<?> model, ComparisonSettings settings, String labelCol) {
    this.model = model;
    this.kind = settings.kind();
    this.classifier = settings.classifier();
    this.fineTuning = settings.fineTuning();
    this.labelCol = labelCol;
    this.withRaw = settings.raw();
    if (fineTuning.isPresent()) {
      requireFineTuning();
    }
  }

  private void requireFineTuning() {
    try {
      if (!(model instanceof SparseAutoencoderModel dense)) {
        throw new IllegalArgumentException("only fully connected models can be fine-tuned");
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
   * Checks all labels, which is quick compared with learning.
   *
   * @param section the rows' section in the job file, for messages
   * @throws IllegalArgumentException if the column is missing, or a label is not 0, 1, 2, ...
   */
  public void check(InputTable table, String section) {
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
              "evaluate.labelCol: column '%s' in %s must be numeric, but it is %s; MLlib's StringIndexer turns names into numbers",
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
   * Trains the classifiers and tests them.
   *
   * @param training rows to learn from
   * @param encodedTest rows to test on, transformed by the model
   * @param testColumn the input column of the test rows
   */
  public Result run(InputTable training, Dataset<Row> encodedTest, String testColumn) {
    Dataset<Row> learn =
        columns(
            model
                .copy(ParamMap.empty())
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

  /** Among equally frequent labels the lowest counts. */
  private static double majorityAccuracy(Dataset<Row> learn, Dataset<Row> test) {
    double label =
        learn.groupBy(LABEL).count().sort(col("count").desc(), col(LABEL)).first().getDouble(0);
    return (double) test.filter(col(LABEL).equalTo(label)).count() / test.count();
  }

  /**
   * Gives every core equal work: classifiers make hundreds of passes, and files may put all rows
   * into one partition, whatever their number (Spark never splits a row group of Parquet).
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
        InputTable.vectors(encoded, inputCol).as(RAW),
        col(FeatureColumn.quote(model.getOutputCol())).as(CODE),
        label());
  }

  private Column label() {
    return col(FeatureColumn.quote(labelCol)).cast("double").as(LABEL);
  }
}
