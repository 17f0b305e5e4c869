package org.sparksae.core.model;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * The decoder vectors w_v of a tensor, as far as they lie in a range of the parameters. They are
 * the tensor's rows or its columns.
 *
 * <p>Sums are [count], one per vector, over the elements in the range alone. If a border of the
 * range cuts a vector, add up the sums of all ranges before you use them. The sum of a vector does
 * not depend on the size of the team.
 */
public final class UnitVectors {
  /** Threads share a row of columns by whole cache lines. */
  private static final int COLUMNS_GRAIN = 16;

  private final Tensor tensor;
  private final boolean byRows;
  private final int from;
  private final int to;
  private final Team team;

  /**
   * The vectors of a tensor in the range {@code from <= i < to} of the parameters.
   *
   * @param tensor a tensor whose vectors have length 1 ({@link TensorRole#hasUnitVectors})
   */
  public UnitVectors(Tensor tensor, int from, int to, Team team) {
    this(tensor, tensor.role() == TensorRole.UNIT_ROWS, from, to, team);
  }

  /** Returns all vectors of a tensor, of any length: its rows, or its columns. */
  public static UnitVectors all(Tensor tensor, boolean byRows, Team team) {
    return new UnitVectors(tensor, byRows, tensor.offset(), tensor.end(), team);
  }

  private UnitVectors(Tensor tensor, boolean byRows, int from, int to, Team team) {
    this.tensor = tensor;
    this.byRows = byRows;
    this.from = Math.max(from, tensor.offset());
    this.to = Math.min(to, tensor.end());
    this.team = team;
  }

  /** Makes all decoder vectors of a model that must have length 1 so. */
  static void normaliseAll(ParameterLayout layout, float[] parameters) {
    for (Tensor tensor : layout.tensors()) {
      if (tensor.role().hasUnitVectors()) {
        UnitVectors all = new UnitVectors(tensor, 0, layout.size(), Team.SOLO);
        all.normalise(parameters, all.squares(parameters));
      }
    }
  }

  /** Returns the number of vectors of the tensor, in the range or not. */
  public int count() {
    return byRows ? tensor.rows() : tensor.columns();
  }

  /**
   * Returns the vectors that have elements on both sides of a border, ascending.
   *
   * @param borders the first index of each range after the first, ascending
   */
  public int[] cutAt(int[] borders) {
    IntStream inside =
        Arrays.stream(borders)
            .filter(border -> tensor.offset() < border && border < tensor.end())
            .map(border -> border - tensor.offset());
    if (byRows) {
      return inside
          .filter(at -> at % tensor.columns() != 0)
          .map(at -> at / tensor.columns())
          .distinct()
          .toArray();
    }
    return inside.findAny().isPresent() ? IntStream.range(0, count()).toArray() : new int[0];
  }

  /** Returns {@code x_v . y_v} for each vector. */
  public double[] products(float[] x, float[] y) {
    double[] sums = new double[count()];
    forPieces(
        (start, end, v) -> {
          if (byRows) {
            sums[v] = Kernels.dot(x, start, y, start, end - start);
          } else {
            addProducts(x, y, start, end, sums, v);
          }
        });
    return sums;
  }

  /** Returns {@code |x_v|^2} for each vector. */
  public double[] squares(float[] x) {
    double[] sums = new double[count()];
    forPieces(
        (start, end, v) -> {
          if (byRows) {
            sums[v] = Kernels.squaredNorm(x, start, end - start);
          } else {
            addProducts(x, x, start, end, sums, v);
          }
        });
    return sums;
  }

  private static void addProducts(
      float[] x, float[] y, int start, int end, double[] sums, int firstVector) {
    for (int i = start; i < end; i++) {
      sums[firstVector + i - start] += (double) x[i] * y[i];
    }
  }

  /** Computes {@code y_v -= factors_v x_v} in the range. */
  public void subtract(double[] factors, float[] x, float[] y) {
    forPieces(
        (start, end, v) -> {
          if (byRows) {
            Kernels.axpy((float) -factors[v], x, start, y, start, end - start);
          } else {
            for (int i = start; i < end; i++) {
              y[i] -= (float) (factors[v + i - start] * x[i]);
            }
          }
        });
  }

  /**
   * Computes {@code x_v /= |x_v|} in the range. A vector of length 0 has no direction and stays 0;
   * one whose length is not finite does not change.
   *
   * @param squares {@code |x_v|^2} of the whole vectors
   */
  public void normalise(float[] x, double[] squares) {
    setLengths(x, squares, 1);
  }

  /** Gives all vectors another length than 1, as {@link #normalise} does. */
  void setLengths(float[] x, double[] squares, double length) {
    double[] factors = Arrays.stream(squares).map(square -> factor(square, length)).toArray();
    int step = byRows ? 0 : 1;
    forPieces(
        (start, end, v) -> {
          for (int i = start; i < end; i++) {
            // In double, as the factor of a very short vector exceeds a float.
            x[i] = (float) (factors[v + step * (i - start)] * x[i]);
          }
        });
  }

  private static double factor(double squares, double length) {
    return squares > 0 && squares < Double.POSITIVE_INFINITY ? length / Math.sqrt(squares) : 1;
  }

  /** Adjacent elements of one row: all of vector {@code v}, or one of each vector from it on. */
  private interface Piece {
    void run(int start, int end, int v);
  }

  private void forPieces(Piece piece) {
    if (from >= to) {
      return;
    }
    int first = (from - tensor.offset()) / tensor.columns();
    int last = (to - 1 - tensor.offset()) / tensor.columns() + 1;
    if (byRows) {
      team.split(
          last - first,
          1,
          (member, a, b) -> forRows(first + a, first + b, 0, tensor.columns(), piece));
    } else {
      team.split(
          tensor.columns(), COLUMNS_GRAIN, (member, a, b) -> forRows(first, last, a, b, piece));
    }
  }

  /** The pieces of some rows and columns that lie in the range. */
  private void forRows(int firstRow, int lastRow, int firstColumn, int lastColumn, Piece piece) {
    for (int row = firstRow; row < lastRow; row++) {
      int at = tensor.offset() + row * tensor.columns();
      int start = Math.max(from, at + firstColumn);
      int end = Math.min(to, at + lastColumn);
      if (start < end) {
        piece.run(start, end, byRows ? row : start - at);
      }
    }
  }
}
