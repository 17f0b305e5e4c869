package org.sparksae.spark.ml.fit;

import org.sparksae.core.Text;
import org.sparksae.spark.ml.param.OutlierParams;

/** The threshold beyond which rows are outliers. */
public final class Outliers {
  private Outliers() {}

  /**
   * Checks that there is a threshold where there is a column, and not two.
   *
   * @throws IllegalArgumentException naming the Params and the remedy
   */
  public static void checkForFit(OutlierParams estimator) {
    boolean isGiven = estimator.isDefined(estimator.outlierThreshold());
    if (isGiven && estimator.getContamination() > 0) {
      throw new IllegalArgumentException(
          Text.format(
              "outlierThreshold = %s and contamination = %s both say which rows are outliers; clear one of them",
              estimator.getOutlierThreshold(), estimator.getContamination()));
    }
    if (!estimator.getOutlierCol().isEmpty() && !isGiven && estimator.getContamination() == 0) {
      throw new IllegalArgumentException(
          Text.format(
              "outlierCol '%s' needs a threshold: set contamination, the share of the training rows beyond it, such as 0.01, or outlierThreshold",
              estimator.getOutlierCol()));
    }
  }

  /**
   * The same for a model.
   *
   * @throws IllegalArgumentException naming the Params and the remedy
   */
  public static void checkForTransform(OutlierParams model) {
    if (!model.getOutlierCol().isEmpty() && !model.isDefined(model.outlierThreshold())) {
      throw new IllegalArgumentException(
          Text.format(
              "outlierCol '%s' needs a threshold, but this model was trained with contamination = 0: set outlierThreshold, or train with contamination",
              model.getOutlierCol()));
    }
  }
}
