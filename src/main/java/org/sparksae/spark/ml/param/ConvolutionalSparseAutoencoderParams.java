package org.sparksae.spark.ml.param;

import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.SpatialSparsity;

/**
 * The Params of {@code ConvolutionalSparseAutoencoder} and its model: those of every autoencoder,
 * and those of convolutions.
 */
public interface ConvolutionalSparseAutoencoderParams
    extends AutoencoderParams, ConvolutionParams, PoolingParams {

  /** The kind of code that is asked for; with {@code spatialSparsity}, of each map's winner. */
  @Override
  default CodeForm codeForm() {
    CodeForm form = AutoencoderParams.super.codeForm();
    return getSpatialSparsity() ? new SpatialSparsity(form) : form;
  }

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
