package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;

/** Outliers: rows whose reconstruction error is above a threshold. */
public interface OutlierParams extends ParamGroup {

  /**
   * Column that gets 1.0 for a row whose reconstruction error is above {@link #outlierThreshold()},
   * otherwise 0.0: a double, as MLlib's evaluators take predictions; empty for none.
   */
  default Param<String> outlierCol() {
    return paramSet()
        .text(
            "outlierCol",
            "column that gets 1.0 for a row whose reconstruction error is above "
                + "outlierThreshold, otherwise 0.0; empty: none",
            Rule.text(),
            "");
  }

  /** The value of {@link #outlierCol()}. */
  default String getOutlierCol() {
    return getOrDefault(outlierCol());
  }

  /**
   * Reconstruction error above which a row is an outlier, 0 or more. An estimator takes it in place
   * of {@link #contamination()}; on a model it is what fit made of that, or any other value.
   */
  default DoubleParam outlierThreshold() {
    return paramSet()
        .number(
            "outlierThreshold",
            "reconstruction error above which a row is an outlier; not set: fit takes it "
                + "from contamination",
            Rule.atLeastZero());
  }

  /** The value of {@link #outlierThreshold()}. */
  default double getOutlierThreshold() {
    return (Double) getOrDefault(outlierThreshold());
  }

  /**
   * Share of the training rows, by weight, that may be above {@link #outlierThreshold()}, in [0,
   * 0.5): fit sets the threshold accordingly; 0 for no threshold. Validation rows do not count.
   */
  default DoubleParam contamination() {
    return paramSet()
        .number(
            "contamination",
            "share of the training rows that may be above outlierThreshold, which fit sets "
                + "accordingly; 0: fit sets no threshold",
            Rule.below(0.5),
            0.0);
  }

  /** The value of {@link #contamination()}. */
  default double getContamination() {
    return (Double) getOrDefault(contamination());
  }

  /**
   * Setters of estimator and model.
   *
   * @param <S> the stage's own class
   */
  interface Setters<S> extends OutlierParams {

    /** Sets {@link #outlierCol()}. */
    default S setOutlierCol(String value) {
      return ParamSet.set(this, outlierCol(), value);
    }

    /** Sets {@link #outlierThreshold()}. */
    default S setOutlierThreshold(double value) {
      return ParamSet.set(this, outlierThreshold(), value);
    }
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends Setters<S> {

    /** Sets {@link #contamination()}. */
    default S setContamination(double value) {
      return ParamSet.set(this, contamination(), value);
    }
  }
}
