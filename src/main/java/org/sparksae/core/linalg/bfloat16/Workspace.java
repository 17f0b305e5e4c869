package org.sparksae.core.linalg.bfloat16;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sparksae.core.linalg.Kernels;

/** What one thread at a time needs to compute products: primitives, and memory for results. */
final class Workspace {
  /** A fit has some ten shapes; its last batch and other blocks have as many again. */
  private static final int MOST_SHAPES = 64;

  private final OneDnn oneDnn;
  private final long stream;
  private final Map<Matmul.Shape, Matmul> products = new LinkedHashMap<>(16, 0.75f, true);
  private Memory result;
  private Memory scratchpad;
  private float[] row = new float[0];

  Workspace(OneDnn oneDnn) {
    this.oneDnn = oneDnn;
    this.stream = oneDnn.stream();
    this.result = oneDnn.allocate(0);
    this.scratchpad = result;
  }

  /**
   * Computes {@code C = A B} or {@code C += A B}.
   *
   * @param c where element (0, 0) of C is at {@code offset}, and a row at each {@code stride}
   */
  void compute(View a, View b, float[] c, int offset, int stride, boolean accumulate) {
    oneDnn.useOneThread();
    Matmul product = product(Matmul.Shape.of(a, b));
    int columns = b.columns();
    result = atLeast(result, Math.multiplyExact(a.rows() * Float.BYTES, columns));
    scratchpad = atLeast(scratchpad, product.scratchpadBytes());
    product.compute(stream, a.address(), b.address(), result, scratchpad);
    FloatBuffer sums = result.bytes().asFloatBuffer();
    if (!accumulate && columns == stride) {
      sums.get(0, c, offset, a.rows() * columns);
      return;
    }
    row = row.length < columns ? new float[columns] : row;
    for (int i = 0; i < a.rows(); i++) {
      if (accumulate) {
        sums.get(i * columns, row, 0, columns);
        Kernels.axpy(1f, row, 0, c, offset + i * stride, columns);
      } else {
        sums.get(i * columns, c, offset + i * stride, columns);
      }
    }
  }

  private Matmul product(Matmul.Shape shape) {
    Matmul product = products.get(shape);
    if (product == null) {
      if (products.size() == MOST_SHAPES) {
        Matmul.Shape oldest = products.keySet().iterator().next();
        products.remove(oldest).destroy();
      }
      product = new Matmul(oneDnn, shape);
      products.put(shape, product);
    }
    return product;
  }

  private Memory atLeast(Memory memory, int size) {
    return memory.bytes().capacity() >= size ? memory : oneDnn.allocate(size);
  }
}
