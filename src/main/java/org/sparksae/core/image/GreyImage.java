package org.sparksae.core.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The luminance of a photograph, [height, width] row-major, black 0 and white 1: {@code Y = 0.299 R
 * + 0.587 G + 0.114 B} of the values as stored (ITU-R BT.601), which for JPEG is the Y of the file.
 */
public final class GreyImage {
  private static final double RED = 0.299;
  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;
  private static final double WHITE = 255;

  private final int height;
  private final int width;
  private final float[] values;

  private GreyImage(int height, int width, float[] values) {
    this.height = height;
    this.width = width;
    this.values = values;
  }

  /**
   * Decodes JPEG, PNG, GIF or BMP.
   *
   * @param in the file; not closed
   * @throws IOException if it is damaged, or of a form that the Java platform does not read
   */
  public static GreyImage read(InputStream in) throws IOException {
    // ImageIO's own stream would cache in a temporary file.
    try (ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
      ImageReader reader = reader(stream);
      try {
        return of(reader.read(0));
      } catch (RuntimeException damaged) {
        throw new IOException("the image is damaged: " + damaged.getMessage(), damaged);
      } finally {
        reader.dispose();
      }
    }
  }

  private static ImageReader reader(ImageInputStream stream) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
    if (!readers.hasNext()) {
      throw new IOException("it is no image that Java reads: JPEG, PNG, GIF and BMP are");
    }
    ImageReader reader = readers.next();
    reader.setInput(stream, true, true);
    return reader;
  }

  private static GreyImage of(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    float[] values = new float[Math.multiplyExact(height, width)];
    boolean grey =
        image.getRaster().getNumBands() == 1 && image.getColorModel().getNumComponents() == 1;
    for (int y = 0; y < height; y++) {
      if (grey) {
        readGrey(image.getRaster(), y, values);
      } else {
        readColour(image, y, values);
      }
    }
    return new GreyImage(height, width, values);
  }

  /** By the raster: getRGB would take the values of a grey picture for linear light. */
  private static void readGrey(Raster raster, int y, float[] values) {
    int[] line = raster.getSamples(0, y, raster.getWidth(), 1, 0, (int[]) null);
    int bits = raster.getSampleModel().getSampleSize(0);
    double white = (1L << bits) - 1.0;
    for (int x = 0; x < line.length; x++) {
      values[y * line.length + x] = (float) (line[x] / white);
    }
  }

  private static void readColour(BufferedImage image, int y, float[] values) {
    int[] line = image.getRGB(0, y, image.getWidth(), 1, null, 0, image.getWidth());
    for (int x = 0; x < line.length; x++) {
      double luminance =
          RED * (line[x] >> 16 & 0xff) + GREEN * (line[x] >> 8 & 0xff) + BLUE * (line[x] & 0xff);
      values[y * line.length + x] = (float) (luminance / WHITE);
    }
  }

  /** An image of given values, [height, width] row-major; shared. */
  static GreyImage of(int height, int width, float[] values) {
    return new GreyImage(height, width, values);
  }

  /** Rows of pixels. */
  public int height() {
    return height;
  }

  /** Pixels of a row. */
  public int width() {
    return width;
  }

  /** The value at row y, column x. */
  public float at(int y, int x) {
    return values[y * width + x];
  }

  /**
   * The image with no edge longer than wanted, by the mean of squares of pixels, the smallest that
   * do; what is left of a square at the right and the bottom is cut off. The same image if it is
   * small enough.
   *
   * @param longestEdge pixels, 1 or more
   */
  public GreyImage reduced(int longestEdge) {
    int longest = Math.max(height, width);
    int square = Math.max(1, (longest - 1) / longestEdge + 1);
    if (square == 1) {
      return this;
    }
    int rows = Math.max(1, height / square);
    int columns = Math.max(1, width / square);
    float[] means = new float[rows * columns];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        means[y * columns + x] = mean(y * square, x * square, square);
      }
    }
    return new GreyImage(rows, columns, means);
  }

  private float mean(int top, int left, int square) {
    int bottom = Math.min(height, top + square);
    int right = Math.min(width, left + square);
    double sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += at(y, x);
      }
    }
    return (float) (sum / ((bottom - top) * (right - left)));
  }

  /**
   * A square of the image, [size * size] row-major.
   *
   * @throws IllegalArgumentException if it is not within the image
   */
  public float[] patch(int top, int left, int size) {
    if (top < 0 || left < 0 || size < 1 || top + size > height || left + size > width) {
      throw new IllegalArgumentException(
          "a patch must lie within the image, [%d, %d], got [%d, %d] + %d"
              .formatted(height, width, top, left, size));
    }
    float[] patch = new float[size * size];
    for (int y = 0; y < size; y++) {
      System.arraycopy(values, (top + y) * width + left, patch, y * size, size);
    }
    return patch;
  }
}
