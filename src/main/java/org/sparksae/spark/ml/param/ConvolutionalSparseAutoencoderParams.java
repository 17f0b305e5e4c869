package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * The Params of {@code ConvolutionalSparseAutoencoder} and its model: those of every autoencoder,
 * and the shape of convolutions.
 */
public interface ConvolutionalSparseAutoencoderParams extends AutoencoderParams {

  @Override
  ConvolutionalSparseAutoencoderParamSet paramSet();

  /** [channels, height, width] of the image that a row is, flattened in that order. */
  default IntArrayParam imageShape() {
    return paramSet().imageShape;
  }

  /** Maps of each hidden layer, from the input inwards; those of the last are the code. */
  default IntArrayParam filters() {
    return paramSet().filters;
  }

  /** Rows and columns of the windows of each hidden layer, or one for all. */
  default IntArrayParam kernelSizes() {
    return paramSet().kernelSizes;
  }

  /**
   * Rows and columns from one window to the next, of each hidden layer, or one for all; at most the
   * kernel. A stride that would leave out pixels is refused.
   */
  default IntArrayParam strides() {
    return paramSet().strides;
  }

  /** What is done at the border: valid (nothing), or same (zeros around the image). */
  default Param<String> padding() {
    return paramSet().padding;
  }

  /**
   * Spatial winner-take-all (Makhzani and Frey 2015): whether in training each map of an image
   * keeps its largest activation alone. The code of transform is the plain activation; what it
   * reconstructs by is the largest ones, as in training.
   */
  default BooleanParam spatialSparsity() {
    return paramSet().spatialSparsity;
  }

  /**
   * What outputCol gets of the maps: all of them (none), or of each window the largest value (max)
   * or the mean (average). Of transform alone: training, the reconstruction and the summary are of
   * all of the maps.
   */
  default Param<String> pooling() {
    return paramSet().pooling;
  }

  /** Rows and columns of the windows of {@link #pooling()}, at most those of a map. */
  default IntParam poolSize() {
    return paramSet().poolSize;
  }

  /**
   * Rows and columns from one window of {@link #pooling()} to the next, at most poolSize; not set:
   * poolSize. A stride that would leave out values is refused.
   */
  default IntParam poolStride() {
    return paramSet().poolStride;
  }

  /** The value of {@link #imageShape()}. */
  default int[] getImageShape() {
    return getOrDefault(imageShape());
  }

  /** The value of {@link #filters()}. */
  default int[] getFilters() {
    return getOrDefault(filters());
  }

  /** The value of {@link #kernelSizes()}. */
  default int[] getKernelSizes() {
    return getOrDefault(kernelSizes());
  }

  /** The value of {@link #strides()}. */
  default int[] getStrides() {
    return getOrDefault(strides());
  }

  /** The value of {@link #padding()}. */
  default String getPadding() {
    return getOrDefault(padding());
  }

  /** The value of {@link #pooling()}. */
  default String getPooling() {
    return getOrDefault(pooling());
  }

  /** The value of {@link #poolSize()}. */
  default int getPoolSize() {
    return (Integer) getOrDefault(poolSize());
  }

  /** The value of {@link #poolStride()}. */
  default int getPoolStride() {
    return (Integer) getOrDefault(poolStride());
  }

  /** The value of {@link #spatialSparsity()}. */
  default boolean getSpatialSparsity() {
    return (Boolean) getOrDefault(spatialSparsity());
  }
}
