package org.sparksae.core.model;

import java.io.Serializable;
import org.sparksae.core.Text;

/**
 * How the values of a row lie in an image: [channels, height, width], the columns of a pixel row
 * side by side. Maps of a convolution are such images, too.
 *
 * @param channels 1 or more
 * @param height rows of pixels, 1 or more
 * @param width pixels of a row, 1 or more
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

  /** Values of an image. */
  public int size() {
    return channels * height * width;
  }

  /** Pixels of a channel. */
  public int pixels() {
    return height * width;
  }

  /** {@code channels x height x width}. */
  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
