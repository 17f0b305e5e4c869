package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.IntArrayParam;

/**
 * The Params of {@code SparseAutoencoder} and its model: those of every autoencoder, and the sizes
 * of fully connected layers.
 */
public interface SparseAutoencoderParams extends AutoencoderParams {

  /** Units of each hidden layer of the encoder, from the input inwards; the last is the code. */
  default IntArrayParam hiddenLayers() {
    return paramSet()
        .integers(
            "hiddenLayers",
            "units of each hidden layer of the encoder, from the input inwards; the last is "
                + "the code",
            Rule.sizes());
  }

  /** The value of {@link #hiddenLayers()}. */
  default int[] getHiddenLayers() {
    return getOrDefault(hiddenLayers());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends SparseAutoencoderParams {

    /** Sets {@link #hiddenLayers()}. */
    default S setHiddenLayers(int... value) {
      return ParamSet.set(this, hiddenLayers(), value);
    }
  }
}
