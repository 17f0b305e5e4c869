package org.sparksae.core.model;

import java.io.Serializable;
import org.sparksae.core.linalg.Windows;

/**
 * The description of a convolutional layer: F filters of C K^2 weights each, which all windows of
 * an image share.
 *
 * <pre>
 * encoder:  h[f, p, q] = f(b[f] + sum over c, i, j of W[f, c, i, j] x[c, p s + i - a, q s + j - a'])
 * decoder:  x_hat[c, y, x] = f(b[c] + sum over f, i, j of V[f, c, i, j] h[f, (y + a - i) / s, (x + a' - j) / s])
 *           over the i, j for which these are integers: a transposed convolution, back to the shape of the image
 * </pre>
 *
 * <p>There are a rows of zeros above the image and a' columns of zeros to its left; with valid
 * padding there are none. Every pixel is in a window: a stride that would leave out pixels is
 * refused. Maps [F, H', W'] are flattened in that order.
 *
 * @param input shape of the image
 * @param filters F, 1 or more
 * @param kernel K, rows and columns of a window, from 1 to the smaller of the image's height and
 *     width
 * @param stride s, rows and columns from one window to the next, from 1 to the kernel
 * @param padding treatment of the border
 */
public record Convolution(ImageShape input, int filters, int kernel, int stride, Padding padding)
    implements Serializable {

  /**
   * Checks that the windows fit the image and cover it.
   *
   * @throws IllegalArgumentException naming the Param, its value, the rule and a remedy
   */
  public Convolution {
    Rule.require(filters >= 1, "filters must be 1 or more, got %d", filters);
    Rule.require(kernel >= 1, "kernelSizes must be 1 or more, got %d", kernel);
    Rule.require(stride >= 1, "strides must be 1 or more, got %d", stride);
    Rule.require(
        kernel <= Math.min(input.height(), input.width()),
        "kernelSizes must be at most the image's height and width, got %d for an image of %s (channels x"
            + " height x width); use a smaller kernel, or smaller strides in the layers before",
        kernel,
        input);
    Rule.require(
        stride <= kernel,
        "strides must be at most the kernel size %d, got %d: %d of every %d rows and columns would be in no"
            + " window; use a smaller stride or a larger kernel",
        kernel,
        stride,
        stride - kernel,
        stride);
    int rows = (input.height() - kernel) % stride;
    int columns = (input.width() - kernel) % stride;
    Rule.require(
        padding == Padding.SAME || (rows == 0 && columns == 0),
        "strides of %d with a kernel of %d and padding = valid lose the last %d of %d rows and %d of %d columns of"
            + " the image; use padding = same, or a stride that divides %d and %d",
        stride,
        kernel,
        rows,
        input.height(),
        columns,
        input.width(),
        input.height() - kernel,
        input.width() - kernel);
    Rule.require(
        (double) filters
                * windows(input.height(), kernel, stride, padding)
                * windows(input.width(), kernel, stride, padding)
            <= Integer.MAX_VALUE,
        "filters: %d maps of an image of %s have more than 2^31 - 1 values; use fewer filters or larger strides",
        filters,
        input);
  }

  private static int windows(int size, int kernel, int stride, Padding padding) {
    return padding == Padding.VALID ? (size - kernel) / stride + 1 : (size + stride - 1) / stride;
  }

  /** Returns the shape of the maps, [F, H', W']. */
  public ImageShape output() {
    return new ImageShape(
        filters,
        windows(input.height(), kernel, stride, padding),
        windows(input.width(), kernel, stride, padding));
  }

  /** Returns the number of weights of a filter, C K^2. */
  public int windowSize() {
    return input.channels() * kernel * kernel;
  }

  /**
   * Returns {@code n_in + n_out} of the weights. An input value is in about K^2 / s^2 windows of
   * each map.
   */
  int fans() {
    return windowSize() + filters * Math.max(1, kernel * kernel / (stride * stride));
  }

  /** Returns the positions of the windows, for the kernels. */
  public Windows windows() {
    ImageShape maps = output();
    return new Windows(
        input.channels(),
        input.height(),
        input.width(),
        kernel,
        stride,
        before(input.height(), maps.height()),
        before(input.width(), maps.width()),
        maps.height(),
        maps.width());
  }

  /**
   * Returns a (or a'), half of the zeros that the windows need, rounded down. The rest comes after
   * the image.
   */
  private int before(int size, int windows) {
    return ((windows - 1) * stride + kernel - size) / 2;
  }
}
