package org.sparksae.core.format;

/** An array of one type and shape, row-major, which a safetensors file stores under a name. */
public sealed interface NamedArray permits Tensor, DoubleTensor {
  /** Returns the name: any string except {@code __metadata__}. */
  String name();

  /** Returns the sizes of the dimensions. */
  int[] shape();

  /** Returns the number of elements. */
  int count();

  /** Returns the type of the elements, as the header names it. */
  Dtype dtype();

  /** Element types, little-endian. */
  enum Dtype {
    /** IEEE 754 single. */
    F32(Float.BYTES),
    /** IEEE 754 double. */
    F64(Double.BYTES);

    private final int bytes;

    Dtype(int bytes) {
      this.bytes = bytes;
    }

    /** Returns the bytes of one element. */
    int bytes() {
      return bytes;
    }
  }
}
