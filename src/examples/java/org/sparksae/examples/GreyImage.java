package org.sparksae.examples;

import java.io.IOException;
import java.io.InputStream;
import org.sparksae.core.Text;
import org.sparksae.core.image.ImageFile;

/** The luminance of a photograph in [0, 1], [height, width] row-major. */
final class GreyImage {
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
   * @param in the file, which stays open
   * @throws IOException if it is damaged or has another format
   */
  static GreyImage read(InputStream in) throws IOException {
    try (ImageFile file = ImageFile.open(in)) {
      float[] values = new float[Math.multiplyExact(file.height(), file.width())];
      file.read(1, values);
      return new GreyImage(file.height(), file.width(), values);
    }
  }

  /** Rows of pixels. */
  int height() {
    return height;
  }

  /** Pixels in a row. */
  int width() {
    return width;
  }

  private float at(int y, int x) {
    return values[y * width + x];
  }

  /**
   * Shrinks the image so that no edge is longer than {@code longestEdge} pixels: each new pixel is
   * the mean of a square of old ones, as small a square as possible. Incomplete squares at the
   * right and the bottom are cut off. An image that is small enough stays as it is.
   *
   * @param longestEdge at least 1
   */
  GreyImage reduced(int longestEdge) {
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
  float[] patch(int top, int left, int size) {
    if (top < 0 || left < 0 || size < 1 || top + size > height || left + size > width) {
      throw new IllegalArgumentException(
          Text.format(
              "a patch must lie within the image, [%d, %d], got [%d, %d] + %d",
              height, width, top, left, size));
    }
    float[] patch = new float[size * size];
    for (int y = 0; y < size; y++) {
      System.arraycopy(values, (top + y) * width + left, patch, y * size, size);
    }
    return patch;
  }
}
