package org.sparksae.core.report;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * Learned filters as one picture: tile i shows the input of unit length that excites unit i most,
 * {@code x_j = W_ij / sqrt(sum_j W_ij^2)} (Ng, CS294A, 2011), on the scale {@code pixel = 128 +
 * round(127 x_j / max_j |x_j|)}.
 *
 * <p>Zero is mid-grey (128) in every tile, so tiles compare in shape; the norm cancels. Tiles stand
 * row by row on white, one input pixel apart. A weight that is NaN or infinite is black in its
 * channel (0), a value that no other weight gets; a filter of zeros is mid-grey. Three channels are
 * drawn as red, green and blue.
 */
public final class FilterPicture {
  private static final int MIDDLE = 128;
  private static final int RANGE = 127;
  private static final int NOT_A_NUMBER = 0;

  private final float[] weights;
  private final ImageShape shape;

  private FilterPicture(float[] weights, ImageShape shape) {
    this.weights = weights;
    this.shape = shape;
  }

  /**
   * Draws the filters of all units.
   *
   * @see #render(float[], int, int[], int, int)
   */
  public static BufferedImage render(float[] weights, int units, int[] imageShape, int zoom) {
    return render(weights, units, imageShape, zoom, units);
  }

  /**
   * Draws the filters of the first units. The picture is about as wide as high.
   *
   * @param weights of the first layer, [units, channels * height * width], row-major
   * @param units number of rows, at least 1
   * @param imageShape (height, width) or (height, width, channels), channels 1 or 3
   * @param zoom edge of an input pixel in the picture, at least 1
   * @param maximumUnits draw at most as many, at least 1
   * @return 8-bit grey for one channel, 8-bit RGB for three
   */
  public static BufferedImage render(
      float[] weights, int units, int[] imageShape, int zoom, int maximumUnits) {
    ImageShape shape = ImageShape.of(imageShape);
    checkWeights(weights, units, shape, imageShape);
    ImageShape.requirePositive("maximumUnits", maximumUnits);
    return new FilterPicture(weights, shape).draw(Math.min(units, maximumUnits), zoom);
  }

  private static void checkWeights(float[] weights, int units, ImageShape shape, int[] imageShape) {
    ImageShape.requirePositive("units", units);
    if (shape.values(units) != weights.length) {
      throw new IllegalArgumentException(
          "units times imageShape must be the number of weights, got units = "
              + units
              + ", imageShape = "
              + Arrays.toString(imageShape)
              + ", weights "
              + weights.length);
    }
  }

  private BufferedImage draw(int count, int zoom) {
    int columns = columns(count);
    int rows = (count + columns - 1) / columns;
    Tiles tiles = new Tiles(shape, columns, rows, zoom, "lower zoom or maximumUnits");
    int size = (int) shape.values(1);
    for (int unit = 0; unit < count; unit++) {
      int first = unit * size;
      float largest = largest(first, first + size);
      tiles.draw(unit % columns, unit / columns, i -> shade(weights[first + i], largest));
    }
    return tiles.picture();
  }

  /** As many columns as make the edges of the picture most nearly equal. */
  private int columns(int count) {
    double square = Math.sqrt((double) count * (shape.height() + 1) / (shape.width() + 1));
    return Math.max(1, Math.min(count, (int) Math.ceil(square)));
  }

  private float largest(int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      float magnitude = Math.abs(weights[i]);
      if (magnitude > largest && magnitude <= Float.MAX_VALUE) {
        largest = magnitude;
      }
    }
    return largest;
  }

  private static int shade(float weight, float largest) {
    if (!Float.isFinite(weight)) {
      return NOT_A_NUMBER;
    }
    return largest == 0 ? MIDDLE : MIDDLE + (int) Math.rint(RANGE * ((double) weight / largest));
  }
}
