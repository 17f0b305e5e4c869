package org.sparksae.core.model;

import java.io.Serializable;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.Windows;

/**
 * A convolutional layer as data: F filters of C K^2 weights each, which every window of an image
 * shares.
 *
 * <pre>
 * encoder:  h[f, p, q] = f(b[f] + sum over c, i, j of W[f, c, i, j] x[c, p s + i - a, q s + j - a'])
 * decoder:  x_hat[c, y, x] = f(b[c] + sum over f, i, j of V[f, c, i, j] h[f, (y + a - i) / s, (x + a' - j) / s])
 *           over the i, j for which these are whole numbers: a transposed convolution, back to the image's own shape
 * </pre>
 *
 * <p>a rows of zeros are above the image and a' columns to its left, none where the padding is
 * valid. Every pixel is in a window: a stride that would leave out some is refused. Maps [F, H',
 * W'] are flattened in that order.
 *
 * <p>With spatial sparsity each map of an example keeps its largest activation alone, the first of
 * equal ones, and the gradient passes through it alone: spatial winner-take-all (Makhzani and Frey,
 * Winner-Take-All Autoencoders, NIPS 2015, section 3). It is the form of training; a trained
 * model's code is the plain activation.
 *
 * @param input shape of the image
 * @param filters F, 1 or more
 * @param kernel K, rows and columns of a window, from 1 to those of the image with its padding
 * @param stride s, rows and columns from one window to the next, from 1 to the kernel
 * @param padding what is done at the border
 * @param spatialSparsity whether each map keeps its largest activation alone
 */
public record Convolution(
    ImageShape input, int filters, int kernel, int stride, Padding padding, boolean spatialSparsity)
    implements Serializable {

  /**
   * Checks that the windows fit the image and leave out none of it.
   *
   * @throws IllegalArgumentException naming the Param, its value, the rule and what to do
   */
  public Convolution {
    require(filters >= 1, "filters must be 1 or more, got %d", filters);
    require(kernel >= 1, "kernelSizes must be 1 or more, got %d", kernel);
    require(stride >= 1, "strides must be 1 or more, got %d", stride);
    require(
        kernel <= Math.min(input.height(), input.width()),
        "kernelSizes must be at most the image's height and width, got %d for an image of %s (channels x"
            + " height x width); use a smaller kernel, or smaller strides in the layers before",
        kernel,
        input);
    require(
        stride <= kernel,
        "strides must be at most the kernel size %d, got %d: %d of every %d rows and columns would be in no"
            + " window; use a smaller stride or a larger kernel",
        kernel,
        stride,
        stride - kernel,
        stride);
    int rows = (input.height() - kernel) % stride;
    int columns = (input.width() - kernel) % stride;
    require(
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
    require(
        (double) filters
                * windows(input.height(), kernel, stride, padding)
                * windows(input.width(), kernel, stride, padding)
            <= Integer.MAX_VALUE,
        "filters: %d maps of an image of %s have more than 2^31 - 1 values; use fewer filters or larger strides",
        filters,
        input);
  }

  private static void require(boolean rule, String message, Object... args) {
    if (!rule) {
      throw new IllegalArgumentException(Text.format(message, args));
    }
  }

  private static int windows(int size, int kernel, int stride, Padding padding) {
    return padding == Padding.VALID ? (size - kernel) / stride + 1 : (size + stride - 1) / stride;
  }

  /** Shape of the maps, [F, H', W']. */
  public ImageShape output() {
    return new ImageShape(
        filters,
        windows(input.height(), kernel, stride, padding),
        windows(input.width(), kernel, stride, padding));
  }

  /** Weights of a filter, C K^2. */
  public int windowSize() {
    return input.channels() * kernel * kernel;
  }

  /**
   * {@code n_in + n_out} of the weights: an input value is in about K^2 / s^2 windows of each map.
   */
  int fans() {
    return windowSize() + filters * Math.max(1, kernel * kernel / (stride * stride));
  }

  /** The same without spatial sparsity. */
  Convolution withAllOfMaps() {
    return new Convolution(input, filters, kernel, stride, padding, false);
  }

  /** Where the windows lie, for the kernels. */
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

  /** a: half of the zeros that the windows need, rounded down; the others are behind the image. */
  private int before(int size, int windows) {
    return ((windows - 1) * stride + kernel - size) / 2;
  }
}
