package org.sparksae.core.format;

/** What a safetensors file holds under a name: an array of one type and shape, row-major. */
public sealed interface NamedArray permits Tensor, DoubleTensor {
  /** Any string but {@code __metadata__}. */
  String name();

  /** The sizes of its dimensions. */
  int[] shape();

  /** Number of elements. */
  int count();

  /** The type of its elements, as the header names it. */
  Dtype dtype();

  /** Types of elements, little-endian. */
  enum Dtype {
    /** IEEE 754 single. */
    F32(Float.BYTES),
    /** IEEE 754 double. */
    F64(Double.BYTES);

    private final int bytes;

    Dtype(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of an element. */
    int bytes() {
      return bytes;
    }
  }
}
