package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.model.Padding;

/** The shape of convolutions, and their winner-take-all codes. */
public interface ConvolutionParams extends ParamGroup {

  /** [channels, height, width] of the image that a row is, flattened in that order. */
  default IntArrayParam imageShape() {
    return paramSet()
        .integers(
            "imageShape",
            "[channels, height, width] of the image that a row is, flattened in that order",
            Rule.sizes());
  }

  /** The value of {@link #imageShape()}. */
  default int[] getImageShape() {
    return getOrDefault(imageShape());
  }

  /** Maps of each hidden layer, from the input inwards; those of the last are the code. */
  default IntArrayParam filters() {
    return paramSet()
        .integers(
            "filters",
            "maps of each hidden layer, from the input inwards; those of the last are the "
                + "code",
            Rule.sizes());
  }

  /** The value of {@link #filters()}. */
  default int[] getFilters() {
    return getOrDefault(filters());
  }

  /** Rows and columns of the windows of each hidden layer, or one for all. */
  default IntArrayParam kernelSizes() {
    return paramSet()
        .integers(
            "kernelSizes",
            "edge of each hidden layer's square kernel, or one for all",
            Rule.sizes());
  }

  /** The value of {@link #kernelSizes()}. */
  default int[] getKernelSizes() {
    return getOrDefault(kernelSizes());
  }

  /**
   * Rows and columns from one window to the next, of each hidden layer, or one for all; at most the
   * kernel. A stride that would leave out pixels is refused.
   */
  default IntArrayParam strides() {
    return paramSet()
        .integers(
            "strides",
            "rows and columns from one window to the next, of each hidden layer, or one for "
                + "all; at most the kernel; a stride that would leave out pixels is refused",
            Rule.sizes(),
            new int[] {1});
  }

  /** The value of {@link #strides()}. */
  default int[] getStrides() {
    return getOrDefault(strides());
  }

  /** What is done at the border: valid (nothing) or same (zeros around the image). */
  default Param<String> padding() {
    return paramSet()
        .text(
            "padding",
            "what is done at the border of an image: valid adds nothing, same adds zeros, "
                + "so that a stride of 1 keeps the size",
            Rule.oneOf(Padding.values(), Padding::paramName),
            Padding.SAME.paramName());
  }

  /** The value of {@link #padding()}. */
  default String getPadding() {
    return getOrDefault(padding());
  }

  /**
   * Spatial winner-take-all (Makhzani and Frey 2015): whether each map of an image keeps only its
   * largest activation in training. The code of {@code transform} is the plain activation; its
   * reconstruction uses the largest activations, as training does.
   */
  default BooleanParam spatialSparsity() {
    return paramSet()
        .flag(
            "spatialSparsity",
            "whether each map of an image keeps only its largest activation in training",
            false);
  }

  /** The value of {@link #spatialSparsity()}. */
  default boolean getSpatialSparsity() {
    return (Boolean) getOrDefault(spatialSparsity());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends ConvolutionParams {

    /** Sets {@link #imageShape()}. */
    default S setImageShape(int... value) {
      return ParamSet.set(this, imageShape(), value);
    }

    /** Sets {@link #filters()}. */
    default S setFilters(int... value) {
      return ParamSet.set(this, filters(), value);
    }

    /** Sets {@link #kernelSizes()}. */
    default S setKernelSizes(int... value) {
      return ParamSet.set(this, kernelSizes(), value);
    }

    /** Sets {@link #strides()}. */
    default S setStrides(int... value) {
      return ParamSet.set(this, strides(), value);
    }

    /** Sets {@link #padding()}. */
    default S setPadding(String value) {
      return ParamSet.set(this, padding(), value);
    }

    /** Sets {@link #spatialSparsity()}. */
    default S setSpatialSparsity(boolean value) {
      return ParamSet.set(this, spatialSparsity(), value);
    }
  }
}
