package org.sparksae.core.train.checkpoint;

import java.util.Set;
import java.util.TreeSet;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.DoubleTensor;
import org.sparksae.core.format.NamedArray;
import org.sparksae.core.format.Safetensors;
import org.sparksae.core.format.Tensor;

/** The arrays of a file, which must be exactly those that its metadata names. */
final class Tensors {
  private final Safetensors.Contents contents;
  private final int size;

  Tensors(Safetensors.Contents contents, Metadata metadata) throws CorruptModelException {
    this.contents = contents;
    this.size = metadata.whole("size");
    Set<String> names = new TreeSet<>(contents.tensors().keySet());
    names.addAll(contents.doubles().keySet());
    Set<String> wanted = new TreeSet<>(metadata.words("tensors"));
    if (!names.equals(wanted)) {
      throw new CorruptModelException(Text.format("the tensors must be %s, got %s", wanted, names));
    }
  }

  boolean has(String name) {
    return contents.tensors().containsKey(name);
  }

  /** A tensor with one value for each parameter. */
  float[] floats(String name) throws CorruptModelException {
    Tensor tensor = contents.tensors().get(name);
    check(name, tensor, size);
    return tensor.values();
  }

  /** A tensor with one value for each parameter, of which a model can be made: all are finite. */
  float[] parameters(String name) throws CorruptModelException {
    float[] values = floats(name);
    contents.tensors().get(name).requireFinite();
    return values;
  }

  /** A tensor with one value for each parameter. */
  double[] doubles(String name) throws CorruptModelException {
    return doubles(name, size);
  }

  double[] doubles(String name, int count) throws CorruptModelException {
    DoubleTensor tensor = contents.doubles().get(name);
    check(name, tensor, count);
    return tensor.values();
  }

  /** A tensor of any length. */
  double[] anyDoubles(String name) throws CorruptModelException {
    DoubleTensor tensor = contents.doubles().get(name);
    check(name, tensor, tensor == null ? 0 : tensor.count());
    return tensor.values();
  }

  private static void check(String name, NamedArray tensor, int count)
      throws CorruptModelException {
    if (tensor == null || tensor.count() != count) {
      throw new CorruptModelException(
          Text.format(
              "tensor '%s' must have %d values, got %s",
              name, count, tensor == null ? "no such tensor" : tensor.count()));
    }
  }
}
