package org.sparksae.core.model;

import java.io.Serializable;

/**
 * Pools maps: each window of a map becomes one value.
 *
 * <pre>
 * max:      y[f, p, q] = max over i, j of h[f, p s + i, q s + j]
 * average:  y[f, p, q] = (1 / P^2) sum over i, j of h[f, p s + i, q s + j],   0 &lt;= i, j &lt; P
 * </pre>
 *
 * <p>Maps h are [F, H, W], and y [F, (H - P) / s + 1, (W - P) / s + 1], flattened in that order.
 * Windows lie inside the maps, and every value is in a window: sizes and strides that would leave
 * out values are refused. The maximum is by value, not by magnitude. A NaN in a window gives NaN.
 * Sums are computed in float, by rows of the window. Pooling is used for inference only and has no
 * gradient.
 *
 * <p>Source: Boureau, Ponce and LeCun, A Theoretical Analysis of Feature Pooling in Visual
 * Recognition (ICML 2010).
 *
 * @param kind how the values of a window are combined
 * @param input shape of the maps
 * @param size P, rows and columns of a window, from 1 to the smaller of a map's height and width
 * @param stride s, rows and columns from one window to the next, from 1 to P
 */
public record Pooling(PoolingKind kind, ImageShape input, int size, int stride)
    implements Serializable {

  /**
   * Checks that the windows fit the maps and cover them.
   *
   * @throws IllegalArgumentException naming the Param, its value, the rule and a remedy
   */
  public Pooling {
    Rule.require(size >= 1, "poolSize must be 1 or more, got %d", size);
    Rule.require(
        size <= Math.min(input.height(), input.width()),
        "poolSize must be at most the height and width of the maps, got %d for maps of %s (maps x height x"
            + " width); use smaller windows",
        size,
        input);
    Rule.require(
        stride >= 1 && stride <= size,
        "poolStride must be in [1, %d], the poolSize, got %d: between its windows rows and columns would be"
            + " left out; use a smaller stride or larger windows",
        size,
        stride);
    int rows = (input.height() - size) % stride;
    int columns = (input.width() - size) % stride;
    Rule.require(
        rows == 0 && columns == 0,
        "poolStride of %d with a poolSize of %d loses the last %d of %d rows and %d of %d columns of the maps;"
            + " use a stride that divides %d and %d, or another poolSize",
        stride,
        size,
        rows,
        input.height(),
        columns,
        input.width(),
        input.height() - size,
        input.width() - size);
  }

  /** Returns the shape of the pooled maps. */
  public ImageShape output() {
    return new ImageShape(
        input.channels(),
        (input.height() - size) / stride + 1,
        (input.width() - size) / stride + 1);
  }

  /**
   * Pools the maps of one row.
   *
   * @param maps [F, H, W] from {@code from} on
   * @param pooled [F, H', W'], overwritten
   */
  public void apply(float[] maps, int from, float[] pooled) {
    ImageShape output = output();
    int at = 0;
    for (int f = 0; f < input.channels(); f++) {
      for (int p = 0; p < output.height(); p++) {
        int row = from + f * input.pixels() + p * stride * input.width();
        for (int q = 0; q < output.width(); q++) {
          pooled[at++] = kind.of(maps, row + q * stride, size, input.width());
        }
      }
    }
  }
}
