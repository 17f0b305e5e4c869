package org.sparksae.core.model;

import java.io.Serializable;
import org.sparksae.core.Text;

/**
 * The shape of the image that a row holds: [channels, height, width], in row-major order. The maps
 * of a convolution are also such an image.
 *
 * @param channels 1 or more
 * @param height rows of pixels, 1 or more
 * @param width columns of pixels, 1 or more
 */
public record ImageShape(int channels, int height, int width) implements Serializable {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is less than 1, or the image has more than 2^31 - 1
   *     values
   */
  public ImageShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          Text.format(
              "imageShape must be [channels, height, width], each 1 or more, got [%d, %d, %d]",
              channels, height, width));
    }
    if ((double) channels * height * width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          Text.format(
              "imageShape [%d, %d, %d] has more than 2^31 - 1 values", channels, height, width));
    }
  }

  /** Returns the number of values of an image. */
  public int size() {
    return channels * height * width;
  }

  /** Returns the number of pixels of a channel. */
  public int pixels() {
    return height * width;
  }

  /** Returns {@code channels x height x width}, such as {@code 3x32x32}. */
  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
