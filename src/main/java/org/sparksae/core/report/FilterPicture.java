package org.sparksae.core.report;

import java.awt.image.BufferedImage;
import org.sparksae.core.Text;
import org.sparksae.core.model.ImageShape;

/**
 * Draws learned filters as one picture. Tile i shows the input of unit length that excites unit i
 * most, {@code x_j = W_ij / sqrt(sum_j W_ij^2)} (Ng, CS294A, 2011), with {@code pixel = 128 +
 * round(127 x_j / max_j |x_j|)}.
 *
 * <p>Zero is mid-grey (128) in every tile and the norm cancels, so tiles show only the shape of a
 * filter. Tiles are drawn row by row on white, one input pixel apart. A weight that is NaN or
 * infinite is black (0) in its channel, which no finite weight is. A filter of zeros is mid-grey.
 * Three channels are drawn as red, green and blue.
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
   * @see #render(float[], int, ImageShape, int, int)
   */
  public static BufferedImage render(float[] weights, int units, ImageShape shape, int zoom) {
    return render(weights, units, shape, zoom, units);
  }

  /**
   * Draws the filters of the first units. The picture is about as wide as it is high.
   *
   * @param weights weights of the first layer, [units, channels * height * width], row-major
   * @param units number of filters, at least 1
   * @param shape shape of a filter, with 1 or 3 channels
   * @param zoom edge of an input pixel in the picture, at least 1
   * @param maximumUnits the most filters to draw, at least 1
   * @return 8-bit grey for one channel, 8-bit RGB for three
   * @throws IllegalArgumentException if the sizes do not match or the picture would be too large
   */
  public static BufferedImage render(
      float[] weights, int units, ImageShape shape, int zoom, int maximumUnits) {
    Tiles.requirePositive("units", units);
    Tiles.requirePositive("maximumUnits", maximumUnits);
    if ((long) units * shape.size() != weights.length) {
      throw new IllegalArgumentException(
          Text.format(
              "weights must have units * channels * height * width values, got %d with units = %d, imageShape = %s",
              weights.length, units, shape));
    }
    return new FilterPicture(weights, shape).draw(Math.min(units, maximumUnits), zoom);
  }

  private BufferedImage draw(int count, int zoom) {
    int columns = columns(count);
    int rows = (count + columns - 1) / columns;
    Tiles tiles = new Tiles(shape, columns, rows, zoom, "lower zoom or maximumUnits");
    int size = shape.size();
    for (int unit = 0; unit < count; unit++) {
      int first = unit * size;
      float largest = largest(first, first + size);
      tiles.draw(unit % columns, unit / columns, i -> shade(weights[first + i], largest));
    }
    return tiles.picture();
  }

  /** Returns the number of columns that makes the picture nearly square. */
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
