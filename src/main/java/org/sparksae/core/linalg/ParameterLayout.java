package org.sparksae.core.linalg;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.Text;

/**
 * Named views of one flat parameter array.
 *
 * <p>Optimisers and exchanges see only the {@code float[]}; layers and model files see the tensors
 * in it. The tensors lie one after another, without gaps, in the order in which they were added.
 */
public final class ParameterLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * A tensor of the parameter array.
   *
   * @param name unique name, such as {@code encoder.0.weight}
   * @param offset index of its first element in the array
   * @param rows first dimension; for a vector its length
   * @param columns second dimension, or 0 for a vector
   */
  public record Tensor(String name, int offset, int rows, int columns) implements Serializable {
    /** Whether this is a matrix [rows, columns] (weights) and not a vector [rows] (a bias). */
    public boolean isMatrix() {
      return columns > 0;
    }

    /** Number of elements. */
    public int size() {
      return isMatrix() ? rows * columns : rows;
    }

    /** {@code [rows, columns]}, or {@code [rows]} for a vector. */
    public int[] shape() {
      return isMatrix() ? new int[] {rows, columns} : new int[] {rows};
    }
  }

  private final ArrayList<Tensor> tensors = new ArrayList<>();
  private int size;

  /** Appends a matrix [rows, columns], row-major. */
  public Tensor matrix(String name, int rows, int columns) {
    return add(name, rows, columns, (long) rows * columns);
  }

  /** Appends a vector [length]. */
  public Tensor vector(String name, int length) {
    return add(name, length, 0, length);
  }

  private Tensor add(String name, int rows, int columns, long length) {
    long end = size + length;
    if (end > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          Text.format(
              "the model has more than 2^31 - 9 parameters at %s [%d, %d], which an array cannot hold; use fewer units, or rows of fewer values",
              name, rows, columns));
    }
    Tensor tensor = new Tensor(name, size, rows, columns);
    tensors.add(tensor);
    size = (int) end;
    return tensor;
  }

  /** The tensors in their order. */
  public List<Tensor> tensors() {
    return List.copyOf(tensors);
  }

  /** Number of parameters. */
  public int size() {
    return size;
  }
}
