package org.sparksae.core.linalg.bfloat16;

/**
 * A product {@code C = A B} of one shape, ready to be computed again and again by one thread at a
 * time. C is row-major, without gaps, in float32.
 */
final class Matmul {
  private static final int SCRATCHPAD_MODE_USER = 1;
  private static final int FPMATH_MODE_STRICT = 0;
  private static final int QUERY_SCRATCHPAD = 136;
  private static final int FLOAT32 = ElementType.FLOAT32.number;

  /** {@code DNNL_ARG_SRC}, {@code _WEIGHTS}, {@code _DST} and {@code _SCRATCHPAD}. */
  private static final int[] ARGUMENTS = {1, 33, 17, 80};

  private static final int SCRATCHPAD = 3;

  /** The size of {@code dnnl_exec_arg_t}: a number, a gap and an address. */
  private static final int ARGUMENT_BYTES = 16;

  /**
   * What a primitive is made for.
   *
   * @param rows of A and C
   * @param terms columns of A and rows of B
   * @param columns of B and C
   */
  record Shape(
      ElementType type,
      int rows,
      int terms,
      int columns,
      long aRowStride,
      long aColumnStride,
      long bRowStride,
      long bColumnStride) {

    static Shape of(View a, View b) {
      return new Shape(
          a.matrix().type(),
          a.rows(),
          a.columns(),
          b.columns(),
          a.rowStride(),
          a.columnStride(),
          b.rowStride(),
          b.columnStride());
    }
  }

  private final OneDnn oneDnn;
  private final long primitive;
  private final long[] memories;
  private final Memory arguments;
  private final int scratchpadBytes;

  Matmul(OneDnn oneDnn, Shape s) {
    this.oneDnn = oneDnn;
    long a =
        oneDnn.description(s.type().number, s.rows(), s.terms(), s.aRowStride(), s.aColumnStride());
    long b =
        oneDnn.description(
            s.type().number, s.terms(), s.columns(), s.bRowStride(), s.bColumnStride());
    long c = oneDnn.description(FLOAT32, s.rows(), s.columns(), s.columns(), 1);
    long attributes = oneDnn.create("dnnl_primitive_attr_create");
    // The environment can set another default, which rounds further.
    oneDnn.run("dnnl_primitive_attr_set_fpmath_mode", attributes, FPMATH_MODE_STRICT);
    // Otherwise the memory belongs to the thread that made the primitive, and others cannot use it.
    oneDnn.run("dnnl_primitive_attr_set_scratchpad_mode", attributes, SCRATCHPAD_MODE_USER);
    long description = oneDnn.matmul(a, b, c, attributes);
    long scratchpad = oneDnn.get("dnnl_primitive_desc_query_md", description, QUERY_SCRATCHPAD, 0);
    scratchpadBytes = Math.toIntExact(oneDnn.get("dnnl_memory_desc_get_size", scratchpad));
    primitive = oneDnn.create("dnnl_primitive_create", description);
    arguments = oneDnn.allocate(ARGUMENTS.length * ARGUMENT_BYTES);
    long[] descriptions = {a, b, c, scratchpad};
    memories = new long[scratchpadBytes == 0 ? SCRATCHPAD : SCRATCHPAD + 1];
    for (int i = 0; i < memories.length; i++) {
      memories[i] = oneDnn.memory(descriptions[i]);
      arguments.bytes().putInt(i * ARGUMENT_BYTES, ARGUMENTS[i]);
      arguments.bytes().putLong(i * ARGUMENT_BYTES + Long.BYTES, memories[i]);
    }
    oneDnn.run("dnnl_primitive_desc_destroy", description);
    oneDnn.run("dnnl_primitive_attr_destroy", attributes);
    for (int i = 0; i < SCRATCHPAD; i++) {
      oneDnn.run("dnnl_memory_desc_destroy", descriptions[i]);
    }
  }

  /** Returns how much memory {@link #compute} needs beside the matrices. */
  int scratchpadBytes() {
    return scratchpadBytes;
  }

  /** Computes the product of matrices at these addresses. */
  void compute(long stream, long a, long b, Memory c, Memory scratchpad) {
    long[] addresses = {a, b, c.address(), scratchpad.address()};
    for (int i = 0; i < memories.length; i++) {
      oneDnn.run("dnnl_memory_set_data_handle", memories[i], addresses[i]);
    }
    oneDnn.run("dnnl_primitive_execute", primitive, stream, memories.length, arguments.address());
    oneDnn.run("dnnl_stream_wait", stream);
  }

  /** Frees what oneDNN holds. */
  void destroy() {
    for (long memory : memories) {
      oneDnn.run("dnnl_memory_destroy", memory);
    }
    oneDnn.run("dnnl_primitive_destroy", primitive);
  }
}
