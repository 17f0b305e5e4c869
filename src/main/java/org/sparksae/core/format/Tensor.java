package org.sparksae.core.format;

import java.util.Arrays;
import java.util.Objects;
import org.sparksae.core.Text;

/**
 * A named array of float32: {@code t[i_1, ..., i_r] = values[offset + ((i_1 n_2 + i_2) n_3 + ...) +
 * i_r]}, row-major.
 *
 * <p>Values are shared, not copied, and compared by identity.
 *
 * @param name any string except {@code __metadata__}
 * @param shape the sizes {@code n_1, ..., n_r}, none negative; {@code []} is a scalar, and a size
 *     of 0 makes the tensor empty
 * @param values holds the elements from {@code offset} on; NaN and infinities are allowed
 * @param offset index of the first element
 */
public record Tensor(String name, int[] shape, float[] values, int offset) implements NamedArray {

  /** More dimensions than any model has, and few enough to print in a message. */
  static final int MAX_RANK = 32;

  /** Checks that {@code values} holds all elements of {@code shape}. */
  public Tensor {
    Objects.requireNonNull(name, "name");
    shape = shape.clone();
    if (shape.length > MAX_RANK) {
      throw new IllegalArgumentException(
          "Tensor " + name + ": rank must be at most " + MAX_RANK + ", got " + shape.length);
    }
    long count = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "Tensor " + name + ": sizes must not be negative, got " + Arrays.toString(shape));
      }
    }
    for (int size : shape) {
      // The product is at most 2^62 before each comparison, so an overflow cannot go unnoticed.
      count = size == 0 || count <= Integer.MAX_VALUE ? count * size : count;
    }
    if (offset < 0 || count > (long) values.length - offset) {
      throw new IllegalArgumentException(
          "Tensor "
              + name
              + ": shape "
              + Arrays.toString(shape)
              + " must fit into the "
              + values.length
              + " given values from offset "
              + offset
              + " on");
    }
  }

  /** Returns a tensor with all of the values. */
  public static Tensor of(String name, float[] values, int... shape) {
    return new Tensor(name, shape, values, 0);
  }

  /**
   * Checks that the tensor has no NaN and no infinity, as one of a model must not.
   *
   * @throws CorruptModelException naming the tensor and the first such value
   */
  public void requireFinite() throws CorruptModelException {
    // The first pass of a vectorised kernel takes longer: the JVM has not compiled it yet.
    int count = count();
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[offset + i])) {
        throw new CorruptModelException(
            Text.format(
                "tensor '%s' must have finite values only, got %s at index %d of %d: the training"
                    + " that made it diverged, or the file was changed",
                name, values[offset + i], i, count));
      }
    }
  }

  @Override
  public int count() {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    return count;
  }

  @Override
  public Dtype dtype() {
    return Dtype.F32;
  }
}
