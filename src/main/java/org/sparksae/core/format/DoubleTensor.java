package org.sparksae.core.format;

import java.util.Arrays;
import org.sparksae.core.Text;

/**
 * A named array of float64, row-major, for values that must survive to the last bit, such as the
 * state of an optimiser.
 *
 * <p>Values are shared, not copied, and compared by identity.
 *
 * @param name any string except {@code __metadata__}
 * @param shape the sizes, none negative; their product is the number of values
 * @param values the elements; NaN and infinities are allowed
 */
public record DoubleTensor(String name, int[] shape, double[] values) implements NamedArray {

  /** Checks that the shape is that of the values. */
  public DoubleTensor {
    shape = shape.clone();
    long count = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "Tensor " + name + ": sizes must not be negative, got " + Arrays.toString(shape));
      }
      // Stays below 2^62: multiplication stops once the count exceeds what an array can hold.
      count = size == 0 || count <= Integer.MAX_VALUE ? count * size : count;
    }
    if (shape.length > Tensor.MAX_RANK || count != values.length) {
      throw new IllegalArgumentException(
          Text.format(
              "Tensor %s: shape %s, of %d dimensions at most, must be that of the %d given values",
              name, Arrays.toString(shape), Tensor.MAX_RANK, values.length));
    }
  }

  /** Returns a tensor with all of the values. */
  public static DoubleTensor of(String name, double[] values, int... shape) {
    return new DoubleTensor(name, shape, values);
  }

  @Override
  public int count() {
    return values.length;
  }

  @Override
  public Dtype dtype() {
    return Dtype.F64;
  }
}
