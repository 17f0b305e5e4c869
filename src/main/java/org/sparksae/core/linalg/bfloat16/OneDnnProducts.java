package org.sparksae.core.linalg.bfloat16;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;

/**
 * oneDNN's products. A call computes in its own thread alone and takes a workspace that no other
 * call uses, so there are as many workspaces as calls at one time.
 */
final class OneDnnProducts implements Bfloat16Products {
  /** Floats of a result that are computed at once: what stays in a core's cache until copied. */
  private static final int BLOCK = 1 << 20;

  /** A block has a multiple of as many rows or columns: those of a kernel, and a cache line's. */
  private static final int GRAIN = 64;

  private final OneDnn oneDnn;
  private final ElementType type;

  /** The last one used is the first to be used again: its memory is in a cache, others' is not. */
  private final Deque<Workspace> idle = new ConcurrentLinkedDeque<>();

  OneDnnProducts(OneDnn oneDnn, ElementType type) {
    this.oneDnn = oneDnn;
    this.type = type;
  }

  @Override
  public Matrix matrix(int rows, int columns) {
    return oneDnn.matrix(type, rows, columns);
  }

  @Override
  public void timesTransposed(Matrix a, Matrix w, int firstUnit, DenseRows c) {
    View units = ((OneDnnMatrix) w).view(firstUnit, c.columns());
    multiply(firstRows(a, c.rows()), units.transposed(), c.values(), c.offset(), false);
  }

  @Override
  public void times(Matrix a, Matrix w, DenseRows c) {
    View units = firstRows(w, w.rows());
    requireEqual("columns of w and of c", w.columns(), c.columns());
    multiply(firstRows(a, c.rows()), units, c.values(), c.offset(), false);
  }

  @Override
  public void transposedTimes(
      Matrix a, Matrix b, int n, float[] w, int wOffset, int from, int to, boolean accumulate) {
    long end = wOffset + (long) a.columns() * b.columns();
    if (from < 0 || to < from || to > a.columns() || wOffset < 0 || end > w.length) {
      throw new IllegalArgumentException(
          Text.format(
              "rows %d to %d must be rows of a %d x %d matrix at offset %d of an array, which has"
                  + " %d floats",
              from, to, a.columns(), b.columns(), wOffset, w.length));
    }
    View some = firstRows(a, n).columns(from, to).transposed();
    multiply(some, firstRows(b, n), w, wOffset + from * b.columns(), accumulate);
  }

  private static View firstRows(Matrix matrix, int n) {
    return ((OneDnnMatrix) matrix).view(0, n);
  }

  private static void requireEqual(String what, int one, int other) {
    if (one != other) {
      throw new IllegalArgumentException(
          Text.format("%s must be equally many, got %d and %d", what, one, other));
    }
  }

  /** Computes {@code C = A B} or {@code C += A B}, with C row-major at {@code offset}. */
  private void multiply(View a, View b, float[] c, int offset, boolean accumulate) {
    requireEqual("columns of A and rows of B", a.columns(), b.rows());
    int stride = b.columns();
    if (a.columns() == 0 && !accumulate) {
      Arrays.fill(c, offset, offset + a.rows() * stride, 0f);
    }
    if (a.columns() == 0 || a.rows() == 0) {
      return;
    }
    int rows = a.rows() < stride ? a.rows() : grains(BLOCK / stride);
    int columns = a.rows() < stride ? grains(BLOCK / a.rows()) : stride;
    Workspace polled = idle.poll();
    Workspace workspace = polled == null ? new Workspace(oneDnn) : polled;
    for (int i = 0; i < a.rows(); i += rows) {
      View someRows = a.rows(i, Math.min(a.rows(), i + rows));
      for (int j = 0; j < stride; j += columns) {
        View someColumns = b.columns(j, Math.min(stride, j + columns));
        workspace.compute(someRows, someColumns, c, offset + i * stride + j, stride, accumulate);
      }
    }
    // Not after a failure, which may leave it unusable.
    idle.push(workspace);
    // Their memory is in use as long as oneDNN reads it, which Java does not see.
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
  }

  private static int grains(int size) {
    return Math.max(GRAIN, size - size % GRAIN);
  }
}
