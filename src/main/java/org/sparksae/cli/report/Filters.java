package org.sparksae.cli.report;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.Picture;
import org.sparksae.core.Text;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.report.FilterPicture;
import org.sparksae.core.report.Png;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoder;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoderModel;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** Draws what the units of a layer look for, in the size of a row or of a kernel. */
public final class Filters {
  private Filters() {}

  /**
   * Checks, before training, that the picture can be drawn.
   *
   * @throws IllegalArgumentException if rows have another size than the picture's images, or the
   *     model is convolutional and the picture is of a deeper layer or another image shape
   */
  public static void check(
      Picture picture, AutoencoderEstimator<?, ?> estimator, InputTable input) {
    FeatureColumn drawn =
        picture.byDecoder() && estimator.hasTarget()
            ? FeatureColumn.of(input.rows(), "model.targetCol", estimator.getTargetCol())
            : FeatureColumn.of(input.rows(), "input.columns", input.column());
    if (picture.imageShape().size() != drawn.size()) {
      throw new IllegalArgumentException(
          Text.format(
              "picture.imageShape %s has %d values, but the rows of '%s' have %d",
              list(picture.imageShape()), picture.imageShape().size(), drawn.name(), drawn.size()));
    }
    if (estimator instanceof ConvolutionalSparseAutoencoder convolutional) {
      checkKernels(picture, convolutional);
    }
  }

  private static void checkKernels(Picture picture, ConvolutionalSparseAutoencoder estimator) {
    if (picture.layer() > 1) {
      throw new IllegalArgumentException(
          Text.format(
              "picture.layer must be 1 with model.kind = convolutional, got %d: kernels of deeper layers apply to maps, not to images; leave it out",
              picture.layer()));
    }
    String learned = Arrays.toString(estimator.getImageShape());
    if (!list(picture.imageShape()).equals(learned)) {
      throw new IllegalArgumentException(
          Text.format(
              "picture.imageShape %s is not model.imageShape %s; set both to the shape of an input row",
              list(picture.imageShape()), learned));
    }
  }

  /** In the notation of a job file. */
  private static String list(ImageShape shape) {
    return Text.format("[%d, %d, %d]", shape.channels(), shape.height(), shape.width());
  }

  /** Writes the picture as PNG. */
  public static void write(AutoencoderModel<?> model, Picture picture, OutputStream out)
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
    ImageShape shape = new ImageShape(first.input().channels(), first.kernel(), first.kernel());
    float[] kernels = picture.byDecoder() ? model.decoderFilters() : model.encoderFilters();
    write(kernels, first.filters(), shape, picture, out);
  }

  private static void write(
      float[] filters, int units, ImageShape shape, Picture picture, OutputStream out)
      throws IOException {
    Png.write(FilterPicture.render(filters, units, shape, picture.zoom(), picture.maxUnits()), out);
  }
}
