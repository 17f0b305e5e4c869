package org.sparksae.core.image;

/**
 * The values of an image as planes, [channels, height, width], from 0 for black to 1 for white.
 * Three channels are R, G and B as stored. One channel is their luminance {@code Y = 0.299 R +
 * 0.587 G + 0.114 B} (ITU-R BT.601), the Y of a JPEG file. A grey image has its grey value in every
 * channel.
 */
public final class Planes {
  private static final double RED = 0.299;
  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;
  private static final double WHITE = 255;

  private final int pixels;
  private final boolean luminance;
  private final float[] values;

  /**
   * Creates planes to fill.
   *
   * @param channels 1 or 3
   * @param values [channels * pixels], shared
   */
  public Planes(int channels, float[] values) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("channels must be 1 or 3, got " + channels);
    }
    this.pixels = values.length / channels;
    this.luminance = channels == 1;
    this.values = values;
  }

  /**
   * Fills the planes from bytes. Each pixel has one grey value; or blue, green and red; or blue,
   * green, red and opacity, which is ignored.
   *
   * @param bytes [pixels, bands], unsigned
   * @param bands 1, 3 or 4
   */
  public void fill(byte[] bytes, int bands) {
    for (int i = 0; i < pixels; i++) {
      int at = i * bands;
      if (bands == 1) {
        grey(i, bytes[at] & 0xff, WHITE);
      } else {
        colour(i, bytes[at + 2] & 0xff, bytes[at + 1] & 0xff, bytes[at] & 0xff, WHITE);
      }
    }
  }

  /** Sets a pixel of a grey image; {@code white} is the value for white. */
  void grey(int pixel, int value, double white) {
    float scaled = (float) (value / white);
    values[pixel] = scaled;
    if (!luminance) {
      values[pixels + pixel] = scaled;
      values[2 * pixels + pixel] = scaled;
    }
  }

  /** Sets a pixel of a colour image; {@code white} is the value of each channel for white. */
  void colour(int pixel, int red, int green, int blue, double white) {
    if (luminance) {
      values[pixel] = (float) ((RED * red + GREEN * green + BLUE * blue) / white);
    } else {
      values[pixel] = (float) (red / white);
      values[pixels + pixel] = (float) (green / white);
      values[2 * pixels + pixel] = (float) (blue / white);
    }
  }
}
