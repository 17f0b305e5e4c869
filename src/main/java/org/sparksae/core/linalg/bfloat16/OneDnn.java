package org.sparksae.core.linalg.bfloat16;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.natives.SharedLibraries;
import org.sparksae.core.linalg.natives.UnavailableException;

/**
 * oneDNN's functions in C, version 3. Constants are those of its headers.
 *
 * <p>See <a href="https://uxlfoundation.github.io/oneDNN/group_dnnl_api.html">oneDNN's API</a>.
 */
final class OneDnn {
  private static final int VERSION = 3;
  private static final int CPU = 1;

  /** {@code dnnl_cpu_isa_avx512_core_bf16} and {@code dnnl_cpu_isa_avx10_1_512_amx}. */
  private static final int AVX512_BF16 = 0xe7;

  private static final int AMX = 0xfef;

  /** The states of {@code dnnl_status_t}. */
  private static final String[] STATES = {
    "success",
    "out of memory",
    "invalid arguments",
    "unimplemented",
    "last implementation reached",
    "runtime error",
    "not required"
  };

  private final SharedLibraries libraries;
  private final SharedLibraries.Library library;
  private final long engine;
  private final String version;

  /**
   * Starts the library.
   *
   * @throws UnavailableException if it is of another version
   */
  OneDnn(SharedLibraries libraries, SharedLibraries.Library library) throws UnavailableException {
    this.libraries = libraries;
    this.library = library;
    ByteBuffer numbers = libraries.bytes(library.callForLong("dnnl_version"), 3 * Integer.BYTES);
    this.version = numbers.getInt() + "." + numbers.getInt() + "." + numbers.getInt();
    if (numbers.getInt(0) != VERSION) {
      throw new UnavailableException(
          Text.format("it is oneDNN %s, must be of version %d", version, VERSION));
    }
    useOneThread();
    this.engine = create("dnnl_engine_create", CPU, 0);
  }

  /** Returns its version, such as {@code 3.11.0}. */
  String version() {
    return version;
  }

  /**
   * Returns the processor's instructions for bfloat16 that it uses, {@code AMX} or {@code
   * AVX512_BF16}; null if there are none, or the system or a variable of the environment keeps it
   * from using them.
   */
  String instructions() {
    long isa = library.callForLong("dnnl_get_effective_cpu_isa");
    return (isa & AMX) == AMX ? "AMX" : (isa & AVX512_BF16) == AVX512_BF16 ? "AVX512_BF16" : null;
  }

  /**
   * Makes oneDNN compute what this thread asks for in this thread alone. OpenMP keeps the number
   * for each thread. The function is that of the OpenMP which oneDNN calls, whatever others this
   * process has.
   */
  void useOneThread() {
    if (!library.call("omp_set_num_threads", 1)) {
      throw new IllegalStateException("oneDNN has no OpenMP: it cannot be limited to one thread");
    }
  }

  /** Returns new memory. */
  Memory allocate(int size) {
    return Memory.allocate(libraries, size);
  }

  /** Returns a new matrix of zeros. */
  OneDnnMatrix matrix(ElementType type, int rows, int columns) {
    return OneDnnMatrix.zeros(libraries, type, rows, columns);
  }

  /** Returns a new stream of this library's engine. */
  long stream() {
    return create("dnnl_stream_create", engine, 1);
  }

  /** Returns new memory of oneDNN's, without a buffer. */
  long memory(long description) {
    return create("dnnl_memory_create", description, engine, 0);
  }

  /** Returns a new description of a product; the bias has none. */
  long matmul(long a, long b, long c, long attributes) {
    return create("dnnl_matmul_primitive_desc_create", engine, a, b, 0, c, attributes);
  }

  /** Returns a new description of a matrix, [rows, columns], with strides in elements. */
  long description(int type, int rows, int columns, long rowStride, long columnStride) {
    Memory sizes = allocate(4 * Long.BYTES);
    sizes.bytes().putLong(rows).putLong(columns).putLong(rowStride).putLong(columnStride);
    long description =
        create(
            "dnnl_memory_desc_create_with_strides",
            2,
            sizes.address(),
            type,
            sizes.address() + 2 * Long.BYTES);
    Reference.reachabilityFence(sizes);
    return description;
  }

  /** Calls a function that stores a handle at its first argument, and returns the handle. */
  long create(String function, long... arguments) {
    Memory handle = allocate(Long.BYTES);
    long[] all = new long[arguments.length + 1];
    all[0] = handle.address();
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    run(function, all);
    long created = handle.bytes().getLong(0);
    Reference.reachabilityFence(handle);
    return created;
  }

  /**
   * Calls a function that returns a status.
   *
   * @throws IllegalStateException if it fails
   */
  void run(String function, long... arguments) {
    int status = (int) library.callForLong(function, arguments);
    if (status != 0) {
      throw new IllegalStateException(
          Text.format(
              "oneDNN's %s fails: %s",
              function,
              status > 0 && status < STATES.length ? STATES[status] : "status " + status));
    }
  }

  /** Calls a function that returns an address or a size. */
  long get(String function, long... arguments) {
    return library.callForLong(function, arguments);
  }
}
