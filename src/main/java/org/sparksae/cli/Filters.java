package org.sparksae.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.sparksae.core.Text;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.report.FilterPicture;
import org.sparksae.core.report.Png;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoder;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoderModel;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** The picture of what the units of a layer look for: as large as a row, or as a kernel. */
final class Filters {
  private Filters() {}

  /**
   * Checks, before training, that such a picture can be drawn.
   *
   * @throws IllegalArgumentException if it is of a convolution that is not the first layer, or its
   *     image is another than the model's
   */
  static void check(Picture picture, AutoencoderEstimator<?, ?> estimator) {
    if (!(estimator instanceof ConvolutionalSparseAutoencoder convolutional)) {
      return;
    }
    if (picture.layer() > 1) {
      throw new IllegalArgumentException(
          Text.format(
              "picture.layer must be 1 with model.kind = convolutional, got %d: kernels of deeper layers are of maps, not of images; leave it out",
              picture.layer()));
    }
    int[] shape = picture.imageShape();
    int[] planes = {shape.length == 3 ? shape[2] : 1, shape[0], shape[1]};
    if (!Arrays.equals(planes, convolutional.getImageShape())) {
      throw new IllegalArgumentException(
          Text.format(
              "picture.imageShape %s ([height, width] or [height, width, channels]) is not that of model.imageShape, %s ([channels, height, width]); set both to the image that a row is",
              Arrays.toString(shape), Arrays.toString(convolutional.getImageShape())));
    }
  }

  /** Writes the picture as PNG. */
  static void write(AutoencoderModel<?> model, Picture picture, OutputStream out)
      throws IOException {
    if (model instanceof ConvolutionalSparseAutoencoderModel convolutional) {
      writeKernels(convolutional, picture, out);
      return;
    }
    SparseAutoencoderModel dense = (SparseAutoencoderModel) model;
    int layer = picture.layer();
    float[] filters =
        picture.byDecoder() ? dense.decoderFilters(layer) : dense.encoderFilters(layer);
    write(filters, model.spec().size(layer), picture.imageShape(), picture, out);
  }

  private static void writeKernels(
      ConvolutionalSparseAutoencoderModel model, Picture picture, OutputStream out)
      throws IOException {
    Convolution first = model.spec().hiddenLayers().get(0).convolution();
    int[] shape = {first.kernel(), first.kernel(), first.input().channels()};
    float[] kernels = picture.byDecoder() ? model.decoderFilters() : model.encoderFilters();
    write(kernels, first.filters(), shape, picture, out);
  }

  private static void write(
      float[] filters, int units, int[] shape, Picture picture, OutputStream out)
      throws IOException {
    Png.write(FilterPicture.render(filters, units, shape, picture.zoom(), picture.maxUnits()), out);
  }
}
