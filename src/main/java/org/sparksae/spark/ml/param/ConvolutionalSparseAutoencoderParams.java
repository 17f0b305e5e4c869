package org.sparksae.spark.ml.param;

/**
 * The Params of {@code ConvolutionalSparseAutoencoder} and its model: those of every autoencoder,
 * and those of convolutions.
 */
public interface ConvolutionalSparseAutoencoderParams
    extends AutoencoderParams, ConvolutionParams, PoolingParams {

  /**
   * Setters of estimator and model.
   *
   * @param <S> the stage's own class
   */
  interface Setters<S> extends ConvolutionalSparseAutoencoderParams, PoolingParams.Setters<S> {}

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends Setters<S>, ConvolutionParams.TrainingSetters<S> {}
}
