package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The Params of outliers: rows whose reconstruction error is above a threshold. */
public interface OutlierParams extends Params {

  /** The Param objects of this instance; built after the uid. */
  AutoencoderParamSet paramSet();

  /**
   * Share of the training rows, by weight, that may be beyond {@link #outlierThreshold()}, in [0,
   * 0.5): fit sets the threshold so; 0 for no threshold. Validation rows do not count.
   */
  default DoubleParam contamination() {
    return paramSet().contamination;
  }

  /**
   * Reconstruction error above which a row is an outlier, 0 or more; on an estimator in place of
   * {@link #contamination()}, on a model what fit made of that, or any other.
   */
  default DoubleParam outlierThreshold() {
    return paramSet().outlierThreshold;
  }

  /**
   * Column that gets 1.0 for a row whose reconstruction error is above {@link #outlierThreshold()},
   * and else 0.0: a double, as MLlib's evaluators take predictions; empty for none.
   */
  default Param<String> outlierCol() {
    return paramSet().outlierCol;
  }

  /** The value of {@link #contamination()}. */
  default double getContamination() {
    return (Double) getOrDefault(contamination());
  }

  /** The value of {@link #outlierThreshold()}. */
  default double getOutlierThreshold() {
    return (Double) getOrDefault(outlierThreshold());
  }

  /** The value of {@link #outlierCol()}. */
  default String getOutlierCol() {
    return getOrDefault(outlierCol());
  }
}
