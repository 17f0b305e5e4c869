package org.sparksae.core.report;

import java.util.Arrays;

/**
 * How the values of a row are an image: planes of pixels, one channel after the other, each
 * row-major.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 */
record ImageShape(int height, int width, int channels) {

  /**
   * The shape that a user names.
   *
   * @param imageShape (height, width) or (height, width, channels), channels 1 or 3
   * @throws IllegalArgumentException if it is another
   */
  static ImageShape of(int[] imageShape) {
    boolean known = imageShape.length == 2 || imageShape.length == 3;
    if (!known || (imageShape.length == 3 && imageShape[2] != 1 && imageShape[2] != 3)) {
      throw new IllegalArgumentException(
          "imageShape must be (height, width) or (height, width, channels) with 1 or 3 channels,"
              + " got "
              + Arrays.toString(imageShape));
    }
    for (int size : imageShape) {
      requirePositive("imageShape", size);
    }
    return new ImageShape(imageShape[0], imageShape[1], imageShape.length == 3 ? imageShape[2] : 1);
  }

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }

  /** Values of {@code images} images; of more than an array can hold, some number beyond that. */
  long values(int images) {
    long product = images;
    for (int size : new int[] {height, width, channels}) {
      // Beyond any array already: stop before it overflows.
      product = product <= Integer.MAX_VALUE ? product * size : product;
    }
    return product;
  }

  /** Place of a pixel's value in an image. */
  int index(int channel, int y, int x) {
    return (channel * height + y) * width + x;
  }
}
