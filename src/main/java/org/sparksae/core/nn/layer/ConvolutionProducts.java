package org.sparksae.core.nn.layer;

import java.util.Arrays;
import org.sparksae.core.linalg.Correlation;
import org.sparksae.core.linalg.CorrelationGradient;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Windows;
import org.sparksae.core.model.Convolution;

/**
 * Computes the products of a convolution, image by image, with the buffers of one thread.
 *
 * <pre>
 * convolve:     maps[f, w]   = b[f] + sum over t of W[f, t] image[w + t]       t = (c, i, j), a pixel of the window w
 * transpose:    image[w + t] = sum over f of W[f, t] maps[f, w], over all w and t that meet there
 * addGradient:  dW[f, t]    += sum over w of maps[f, w] image[w + t]
 * </pre>
 *
 * <p>The image is the one that was read last. No windows are copied, so an image and its maps stay
 * in the cache for all products with them.
 */
public final class ConvolutionProducts {
  /**
   * Floats of the partial products of {@link #transpose}; they take an eighth of a second-level
   * cache of 1 MB.
   */
  private static final int SHIFTED_FLOATS = 1 << 15;

  private final Convolution convolution;
  private final Windows windows;
  private final int filters;
  private final int mapSize;
  private final float[] image;
  private final float[] wholeMaps;
  private final int[] mapStarts;

  /** Whether the border around the image may contain anything except zeros. */
  private boolean isBorderUsed;

  private float[] row;
  private float[] shifted;
  private float[] sums;

  public ConvolutionProducts(Convolution convolution) {
    this.convolution = convolution;
    this.windows = convolution.windows();
    this.filters = convolution.filters();
    this.mapSize = windows.mapSize();
    this.image = new float[windows.bufferSize()];
    this.wholeMaps = new float[windows.isWhole() ? 0 : Math.multiplyExact(filters, mapSize)];
    this.mapStarts = new int[filters];
    for (int f = 0; f < filters; f++) {
      mapStarts[f] = f * mapSize;
    }
  }

  /** Reads the image of a row. */
  public void read(Rows images, int index) {
    if (isBorderUsed) {
      Arrays.fill(image, 0f);
      isBorderUsed = false;
    }
    if (images instanceof DenseRows dense) {
      windows.read(dense.values(), dense.rowOffset(index), image);
      return;
    }
    if (row == null) {
      row = new float[images.columns()];
    }
    ((SparseRows) images).copyRow(index, row, 0);
    windows.read(row, 0, image);
  }

  /**
   * Computes maps [F, H', W'] from the image.
   *
   * @param byTap the weights, [C K^2, F]
   * @param biases one bias per map, from {@code biasFrom} on, or null
   */
  public void convolve(float[] byTap, float[] biases, int biasFrom, float[] maps, int from) {
    boolean whole = windows.isWhole();
    Kernels.correlate(
        new Correlation(
            image,
            windows.positions(),
            windows.taps(),
            windows.taps().length,
            byTap,
            0,
            filters,
            filters,
            biases,
            biasFrom,
            whole ? maps : wholeMaps,
            whole ? from : 0,
            mapSize));
    if (!whole) {
      windows.cut(wholeMaps, filters, maps, from);
    }
  }

  /**
   * Computes an image from maps [F, H', W'], with as many taps at a time as fit the cache.
   *
   * @param weights [F, C K^2] from {@code weightsFrom} on
   */
  public void transpose(float[] weights, int weightsFrom, float[] maps, int from) {
    int taps = windows.taps().length;
    int step = Math.max(1, Math.min(taps, SHIFTED_FLOATS / mapSize));
    if (shifted == null) {
      shifted = new float[Math.multiplyExact(step, mapSize)];
    }
    beginImage();
    int[] starts = starts(maps, from);
    float[] operand = whole(maps, from);
    for (int t = 0; t < taps; t += step) {
      int count = Math.min(step, taps - t);
      Kernels.correlate(
          new Correlation(
              operand,
              windows.mapPositions(),
              starts,
              filters,
              weights,
              weightsFrom + t,
              taps,
              count,
              null,
              0,
              shifted,
              0,
              mapSize));
      for (int i = 0; i < count; i++) {
        Kernels.addShifted(shifted, i * mapSize, windows.positions(), windows.taps()[t + i], image);
      }
    }
  }

  /** Returns maps whose rows are whole vectors. */
  private float[] whole(float[] maps, int from) {
    if (windows.isWhole()) {
      return maps;
    }
    windows.fillUp(maps, from, filters, wholeMaps);
    return wholeMaps;
  }

  private int[] starts(float[] maps, int from) {
    int first = windows.isWhole() ? from : 0;
    for (int f = 0; f < filters; f++) {
      mapStarts[f] = first + f * mapSize;
    }
    return mapStarts;
  }

  /** Begins an image to which windows are added. */
  public void beginImage() {
    Arrays.fill(image, 0f);
    isBorderUsed = true;
  }

  /** Copies the image out and adds a bias to each channel, unless the biases are null. */
  public void write(float[] biases, int biasFrom, DenseRows images, int index) {
    windows.write(image, biases, biasFrom, images.values(), images.rowOffset(index));
  }

  /** Begins a gradient, with all sums 0. */
  public void beginGradient() {
    if (sums == null) {
      sums = new float[filters * convolution.windowSize() * Kernels.lanes()];
    }
    Arrays.fill(sums, 0f);
  }

  /** Adds the gradient from maps [F, H', W'] and the image. */
  public void addGradient(float[] maps, int from) {
    float[] operand = whole(maps, from);
    Kernels.addGradient(
        new CorrelationGradient(
            operand,
            windows.isWhole() ? from : 0,
            mapSize,
            filters,
            image,
            windows.positions(),
            windows.taps(),
            sums));
  }

  /**
   * Adds this gradient [F, C K^2] to another, from {@code from} on. Adds nothing if none was begun.
   */
  public void endGradient(float[] gradient, int from) {
    int lanes = Kernels.lanes();
    for (int i = 0; sums != null && i < sums.length / lanes; i++) {
      float sum = 0;
      for (int lane = i * lanes; lane < (i + 1) * lanes; lane++) {
        sum += sums[lane];
      }
      gradient[from + i] += sum;
    }
  }

  /** Copies a window of the image, [C K^2]. */
  public void gather(int window, float[] values) {
    windows.gather(image, windows.start(window), values);
  }

  /** Adds to a window of the image, [C K^2]. */
  public void scatter(int window, float[] values) {
    windows.scatter(values, image, windows.start(window));
  }
}
