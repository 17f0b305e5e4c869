package org.sparksae.core.report;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import org.sparksae.core.Text;
import org.sparksae.core.model.ImageShape;

/**
 * Draws images of one shape as the tiles of a picture, in rows on white, one input pixel apart.
 * Each input pixel is a square of {@code zoom} pixels.
 */
final class Tiles {
  private static final int BACKGROUND = 255;

  private final ImageShape shape;
  private final int zoom;
  private final BufferedImage picture;
  private final WritableRaster raster;

  /** The shades of the values of an image. */
  @FunctionalInterface
  interface Shades {
    /**
     * Returns the shade of a value, in [0, 255].
     *
     * @param index index of the value in the image, [channels, height, width] row-major
     */
    int of(int index);
  }

  /**
   * Creates a picture without tiles.
   *
   * @param zoom edge of an input pixel in the picture, at least 1
   * @param remedy what to do if the picture would be too large
   * @throws IllegalArgumentException if the picture would be too large, or the shape has neither 1
   *     nor 3 channels
   */
  Tiles(ImageShape shape, int columns, int rows, int zoom, String remedy) {
    requirePositive("zoom", zoom);
    if (shape.channels() != 1 && shape.channels() != 3) {
      throw new IllegalArgumentException(
          Text.format("imageShape must have 1 or 3 channels to be drawn, got %s", shape));
    }
    this.shape = shape;
    this.zoom = zoom;
    this.picture =
        new BufferedImage(
            edge(columns, shape.width(), zoom, remedy),
            edge(rows, shape.height(), zoom, remedy),
            shape.channels() == 3 ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
    this.raster = picture.getRaster();
    clear();
  }

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }

  private static int edge(int tiles, int size, int zoom, String remedy) {
    long pixels = tiles * (size + 1L) + 1;
    if (pixels > Short.MAX_VALUE / zoom) {
      throw new IllegalArgumentException(
          Text.format(
              "the picture must have edges of at most %d pixels, got %d * zoom %d: %s",
              Short.MAX_VALUE, pixels, zoom, remedy));
    }
    return (int) pixels * zoom;
  }

  private void clear() {
    int[] line = new int[raster.getWidth() * shape.channels()];
    Arrays.fill(line, BACKGROUND);
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.setPixels(0, y, raster.getWidth(), 1, line);
    }
  }

  /** Draws a tile. Columns and rows count from 0. */
  void draw(int column, int row, Shades shades) {
    int left = zoom + column * (shape.width() + 1) * zoom;
    int top = zoom + row * (shape.height() + 1) * zoom;
    int index = 0;
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          drawPixel(channel, left + x * zoom, top + y * zoom, shades.of(index++));
        }
      }
    }
  }

  private void drawPixel(int channel, int left, int top, int shade) {
    for (int y = top; y < top + zoom; y++) {
      for (int x = left; x < left + zoom; x++) {
        raster.setSample(x, y, channel, shade);
      }
    }
  }

  /** Returns the picture: 8-bit grey for one channel, 8-bit RGB for three. */
  BufferedImage picture() {
    return picture;
  }
}
