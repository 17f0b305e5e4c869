package org.sparksae.examples;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.sparksae.cli.job.InputTable;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;
import scala.Tuple2;

/**
 * Learns one class and finds the rows of all others by their reconstruction error: that of an
 * autoencoder, trained with each seed, and that of principal components.
 */
final class AnomalyExperiment {
  private static final String ROW = "row";
  private static final String OUTLIER = "isOutlier";
  private static final String SCORE = "score";
  private static final String FLAG = "flag";

  private final AutoencoderEstimator<?, ?> estimator;
  private final AnomalySettings settings;

  /**
   * The result of learning one class.
   *
   * @param label the class
   * @param rows number of its training rows
   * @param outlierShare share of outliers in the test rows, which is the AUPRC by chance
   * @param autoencoder ranking by the autoencoder of each seed
   * @param flagged for each seed, the flagged shares of the class's own test rows and of the other
   *     test rows; empty without contamination
   * @param components ranking by each number of components
   */
  record Result(
      double label,
      long rows,
      double outlierShare,
      List<Ranking> autoencoder,
      List<double[]> flagged,
      List<Ranking> components) {}

  /**
   * Prepares an experiment.
   *
   * @param estimator the estimator with its Params; its columns are set here
   */
  AnomalyExperiment(AutoencoderEstimator<?, ?> estimator, AnomalySettings settings) {
    this.estimator =
        estimator
            .setInputCol(ROW)
            .setOutputCol("")
            .setReconstructionCol("")
            .setReconstructionErrorCol(SCORE);
    boolean flags =
        estimator.getContamination() > 0 || estimator.isDefined(estimator.outlierThreshold());
    estimator.setOutlierCol(flags ? FLAG : "");
    this.settings = settings;
  }

  /** All classes in a table, in ascending order. */
  static double[] classes(InputTable table, String labelCol) {
    Column label = col(FeatureColumn.quote(labelCol)).cast("double");
    return table.rows().select(label).distinct().collectAsList().stream()
        .mapToDouble(row -> row.getDouble(0))
        .sorted()
        .toArray();
  }

  /** Learns one class. */
  Result run(double label, InputTable training, InputTable test) {
    Dataset<Row> inliers = rows(training, label).filter(col(OUTLIER).equalTo(0)).select(ROW);
    Dataset<Row> tested = rows(test, label);
    inliers.persist(StorageLevel.MEMORY_AND_DISK());
    tested.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<Ranking> autoencoder = new ArrayList<>();
      List<double[]> flagged = new ArrayList<>();
      for (long seed : settings.seeds()) {
        AutoencoderModel<?> model = estimator.setSeed(seed).fit(inliers);
        Dataset<Row> scored = model.transform(tested);
        autoencoder.add(ranking(scored, col(SCORE)));
        if (!model.getOutlierCol().isEmpty()) {
          flagged.add(new double[] {flagged(scored, 0), flagged(scored, 1)});
        }
      }
      return new Result(
          label,
          inliers.count(),
          outlierShare(tested),
          autoencoder,
          flagged,
          compared(inliers, tested));
    } finally {
      inliers.unpersist();
      tested.unpersist();
    }
  }

  /** Rows as vectors, each with 1.0 if its class is not {@code label}, else 0.0. */
  private Dataset<Row> rows(InputTable table, double label) {
    Column own = col(FeatureColumn.quote(settings.labelCol())).cast("double").equalTo(label);
    return table
        .rows()
        .select(
            InputTable.vectors(table.rows(), table.column()).as(ROW),
            when(own, lit(0.0)).otherwise(lit(1.0)).as(OUTLIER));
  }

  private List<Ranking> compared(Dataset<Row> inliers, Dataset<Row> tested) {
    int[] counts = settings.components();
    if (counts.length == 0) {
      return List.of();
    }
    int most = Arrays.stream(counts).max().getAsInt();
    PrincipalComponents learned = PrincipalComponents.of(inliers, ROW, most);
    UDF1<Vector, double[]> errors = row -> learned.errors(row.toArray(), counts);
    Dataset<Row> scored =
        tested.withColumn(
            SCORE, udf(errors, DataTypes.createArrayType(DataTypes.DoubleType)).apply(col(ROW)));
    List<Ranking> rankings = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      rankings.add(ranking(scored, col(SCORE).getItem(i)));
    }
    return rankings;
  }

  private static Ranking ranking(Dataset<Row> scored, Column score) {
    JavaRDD<Tuple2<Object, Object>> pairs =
        scored
            .select(score, col(OUTLIER))
            .javaRDD()
            .map(row -> new Tuple2<>(row.getDouble(0), row.getDouble(1)));
    return Ranking.of(pairs);
  }

  /** Share of the inliers (0) or outliers (1) that are flagged. */
  private static double flagged(Dataset<Row> scored, double outlier) {
    Row mean = scored.filter(col(OUTLIER).equalTo(outlier)).select(avg(col(FLAG))).head();
    return mean.isNullAt(0) ? Double.NaN : mean.getDouble(0);
  }

  private static double outlierShare(Dataset<Row> tested) {
    return tested.select(avg(col(OUTLIER))).head().getDouble(0);
  }
}
