package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.IntArrayParam;

/**
 * The Params of {@code SparseAutoencoder} and {@code SparseAutoencoderModel}: those of every
 * autoencoder, and the sizes of fully connected layers.
 */
public interface SparseAutoencoderParams extends AutoencoderParams {

  @Override
  SparseAutoencoderParamSet paramSet();

  /** Units of each hidden layer of the encoder, from the input inwards; the last is the code. */
  default IntArrayParam hiddenLayers() {
    return paramSet().hiddenLayers;
  }

  /** The value of {@link #hiddenLayers()}. */
  default int[] getHiddenLayers() {
    return getOrDefault(hiddenLayers());
  }
}
