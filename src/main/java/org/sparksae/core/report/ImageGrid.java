package org.sparksae.core.report;

import java.awt.image.BufferedImage;
import java.util.List;
import org.sparksae.core.Text;

/**
 * Images of data as one picture, such as inputs above their corrupted forms above their
 * reconstructions: {@code pixel = round(255 (x - black) / (white - black))}, values beyond being
 * black or white. NaN is black.
 *
 * <p>Tiles stand on white, one input pixel apart. Three channels are drawn as red, green and blue.
 */
public final class ImageGrid {
  private static final int WHITE = 255;

  private ImageGrid() {}

  /**
   * Draws rows of images, each image under that of the row before.
   *
   * @param rows from top to bottom, 1 or more: images [n, channels * height * width], n equal and 1
   *     or more
   * @param imageShape (height, width) or (height, width, channels), channels 1 or 3
   * @param black value that is drawn black
   * @param white value that is drawn white, above {@code black}
   * @param zoom edge of an input pixel in the picture, at least 1
   * @return 8-bit grey for one channel, 8-bit RGB for three
   * @throws IllegalArgumentException if a shape or number is not as said
   */
  public static BufferedImage render(
      List<float[]> rows, int[] imageShape, float black, float white, int zoom) {
    ImageShape shape = ImageShape.of(imageShape);
    if (!(black < white)) {
      throw new IllegalArgumentException(
          "black must be below white, got " + black + " and " + white);
    }
    int columns = columns(rows, shape);
    Tiles tiles =
        new Tiles(shape, columns, rows.size(), zoom, "lower zoom or the number of images");
    int size = (int) shape.values(1);
    for (int row = 0; row < rows.size(); row++) {
      float[] values = rows.get(row);
      for (int column = 0; column < columns; column++) {
        int first = column * size;
        tiles.draw(column, row, i -> shade(values[first + i], black, white));
      }
    }
    return tiles.picture();
  }

  private static int columns(List<float[]> rows, ImageShape shape) {
    int length = rows.isEmpty() ? 0 : rows.get(0).length;
    long size = shape.values(1);
    boolean whole = length > 0 && length % size == 0;
    if (!whole || rows.stream().anyMatch(row -> row.length != length)) {
      throw new IllegalArgumentException(
          Text.format(
              "rows must be of equally many images of %d values, 1 or more; got %s values",
              size, rows.stream().map(row -> row.length).toList()));
    }
    return (int) (length / size);
  }

  private static int shade(float value, float black, float white) {
    double share = ((double) value - black) / ((double) white - black);
    // NaN becomes 0.
    return (int) Math.round(WHITE * Math.max(0, Math.min(1, share)));
  }
}
