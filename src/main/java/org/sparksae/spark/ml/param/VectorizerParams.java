package org.sparksae.spark.ml.param;

import java.util.List;
import org.apache.spark.ml.param.Param;

/**
 * The Params of a stage that makes Vectors, and can leave out rows that make none.
 *
 * @param <S> the stage's own class
 */
public interface VectorizerParams<S> extends ColumnParams<S>, SharedParams.Validity {

  /**
   * Declares {@link #handleInvalid()}.
   *
   * @param invalid when a row is not valid, such as "is null"
   */
  static Param<String> handleInvalid(ParamSet params, String invalid) {
    return params.text(
        "handleInvalid",
        "what to do with a row that " + invalid + ": error ends the job, skip leaves the row out",
        Rule.oneOf(List.of(Choices.ERROR, Choices.SKIP)),
        Choices.ERROR);
  }

  /** The value of {@link #handleInvalid()}. */
  @Override
  default String getHandleInvalid() {
    return getOrDefault(handleInvalid());
  }

  /** Sets {@link #handleInvalid()}. */
  default S setHandleInvalid(String value) {
    return ParamSet.set(this, handleInvalid(), value);
  }
}
