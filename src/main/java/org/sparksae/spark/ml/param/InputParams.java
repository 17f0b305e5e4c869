package org.sparksae.spark.ml.param;

import java.util.List;
import org.apache.spark.ml.param.Param;

/** The columns that are read, and what becomes of rows that are not valid. */
public interface InputParams
    extends ParamGroup,
        SharedParams.Input,
        SharedParams.Validity,
        SharedParams.Weights,
        SharedParams.Validation {

  /**
   * Column of rows: Vector (dense or sparse) or array of numbers, at the top or as a field of
   * structs ({@code s.features}). What a float cannot hold is rounded.
   */
  @Override
  default Param<String> inputCol() {
    return paramSet()
        .text(
            "inputCol",
            "column of rows: Vector (dense or sparse), or array of float, double, tinyint, "
                + "smallint, int, bigint or decimal",
            Rule.text());
  }

  /** The value of {@link #inputCol()}. */
  @Override
  default String getInputCol() {
    return getOrDefault(inputCol());
  }

  /** What to do with a row that is null, of another size or not finite: error or skip. */
  @Override
  default Param<String> handleInvalid() {
    return paramSet()
        .text(
            "handleInvalid",
            "what to do with a row that is null, of another size or not finite: error ends "
                + "the job, skip leaves the row out",
            Rule.oneOf(List.of(Choices.ERROR, Choices.SKIP)),
            Choices.ERROR);
  }

  /** The value of {@link #handleInvalid()}. */
  @Override
  default String getHandleInvalid() {
    return getOrDefault(handleInvalid());
  }

  /** Column of row weights, 0 or more; empty for weight 1. */
  @Override
  default Param<String> weightCol() {
    return paramSet()
        .text(
            "weightCol",
            "column of row weights: 0, or within the range of normal floats, 1.2E-38 to "
                + "3.4E38; empty: all rows weigh 1",
            Rule.text(),
            "");
  }

  /** The value of {@link #weightCol()}. */
  @Override
  default String getWeightCol() {
    return getOrDefault(weightCol());
  }

  /** Boolean column: rows with true are for early stopping only; empty for none. */
  @Override
  default Param<String> validationIndicatorCol() {
    return paramSet()
        .text(
            "validationIndicatorCol",
            "boolean column: rows with true are for early stopping, not for training; "
                + "empty: none",
            Rule.text(),
            "");
  }

  /** The value of {@link #validationIndicatorCol()}. */
  @Override
  default String getValidationIndicatorCol() {
    return getOrDefault(validationIndicatorCol());
  }

  /**
   * Setters of estimator and model.
   *
   * @param <S> the stage's own class
   */
  interface Setters<S> extends InputParams {

    /** Sets {@link #inputCol()}. */
    default S setInputCol(String value) {
      return ParamSet.set(this, inputCol(), value);
    }

    /** Sets {@link #handleInvalid()}. */
    default S setHandleInvalid(String value) {
      return ParamSet.set(this, handleInvalid(), value);
    }
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends Setters<S> {

    /** Sets {@link #weightCol()}. */
    default S setWeightCol(String value) {
      return ParamSet.set(this, weightCol(), value);
    }

    /** Sets {@link #validationIndicatorCol()}. */
    default S setValidationIndicatorCol(String value) {
      return ParamSet.set(this, validationIndicatorCol(), value);
    }
  }
}
