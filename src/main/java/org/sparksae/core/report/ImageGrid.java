package org.sparksae.core.report;

import java.awt.image.BufferedImage;
import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.model.ImageShape;

/**
 * Draws images from the data as one picture, for example inputs above their corrupted forms above
 * their reconstructions: {@code pixel = round(255 (x - black) / (white - black))}. Values outside
 * the range become black or white, and NaN becomes black.
 *
 * <p>Tiles are drawn on white, one input pixel apart. Three channels are drawn as red, green and
 * blue.
 */
public final class ImageGrid {
  private static final int WHITE = 255;

  private ImageGrid() {}

  /**
   * Draws rows of images, from top to bottom.
   *
   * @param rows at least one row of images [n, channels * height * width]; n is at least 1 and the
   *     same in every row
   * @param shape shape of an image, with 1 or 3 channels
   * @param black the value drawn as black
   * @param white the value drawn as white, above {@code black}
   * @param zoom edge of an input pixel in the picture, at least 1
   * @return 8-bit grey for one channel, 8-bit RGB for three
   * @throws IllegalArgumentException if an argument breaks these rules or the picture would be too
   *     large
   */
  public static BufferedImage render(
      List<float[]> rows, ImageShape shape, float black, float white, int zoom) {
    if (!(black < white)) {
      throw new IllegalArgumentException(
          "black must be below white, got " + black + " and " + white);
    }
    int columns = columns(rows, shape);
    Tiles tiles =
        new Tiles(shape, columns, rows.size(), zoom, "lower zoom or the number of images");
    for (int row = 0; row < rows.size(); row++) {
      float[] values = rows.get(row);
      for (int column = 0; column < columns; column++) {
        int first = column * shape.size();
        tiles.draw(column, row, i -> shade(values[first + i], black, white));
      }
    }
    return tiles.picture();
  }

  private static int columns(List<float[]> rows, ImageShape shape) {
    int length = rows.isEmpty() ? 0 : rows.get(0).length;
    boolean whole = length > 0 && length % shape.size() == 0;
    if (!whole || rows.stream().anyMatch(row -> row.length != length)) {
      throw new IllegalArgumentException(
          Text.format(
              "each row must hold the same number of images of %d values, at least one; got %s values",
              shape.size(), rows.stream().map(row -> row.length).toList()));
    }
    return length / shape.size();
  }

  private static int shade(float value, float black, float white) {
    double share = ((double) value - black) / ((double) white - black);
    // Math.round converts NaN to 0.
    return (int) Math.round(WHITE * Math.max(0, Math.min(1, share)));
  }
}
