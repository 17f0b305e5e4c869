package org.sparksae.cli;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import scala.Tuple2;

/**
 * How well a score tells outliers from inliers, by MLlib's BinaryClassificationMetrics.
 *
 * @param auroc area under the ROC curve: of an outlier and an inlier, how often the outlier's score
 *     is higher; 0.5 by chance
 * @param auprc area under the curve of precision over recall, outliers being positive; their share
 *     of the rows by chance
 */
record Ranking(double auroc, double auprc) {

  /**
   * Measures.
   *
   * @param scores score, and 1.0 for an outlier or else 0.0
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
