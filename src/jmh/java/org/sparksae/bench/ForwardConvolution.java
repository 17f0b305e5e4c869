package org.sparksae.bench;

import org.sparksae.core.linalg.Correlation;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Gemm;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Windows;
import org.sparksae.core.model.Convolution;

/**
 * The maps of an image by two ways, for a stride of 1 and padding that keeps its size:
 *
 * <pre>
 * direct:   maps[f, w] = b[f] + sum over t of W[f, t] image[w + t], by {@link Correlation}
 * im2col:   columns[t, w] = image[w + t], a copy of K^2 times the image;   maps = W columns + b, by gemm
 * </pre>
 */
final class ForwardConvolution {
  private final Windows windows;
  private final int channels;
  private final int side;
  private final int kernel;
  private final int filters;
  private final int taps;
  private final float[] image;
  private final float[] buffer;
  private final float[] byTap;
  private final float[] biases;
  private final float[] wholeMaps;
  private final float[] padded;
  private final float[] columns;
  private final DenseRows weights;
  private final DenseRows maps;

  ForwardConvolution(Convolution of) {
    this.channels = of.input().channels();
    this.side = of.input().height();
    this.kernel = of.kernel();
    this.filters = of.filters();
    this.taps = of.windowSize();
    int before = (kernel - 1) / 2;
    this.windows = new Windows(channels, side, side, kernel, 1, before, before, side, side);
    this.image = BenchData.uniform(channels, side * side).rows();
    this.buffer = new float[windows.bufferSize()];
    this.weights = DenseRows.of(BenchData.uniform(filters, taps).rows(), filters, taps);
    this.byTap = new float[taps * filters];
    for (int f = 0; f < filters; f++) {
      for (int t = 0; t < taps; t++) {
        byTap[t * filters + f] = weights.values()[f * taps + t];
      }
    }
    this.biases = BenchData.uniform(1, filters).rows();
    this.wholeMaps = new float[filters * windows.mapSize()];
    this.maps = DenseRows.zeros(filters, side * side);
    this.padded = new float[channels * (side + kernel - 1) * (side + kernel - 1)];
    this.columns = new float[taps * side * side];
  }

  /** The product's way: [F, H, W]. */
  float[] direct() {
    windows.read(image, 0, buffer);
    Kernels.correlate(
        new Correlation(
            buffer,
            windows.positions(),
            windows.taps(),
            taps,
            byTap,
            0,
            filters,
            filters,
            biases,
            0,
            windows.isWhole() ? maps.values() : wholeMaps,
            0,
            windows.mapSize()));
    if (!windows.isWhole()) {
      windows.cut(wholeMaps, filters, maps.values(), 0);
    }
    return maps.values();
  }

  /** The usual way: [F, H, W]. */
  float[] im2col() {
    pad();
    int pitch = side + kernel - 1;
    int to = 0;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < kernel; i++) {
        for (int j = 0; j < kernel; j++) {
          for (int y = 0; y < side; y++, to += side) {
            System.arraycopy(padded, (c * pitch + y + i) * pitch + j, columns, to, side);
          }
        }
      }
    }
    Gemm.times(weights, columns, 0, maps);
    for (int f = 0; f < filters; f++) {
      int from = f * side * side;
      for (int at = from; at < from + side * side; at++) {
        maps.values()[at] += biases[f];
      }
    }
    return maps.values();
  }

  private void pad() {
    int pitch = side + kernel - 1;
    int before = (kernel - 1) / 2;
    for (int row = 0; row < channels * side; row++) {
      int to = (row / side * pitch + row % side + before) * pitch + before;
      System.arraycopy(image, row * side, padded, to, side);
    }
  }

  /** Refuses to measure two ways that do not give the same. */
  void check() {
    float[] direct = direct().clone();
    float[] copied = im2col().clone();
    for (int i = 0; i < direct.length; i++) {
      if (Math.abs(direct[i] - copied[i]) > 1e-4 * taps) {
        throw new IllegalStateException(
            "value %d is %s by one way and %s by the other"
                .formatted(i, direct[i], copied[i]));
      }
    }
  }
}
