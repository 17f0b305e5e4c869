package org.sparksae.spark.ml.param;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.Padding;

/** The convolutions that Params describe; each takes the maps of the one before. */
final class ConvolutionBuilder {
  private ConvolutionBuilder() {}

  /**
   * Builds them.
   *
   * @throws IllegalArgumentException naming the layer, the Param, its value and the rule, if they
   *     do not fit
   */
  static List<Convolution> build(ConvolutionalSparseAutoencoderParams params) {
    ImageShape image = imageShape(params);
    requireSet(
        params.isDefined(params.filters()), "filters", "the maps of each layer, such as [32]");
    requireSet(
        params.isDefined(params.kernelSizes()),
        "kernelSizes",
        "rows and columns of each layer's windows, such as [5]");
    int[] filters = params.getFilters();
    Padding padding = Padding.parse("padding", params.getPadding());
    List<Convolution> convolutions = new ArrayList<>();
    for (int k = 0; k < filters.length; k++) {
      int kernel = entry("kernelSizes", params.getKernelSizes(), k, filters.length);
      int stride = entry("strides", params.getStrides(), k, filters.length);
      try {
        convolutions.add(new Convolution(image, filters[k], kernel, stride, padding));
      } catch (IllegalArgumentException refused) {
        throw new IllegalArgumentException(
            Text.format("hidden layer %d: %s", k + 1, refused.getMessage()), refused);
      }
      image = convolutions.get(k).output();
    }
    return convolutions;
  }

  private static ImageShape imageShape(ConvolutionalSparseAutoencoderParams params) {
    requireSet(
        params.isDefined(params.imageShape()),
        "imageShape",
        "[channels, height, width] of the rows, such as [1, 28, 28]");
    int[] shape = params.getImageShape();
    if (shape.length != 3) {
      throw new IllegalArgumentException(
          Text.format(
              "imageShape must be [channels, height, width], got %s; give three numbers, such as [1, 28, 28]",
              Arrays.toString(shape)));
    }
    return new ImageShape(shape[0], shape[1], shape[2]);
  }

  private static void requireSet(boolean isSet, String param, String what) {
    if (!isSet) {
      throw new IllegalArgumentException(Text.format("%s must be set: %s", param, what));
    }
  }

  /** Entry k of a list with one entry for each layer, or one for all. */
  private static int entry(String param, int[] values, int k, int depth) {
    if (values.length != 1 && values.length != depth) {
      throw new IllegalArgumentException(
          Text.format(
                  "%s must have 1 entry, or one for each of the %d hidden layers that filters names, got %s;",
                  param, depth, Arrays.toString(values))
              + " give as many as there are filters, or one for all");
    }
    return values[values.length == 1 ? 0 : k];
  }
}
