package org.sparksae.core.format.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.DoubleTensor;
import org.sparksae.core.format.Safetensors;
import org.sparksae.core.format.Tensor;

/** The arrays of a file, each of which must be asked for by its name and shape. */
final class Tensors {
  private final String file;
  private final Map<String, Tensor> tensors;
  private final Set<String> taken = new LinkedHashSet<>();

  Tensors(String file, Map<String, Tensor> tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /** Reads a safetensors file; float64 is rounded to float32. */
  static Tensors read(Folder folder, String file, LongConsumer allow) throws IOException {
    Safetensors.Contents contents;
    try (InputStream in = folder.open(file)) {
      contents = Safetensors.read(in, folder.length(file), allow);
    } catch (CorruptModelException e) {
      throw new CorruptModelException(file + ": " + e.getMessage(), e);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>(contents.tensors());
    contents.doubles().forEach((name, wide) -> tensors.put(name, narrow(wide)));
    return new Tensors(file, tensors);
  }

  private static Tensor narrow(DoubleTensor wide) {
    float[] values = new float[wide.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) wide.values()[i];
    }
    return new Tensor(wide.name(), wide.shape(), values, 0);
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** Returns the sizes of a matrix. */
  int[] sizes(String name) throws CorruptModelException {
    Tensor tensor = tensor(name);
    if (tensor.shape().length != 2) {
      throw wrong(tensor, "two dimensions");
    }
    return tensor.shape();
  }

  /** Returns the matrix [rows, columns] of that name. */
  Matrix matrix(String name, int rows, int columns) throws CorruptModelException {
    return Matrix.of(take(name, rows, columns), false);
  }

  /** Returns the transpose of the matrix of that name, which is stored as [columns, rows]. */
  Matrix transposed(String name, int rows, int columns) throws CorruptModelException {
    return Matrix.of(take(name, columns, rows), true);
  }

  /** Returns the values of the vector of that name. */
  float[] vector(String name, int size) throws CorruptModelException {
    return take(name, size).values();
  }

  private Tensor take(String name, int... shape) throws CorruptModelException {
    Tensor tensor = tensor(name);
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw wrong(tensor, "shape " + Arrays.toString(shape));
    }
    try {
      tensor.requireFinite();
    } catch (CorruptModelException e) {
      throw new CorruptModelException(file + ": " + e.getMessage(), e);
    }
    taken.add(name);
    return tensor;
  }

  private Tensor tensor(String name) throws CorruptModelException {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CorruptModelException(
          Text.format("%s has no tensor '%s', only %s", file, name, tensors.keySet()));
    }
    return tensor;
  }

  private CorruptModelException wrong(Tensor tensor, String rule) {
    return new CorruptModelException(
        Text.format(
            "%s: tensor '%s' must have %s, got shape %s",
            file, tensor.name(), rule, Arrays.toString(tensor.shape())));
  }

  /**
   * Drops a factor of the code that does nothing.
   *
   * @throws IllegalArgumentException if an element is not 1
   */
  void dropOnes(String name) {
    if (!has(name)) {
      return;
    }
    for (float value : tensors.get(name).values()) {
      if (value != 1f) {
        throw new IllegalArgumentException(
            Text.format(
                "%s: tensor '%s' scales the codes (by %s, for one), which this library does not",
                file, name, value));
      }
    }
    taken.add(name);
  }

  /**
   * Refuses tensors that nobody asked for, as they may change what the model computes.
   *
   * @throws IllegalArgumentException naming them
   */
  void requireNoOthers() {
    Set<String> others = new LinkedHashSet<>(tensors.keySet());
    others.removeAll(taken);
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: the tensors %s are unknown to a model of this kind, which has %s",
              file, others, taken));
    }
  }
}
