package org.sparksae.core.report;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

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
  private static final int BACKGROUND = 255;

  private final float[] weights;
  private final int height;
  private final int width;
  private final int channels;
  private final int zoom;

  private FilterPicture(float[] weights, int[] imageShape, int zoom) {
    this.weights = weights;
    this.height = imageShape[0];
    this.width = imageShape[1];
    this.channels = imageShape.length == 3 ? imageShape[2] : 1;
    this.zoom = zoom;
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
    checkShapes(weights, units, imageShape);
    checkPositive("zoom", zoom);
    checkPositive("maximumUnits", maximumUnits);
    return new FilterPicture(weights, imageShape, zoom).draw(Math.min(units, maximumUnits));
  }

  /** Writes a picture as PNG. The stream is flushed, not closed. */
  public static void writePng(BufferedImage image, OutputStream out) throws IOException {
    // ImageIO's own stream would cache in a temporary file.
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      if (!ImageIO.write(image, "png", stream)) {
        throw new IOException("This Java platform has no PNG writer for " + image);
      }
    }
    out.flush();
  }

  private static void checkShapes(float[] weights, int units, int[] imageShape) {
    boolean known = imageShape.length == 2 || imageShape.length == 3;
    if (!known || (imageShape.length == 3 && imageShape[2] != 1 && imageShape[2] != 3)) {
      throw new IllegalArgumentException(
          "imageShape must be (height, width) or (height, width, channels) with 1 or 3 channels, got "
              + Arrays.toString(imageShape));
    }
    checkPositive("units", units);
    long product = units;
    for (int size : imageShape) {
      checkPositive("imageShape", size);
      // Beyond any array already: stop before it overflows.
      product = product <= Integer.MAX_VALUE ? product * size : product;
    }
    if (product != weights.length) {
      throw new IllegalArgumentException(
          "units times imageShape must be the number of weights, got units = "
              + units
              + ", imageShape = "
              + Arrays.toString(imageShape)
              + ", weights "
              + weights.length);
    }
  }

  private static void checkPositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }

  private BufferedImage draw(int count) {
    int columns = columns(count);
    int rows = (count + columns - 1) / columns;
    BufferedImage image =
        new BufferedImage(
            edge(columns, width),
            edge(rows, height),
            channels == 3 ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
    WritableRaster raster = image.getRaster();
    clear(raster);
    for (int unit = 0; unit < count; unit++) {
      int left = zoom + unit % columns * (width + 1) * zoom;
      int top = zoom + unit / columns * (height + 1) * zoom;
      drawTile(raster, unit, left, top);
    }
    return image;
  }

  /** As many columns as make the edges of the picture most nearly equal. */
  private int columns(int count) {
    double square = Math.sqrt((double) count * (height + 1) / (width + 1));
    return Math.max(1, Math.min(count, (int) Math.ceil(square)));
  }

  private int edge(int tiles, int size) {
    long pixels = (long) tiles * (size + 1L) + 1;
    if (pixels > Short.MAX_VALUE / zoom) {
      throw new IllegalArgumentException(
          "The picture must have edges of at most "
              + Short.MAX_VALUE
              + " pixels, got "
              + pixels
              + " * zoom "
              + zoom
              + ": lower zoom or maximumUnits");
    }
    return (int) pixels * zoom;
  }

  private void clear(WritableRaster raster) {
    int[] line = new int[raster.getWidth() * channels];
    Arrays.fill(line, BACKGROUND);
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.setPixels(0, y, raster.getWidth(), 1, line);
    }
  }

  private void drawTile(WritableRaster raster, int unit, int left, int top) {
    int first = unit * channels * height * width;
    float largest = largest(first, first + channels * height * width);
    for (int channel = 0; channel < channels; channel++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          float weight = weights[first + (channel * height + y) * width + x];
          drawPixel(raster, channel, left + x * zoom, top + y * zoom, shade(weight, largest));
        }
      }
    }
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

  private void drawPixel(WritableRaster raster, int channel, int left, int top, int shade) {
    for (int y = top; y < top + zoom; y++) {
      for (int x = left; x < left + zoom; x++) {
        raster.setSample(x, y, channel, shade);
      }
    }
  }
}
