package org.sparksae.spark.ml.param;

import java.util.Optional;
import org.apache.spark.ml.param.DoubleParam;
import org.sparksae.core.model.BatchTopK;
import org.sparksae.core.model.CodeForm;

/** BatchTopK: the activations of a whole batch compete (Bussmann, Leask and Nanda 2024). */
public interface BatchTopKParams extends ParamGroup {

  /**
   * Mean number of units that a row keeps in training; it may be fractional. The {@code
   * round(batchTopK N)} largest activations of a batch of N rows stay, on all workers together, and
   * the others become 0; activations equal to the last of them stay too. Not set: all stay. With
   * it, {@code activation} is relu, {@code sparsity} none, {@code solver} adam, {@code preBias}
   * mean, {@code initMode} tied, {@code decoderNorm} unit, {@code inputNorm} sqrtSize and {@code
   * regParam} 0 where they are not set. For one fully connected hidden layer. {@code transform} and
   * the summary's statistics keep the activations of a row above a threshold, the running mean of
   * the smallest activation that each batch kept; validation rows compete like a batch.
   */
  default DoubleParam batchTopK() {
    return paramSet()
        .number(
            "batchTopK",
            "mean number of units that a row keeps in training, where the activations of a whole "
                + "batch compete; may be fractional; excludes k; not set: all are kept",
            Rule.positive());
  }

  /** The value of {@link #batchTopK()}. */
  default double getBatchTopK() {
    return (Double) getOrDefault(batchTopK());
  }

  /** The kind of code that these Params ask for, if they do. */
  default Optional<CodeForm> batchTopKForm() {
    return isDefined(batchTopK()) ? Optional.of(new BatchTopK(getBatchTopK())) : Optional.empty();
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends BatchTopKParams {

    /** Sets {@link #batchTopK()}. */
    default S setBatchTopK(double value) {
      return ParamSet.set(this, batchTopK(), value);
    }
  }
}
