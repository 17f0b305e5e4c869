package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;

/** What a transcoder predicts in place of its input. */
public interface TargetParams extends ParamGroup {

  /**
   * Column of the rows to predict, of the types of {@code inputCol} and of any size; empty for an
   * autoencoder, which reconstructs its input. The code is that of the input; everything that
   * compares the reconstruction, such as the objective and the error, compares it with this column.
   * For one fully connected hidden layer; excludes {@code tiedWeights}. The pre-bias is then a
   * vector of its own.
   */
  default Param<String> targetCol() {
    return paramSet()
        .text(
            "targetCol",
            "column of the rows that the decoder predicts (transcoder), Vector or array of "
                + "numbers; for one fully connected layer; empty: inputCol",
            Rule.text(),
            "");
  }

  /** The value of {@link #targetCol()}. */
  default String getTargetCol() {
    return getOrDefault(targetCol());
  }

  /** Whether this is a transcoder. */
  default boolean hasTarget() {
    return !getTargetCol().isEmpty();
  }

  /**
   * Whether the input also enters the prediction directly, by a matrix that starts at 0 and has
   * neither weight decay nor penalty. Needs {@code targetCol}.
   */
  default BooleanParam skipConnection() {
    return paramSet()
        .flag(
            "skipConnection",
            "whether the input also enters the prediction directly, by a matrix of its own, "
                + "without weight decay; needs targetCol",
            false);
  }

  /** The value of {@link #skipConnection()}. */
  default boolean getSkipConnection() {
    return (Boolean) getOrDefault(skipConnection());
  }

  /**
   * Setters of estimator and model.
   *
   * @param <S> the stage's own class
   */
  interface Setters<S> extends TargetParams {

    /** Sets {@link #targetCol()}. */
    default S setTargetCol(String value) {
      return ParamSet.set(this, targetCol(), value);
    }
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends Setters<S> {

    /** Sets {@link #skipConnection()}. */
    default S setSkipConnection(boolean value) {
      return ParamSet.set(this, skipConnection(), value);
    }
  }
}
