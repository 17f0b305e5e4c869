package org.sparksae.core.linalg;

import java.util.Arrays;

/**
 * The windows of a convolution on an image, as taps and positions of a {@link Correlation}, for any
 * stride and padding.
 *
 * <p>An image [channels, height, width] is copied to a buffer that surrounds it with zeros and
 * splits it by stride: with a stride of 2, the even and odd rows and columns of a channel form four
 * planes. Then the same pixel of neighbouring windows lies side by side, and each pixel of a window
 * has the same distance from the window's start in all windows.
 *
 * <pre>
 * pixel (c, y, x)  at plane (c, (y + above) mod s, (x + left) mod s), row (y + above) div s, column (x + left) div s
 * tap (c, i, j)    likewise, for a window that begins at (0, 0);   window (p, q) begins p rows and q columns further
 * </pre>
 *
 * <p>The rows of the maps [filters, mapHeight, mapWidth] are padded to whole vectors, so a map
 * takes {@link #mapSize()} floats. In a result the padding is undefined; in an operand it must be
 * 0.
 */
public final class Windows {
  private final int channels;
  private final int height;
  private final int width;
  private final int stride;
  private final int above;
  private final int left;
  private final int mapHeight;
  private final int mapWidth;
  private final int mapPitch;
  private final int pitch;
  private final int planeSize;
  private final int[] taps;
  private final int[] positions;
  private final int[] mapPositions;

  /**
   * Computes the windows of an image.
   *
   * @param kernel rows and columns of a window
   * @param stride rows and columns from one window to the next
   * @param above rows of zeros above the image
   * @param left columns of zeros to its left
   * @param mapHeight number of windows from top to bottom
   * @param mapWidth number of windows from left to right
   */
  public Windows(
      int channels,
      int height,
      int width,
      int kernel,
      int stride,
      int above,
      int left,
      int mapHeight,
      int mapWidth) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.stride = stride;
    this.above = above;
    this.left = left;
    this.mapHeight = mapHeight;
    this.mapWidth = mapWidth;
    int lanes = Kernels.lanes();
    this.mapPitch = (mapWidth + lanes - 1) / lanes * lanes;
    int reach = (kernel - 1) / stride;
    this.pitch = mapPitch + reach;
    this.planeSize = Math.multiplyExact(pitch, mapHeight + reach);
    this.taps = new int[channels * kernel * kernel];
    int t = 0;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < kernel; i++) {
        for (int j = 0; j < kernel; j++) {
          taps[t++] = place(c, i, j);
        }
      }
    }
    this.positions = new int[mapHeight * mapPitch / lanes];
    this.mapPositions = new int[positions.length];
    for (int v = 0; v < positions.length; v++) {
      int at = v * lanes;
      positions[v] = at / mapPitch * pitch + at % mapPitch;
      mapPositions[v] = at;
    }
  }

  private int place(int c, int paddedRow, int paddedColumn) {
    int plane = (c * stride + paddedRow % stride) * stride + paddedColumn % stride;
    return plane * planeSize + paddedRow / stride * pitch + paddedColumn / stride;
  }

  /** Returns the floats of an image's buffer. */
  public int bufferSize() {
    return Math.multiplyExact(Math.multiplyExact(channels * stride, stride), planeSize);
  }

  /** Returns the floats of a map whose rows are padded to whole vectors. */
  public int mapSize() {
    return mapHeight * mapPitch;
  }

  /** Returns whether the rows of the maps are whole vectors without padding. */
  public boolean isWhole() {
    return mapPitch == mapWidth;
  }

  /** Returns the pixels of a window, [channels, kernel, kernel], as distances from its start. */
  public int[] taps() {
    return taps;
  }

  /** Returns the start in the buffer of each vector of windows. */
  public int[] positions() {
    return positions;
  }

  /** Returns the start in a map of {@link #mapSize()} of each vector of windows. */
  public int[] mapPositions() {
    return mapPositions;
  }

  /** Returns the start in the buffer of window {@code row * mapWidth + column}. */
  public int start(int window) {
    return window / mapWidth * pitch + window % mapWidth;
  }

  /**
   * Copies an image to a buffer whose other elements are 0.
   *
   * @param image [channels, height, width] from {@code from} on
   */
  public void read(float[] image, int from, float[] buffer) {
    int at = from;
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++, at += width) {
        if (stride == 1) {
          System.arraycopy(image, at, buffer, place(c, y + above, left), width);
        } else {
          for (int x = 0; x < width; x++) {
            buffer[place(c, y + above, x + left)] = image[at + x];
          }
        }
      }
    }
  }

  /** Sets a buffer to 0. */
  public void clear(float[] buffer) {
    Arrays.fill(buffer, 0f);
  }

  /**
   * Copies the image in a buffer back and adds a bias to each channel.
   *
   * @param biases from {@code biasFrom} on, or null for 0
   * @param image [channels, height, width] from {@code from} on
   */
  public void write(float[] buffer, float[] biases, int biasFrom, float[] image, int from) {
    int at = from;
    for (int c = 0; c < channels; c++) {
      float bias = biases == null ? 0f : biases[biasFrom + c];
      for (int y = 0; y < height; y++, at += width) {
        if (stride == 1) {
          int row = place(c, y + above, left);
          for (int x = 0; x < width; x++) {
            image[at + x] = buffer[row + x] + bias;
          }
        } else {
          for (int x = 0; x < width; x++) {
            image[at + x] = buffer[place(c, y + above, x + left)] + bias;
          }
        }
      }
    }
  }

  /** Copies maps [maps, mapHeight, mapWidth] to maps of whole vectors, padded with zeros. */
  public void fillUp(float[] maps, int from, int count, float[] whole) {
    for (int row = 0; row < count * mapHeight; row++) {
      int to = row * mapPitch;
      System.arraycopy(maps, from + row * mapWidth, whole, to, mapWidth);
      Arrays.fill(whole, to + mapWidth, to + mapPitch, 0f);
    }
  }

  /** Copies maps of whole vectors to maps [maps, mapHeight, mapWidth]. */
  public void cut(float[] whole, int count, float[] maps, int from) {
    for (int row = 0; row < count * mapHeight; row++) {
      System.arraycopy(whole, row * mapPitch, maps, from + row * mapWidth, mapWidth);
    }
  }

  /** Copies the pixels of one window, [channels, kernel, kernel]. */
  public void gather(float[] buffer, int start, float[] window) {
    for (int t = 0; t < taps.length; t++) {
      window[t] = buffer[start + taps[t]];
    }
  }

  /** Adds to the pixels of one window. */
  public void scatter(float[] window, float[] buffer, int start) {
    for (int t = 0; t < taps.length; t++) {
      buffer[start + taps[t]] += window[t];
    }
  }
}
