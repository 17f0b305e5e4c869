package org.sparksae.examples;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import scala.Tuple2;

/**
 * How well a score separates outliers from inliers, by MLlib's BinaryClassificationMetrics.
 *
 * @param auroc area under the ROC curve: how often a random outlier scores higher than a random
 *     inlier; 0.5 by chance
 * @param auprc area under the curve of precision over recall, with outliers as positives; by chance
 *     it is the share of outliers
 */
record Ranking(double auroc, double auprc) {

  /**
   * Measures a score.
   *
   * @param scores pairs of a row's score and 1.0 for an outlier, 0.0 for an inlier
   */
  static Ranking of(JavaRDD<Tuple2<Object, Object>> scores) {
    // No bins: every score counts.
    BinaryClassificationMetrics metrics = new BinaryClassificationMetrics(scores.rdd(), 0);
    try {
      return new Ranking(metrics.areaUnderROC(), metrics.areaUnderPR());
    } finally {
      metrics.unpersist();
    }
  }
}
