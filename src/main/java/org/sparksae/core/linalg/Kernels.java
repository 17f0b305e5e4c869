package org.sparksae.core.linalg;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Element-wise operations and reductions over float ranges. They use the Vector API if the process
 * has it, and plain loops otherwise. {@link #backend} says which and why; the system property
 * {@code org.sparksae.kernels} ({@code auto}, {@code vector} or {@code scalar}) forces one.
 *
 * <p>The kernels make no call and no allocation per element. The caller must check the ranges: they
 * must lie inside their arrays, and a range that is read may overlap a range that is written only
 * if both are the same. A length of 0 changes nothing. NaN and infinity behave as in IEEE
 * arithmetic unless a method says otherwise.
 *
 * <p>Sums over more than one block are accumulated in double, so dividing the rows into other
 * blocks changes them only by rounding in double precision. The order of every sum depends only on
 * its length, and an element of an element-wise result only on its own inputs. So one backend gives
 * the same bits every time. The two backends differ by rounding, because the vector backend fuses
 * multiplication and addition.
 */
public final class Kernels {
  private static final KernelProviders.Choice CHOICE =
      KernelProviders.choose(System.getProperty(KernelProviders.PROPERTY));

  /** Static and final, so that the JIT compiler knows its class and makes no virtual call. */
  private static final KernelProvider PROVIDER = CHOICE.provider();

  private Kernels() {}

  /**
   * Returns a line for summaries: what computes the kernels and, if it is not the Vector API, why.
   */
  public static String backend() {
    return CHOICE.text();
  }

  static KernelProvider provider() {
    return PROVIDER;
  }

  /**
   * Computes {@code z = 1 / (1 + exp(-z))} for {@code from <= i < to}, in place, accurate to float
   * rounding. The result is exactly 1 from z = 17.4 on and +0 below z = -104. NaN stays NaN.
   */
  public static void sigmoid(float[] z, int from, int to) {
    PROVIDER.sigmoid(z, from, to);
  }

  /**
   * Computes {@code z = tanh(z)} for {@code from <= i < to}, in place, accurate to float rounding
   * of the result, also near 0. The result is exactly +-1 from |z| = 10 on. -0 and NaN are kept.
   */
  public static void tanh(float[] z, int from, int to) {
    PROVIDER.tanh(z, from, to);
  }

  /**
   * Computes {@code z = max(z, 0)} for {@code from <= i < to}, in place. -0 becomes 0; NaN stays
   * NaN.
   */
  public static void relu(float[] z, int from, int to) {
    PROVIDER.relu(z, from, to);
  }

  /** Computes {@code delta *= h (1 - h)}, the derivative of the sigmoid h. */
  public static void multiplySigmoidDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    PROVIDER.multiplySigmoidDerivative(delta, deltaFrom, h, hFrom, length);
  }

  /** Computes {@code delta *= 1 - h^2}, the derivative of h = tanh(z). */
  public static void multiplyTanhDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    PROVIDER.multiplyTanhDerivative(delta, deltaFrom, h, hFrom, length);
  }

  /** Sets {@code delta = 0} where h is not above 0 or is NaN: the derivative of h = max(z, 0). */
  public static void multiplyReluDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    PROVIDER.multiplyReluDerivative(delta, deltaFrom, h, hFrom, length);
  }

  /** Sets {@code x[i] = value} for {@code from <= i < to}. */
  public static void fill(float[] x, int from, int to, float value) {
    Arrays.fill(x, from, to, value);
  }

  /** Computes {@code y[yFrom + i] += a * x[xFrom + i]} for {@code 0 <= i < length}. */
  public static void axpy(float a, float[] x, int xFrom, float[] y, int yFrom, int length) {
    PROVIDER.axpy(a, x, xFrom, y, yFrom, length);
  }

  /**
   * Returns {@code sum over i of x[xFrom + i] * y[yFrom + i]} for {@code 0 <= i < length}, computed
   * in float; 0 if the length is 0.
   */
  public static float dot(float[] x, int xFrom, float[] y, int yFrom, int length) {
    return PROVIDER.dot(x, xFrom, y, yFrom, length);
  }

  /**
   * Adds the product of a sparse row with a matrix: {@code y[yFrom + c] += sum over from <= p < to
   * of coefficients[p] * W[rows[p], c]} for each c, in ascending order of p.
   *
   * @param coefficients the non-zeros; read in [from, to)
   * @param rows the row of W for each non-zero; read in [from, to)
   * @param from the first non-zero
   * @param to one past the last
   * @param matrix W, [any number of rows, columns] row-major, at {@code matrixOffset}; the index of
   *     its last element fits an int
   * @param matrixOffset where W begins
   * @param columns number of columns of W
   * @param y the products are added to it; [columns], at {@code yFrom}
   * @param yFrom where y begins
   */
  public static void addGatheredRows(
      float[] coefficients,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] y,
      int yFrom) {
    PROVIDER.addGatheredRows(coefficients, rows, from, to, matrix, matrixOffset, columns, y, yFrom);
  }

  /**
   * Computes the product of selected rows of a matrix with a row: {@code out[p] = sum over c of
   * x[xFrom + c] * W[rows[p], c]} for {@code from <= p < to}, in float. Entries do not depend on
   * each other.
   *
   * @param x the row, [columns], at {@code xFrom}
   * @param xFrom where x begins
   * @param rows the rows of W; read in [from, to)
   * @param from the first index in {@code rows} and {@code out}
   * @param to one past the last
   * @param matrix W, as in {@link #addGatheredRows}
   * @param matrixOffset where W begins
   * @param columns number of columns of W
   * @param out receives the products, in [from, to)
   */
  public static void dotGatheredRows(
      float[] x,
      int xFrom,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] out) {
    PROVIDER.dotGatheredRows(x, xFrom, rows, from, to, matrix, matrixOffset, columns, out);
  }

  /**
   * Performs one step of Adam for {@code 0 <= i < length}:
   *
   * <pre>
   *   g = scale * gradient[gFrom + i] + decay * p[pFrom + i]
   *   m = beta1 m + (1 - beta1) g          at stateFrom + i
   *   v = beta2 v + (1 - beta2) g^2        at stateFrom + i
   *   p = p - rate * m / (sqrt(v) * vScale + epsilon)
   * </pre>
   */
  public static void adam(
      float[] p,
      int pFrom,
      float[] gradient,
      int gFrom,
      float scale,
      float decay,
      float[] m,
      float[] v,
      int stateFrom,
      int length,
      AdamStep step) {
    PROVIDER.adam(p, pFrom, gradient, gFrom, scale, decay, m, v, stateFrom, length, step);
  }

  /** Computes {@code x[i, j] += v[vOffset + j]} for every row i. */
  public static void addToRows(DenseRows x, float[] v, int vOffset) {
    int columns = x.columns();
    for (int start = x.offset(); start < x.end(); start += columns) {
      PROVIDER.add(v, vOffset, x.values(), start, columns);
    }
  }

  /**
   * Computes {@code x[i, j] += scale[i] * v[j]}. If {@code scale} is null, it is 1 for every row.
   */
  public static void addScaledToRows(DenseRows x, float[] scale, float[] v) {
    if (scale == null) {
      addToRows(x, v, 0);
      return;
    }
    for (int i = 0; i < x.rows(); i++) {
      PROVIDER.axpy(scale[i], v, 0, x.values(), x.rowOffset(i), x.columns());
    }
  }

  /** Computes {@code x[i, j] *= scale[i]}. If {@code scale} is null, nothing changes. */
  public static void scaleRows(DenseRows x, float[] scale) {
    if (scale == null) {
      return;
    }
    for (int i = 0; i < x.rows(); i++) {
      PROVIDER.scale(scale[i], x.values(), x.rowOffset(i), x.columns());
    }
  }

  /** Computes {@code x[from + i] *= factor} for {@code 0 <= i < length}. */
  public static void scale(float factor, float[] x, int from, int length) {
    PROVIDER.scale(factor, x, from, length);
  }

  /**
   * Computes {@code sums[sumsOffset + j] += sum over i of x[i, j]}, in float and in row order: the
   * bias gradient of one block.
   */
  public static void addColumnSums(DenseRows x, float[] sums, int sumsOffset) {
    int columns = x.columns();
    for (int start = x.offset(); start < x.end(); start += columns) {
      PROVIDER.add(x.values(), start, sums, sumsOffset, columns);
    }
  }

  /**
   * Computes {@code sums[sumsOffset + j] += sum over i of weight[i] * x[i, j]}, in double and in
   * row order. If the weights are null, they are 1.
   */
  public static void addWeightedColumnSums(
      DenseRows x, float[] weights, double[] sums, int sumsOffset) {
    for (int i = 0; i < x.rows(); i++) {
      double weight = weights == null ? 1.0 : weights[i];
      PROVIDER.axpy(weight, x.values(), x.rowOffset(i), sums, sumsOffset, x.columns());
    }
  }

  /** Computes {@code out = a - b}, all [n, d]. */
  public static void subtract(DenseRows a, DenseRows b, DenseRows out) {
    PROVIDER.subtract(
        a.values(),
        a.offset(),
        b.values(),
        b.offset(),
        out.values(),
        out.offset(),
        a.rows() * a.columns());
  }

  /** Returns {@code sum over j of x[from + j]^2} over {@code length} elements, in double. */
  public static double squaredNorm(float[] x, int from, int length) {
    return PROVIDER.squaredNorm(x, from, length);
  }

  /**
   * Returns {@code sum over i of (x[xFrom + i] - y[yFrom + i])^2}, with differences and sum in
   * double.
   */
  public static double squaredDistance(float[] x, int xFrom, float[] y, int yFrom, int length) {
    return PROVIDER.squaredDistance(x, xFrom, y, yFrom, length);
  }

  /**
   * Returns the number of floats in a vector of a {@link Correlation}; constant within a process.
   */
  public static int lanes() {
    return PROVIDER.lanes();
  }

  /** Computes a {@link Correlation}. */
  public static void correlate(Correlation correlation) {
    PROVIDER.correlate(correlation);
  }

  /** Adds to the sums of a {@link CorrelationGradient}. */
  public static void addGradient(CorrelationGradient gradient) {
    PROVIDER.addGradient(gradient);
  }

  /**
   * Computes {@code image[positions[v] + tap + l] += values[from + v lanes + l]} for every position
   * and every lane, in order of positions: the gradient of the image that comes from one tap of a
   * {@link Correlation}.
   */
  public static void addShifted(float[] values, int from, int[] positions, int tap, float[] image) {
    PROVIDER.addShifted(values, from, positions, tap, image);
  }

  /**
   * Returns the index, relative to {@code from}, of the largest of {@code length} elements, 1 or
   * more. Among equal elements the first counts. NaN counts as larger than everything, so that it
   * shows.
   */
  public static int argMax(float[] x, int from, int length) {
    return PROVIDER.argMax(x, from, length);
  }

  /** Returns whether none of {@code length} elements is infinite or NaN. */
  public static boolean allFinite(float[] x, int from, int length) {
    return PROVIDER.allFinite(x, from, length);
  }

  /**
   * Sets {@code length} elements to numbers that are stored as bfloat16, the upper halves of
   * floats. This is exact.
   *
   * @param from has the processor's byte order
   * @param at its byte at which the first number is
   */
  public static void widenBfloat16(ByteBuffer from, int at, float[] to, int toFrom, int length) {
    PROVIDER.widenBfloat16(from, at, to, toFrom, length);
  }

  /**
   * Sets {@code length} elements to the nearest numbers that bfloat16 has; of two, to the one whose
   * last bit is 0. What lies half a step or more above the largest one becomes infinite. NaN stays
   * NaN, and zeros keep their sign.
   */
  public static void roundToBfloat16(float[] from, int fromAt, float[] to, int toAt, int length) {
    PROVIDER.roundToBfloat16(from, fromAt, to, toAt, length);
  }

  /** Returns a number as {@link #roundToBfloat16(float[], int, float[], int, int)} rounds it. */
  public static float roundToBfloat16(float value) {
    return ScalarKernels.roundToBfloat16(value);
  }

  /**
   * Stores {@code length} elements as bfloat16, the upper halves of what {@link
   * #roundToBfloat16(float[], int, float[], int, int)} yields.
   *
   * @param to has the processor's byte order
   * @param at its byte at which the first number is stored
   */
  public static void narrowBfloat16(float[] from, int fromAt, ByteBuffer to, int at, int length) {
    PROVIDER.narrowBfloat16(from, fromAt, to, at, length);
  }

  /**
   * Collects, in order, the entries of a row that are NaN or whose magnitude is at least {@code
   * least}.
   *
   * @param x the row, {@code length} entries from {@code from} on
   * @param least above 0
   * @param columns receives the columns of the entries, [at least length]; undefined after the last
   *     entry
   * @param values receives the entries, likewise
   * @return the number of entries
   */
  public static int activeEntries(
      float[] x, int from, int length, float least, int[] columns, double[] values) {
    return PROVIDER.activeEntries(x, from, length, least, columns, values);
  }

  /** Computes {@code sums[sumsOffset + j] += x[j]} for every j. */
  public static void addTo(float[] x, double[] sums, int sumsOffset) {
    addTo(x, 0, x.length, sums, sumsOffset);
  }

  /** Computes {@code sums[sumsOffset + j] += x[from + j]} for {@code 0 <= j < length}. */
  public static void addTo(float[] x, int from, int length, double[] sums, int sumsOffset) {
    PROVIDER.axpy(1.0, x, from, sums, sumsOffset, length);
  }

  /**
   * Appends the entries {@code s_j = z[zFrom + j] + bias[biasFrom + j]}, 0 &lt;= j &lt; length,
   * that exceed a threshold, or are NaN, to {@code values} and {@code indices}, in ascending order.
   *
   * @param firstIndex index of entry 0
   * @param at where to append; both arrays need {@code at + length} elements
   * @return one past the last entry that was appended
   */
  public static int scanAbove(
      float[] z,
      int zFrom,
      int length,
      float[] bias,
      int biasFrom,
      float threshold,
      int firstIndex,
      float[] values,
      int[] indices,
      int at) {
    return PROVIDER.scanAbove(
        z, zFrom, length, bias, biasFrom, false, threshold, firstIndex, values, indices, at);
  }

  /**
   * Appends the entries that exceed a threshold of their own, as {@link #scanAbove} does.
   *
   * @param thresholds that of entry 0 at {@code thresholdsFrom}
   */
  public static int scanAboveEach(
      float[] z,
      int zFrom,
      int length,
      float[] bias,
      int biasFrom,
      float[] thresholds,
      int thresholdsFrom,
      int firstIndex,
      float[] values,
      int[] indices,
      int at) {
    return PROVIDER.scanAboveEach(
        z,
        zFrom,
        length,
        bias,
        biasFrom,
        thresholds,
        thresholdsFrom,
        firstIndex,
        values,
        indices,
        at);
  }
}
