package org.sparksae.core.linalg;

import java.util.Arrays;

/**
 * Element-wise and reducing loops over float ranges, in the Vector API where the process has it,
 * else as plain loops; {@link #backend} tells which and why, and the system property {@code
 * org.sparksae.kernels} ({@code auto}, {@code vector} or {@code scalar}) forces one.
 *
 * <p>They work on ranges of arrays, without a call, a closure or an allocation per element. Ranges
 * are the caller's to check: they lie inside their arrays, and those read and written do not
 * overlap unless they are the same. A length of 0 changes nothing; NaN and infinity are as in IEEE
 * arithmetic unless said otherwise.
 *
 * <p>Sums that leave a block are made in double, so that they do not depend on how rows were cut
 * into blocks beyond rounding in double precision. The order of every sum depends on its length
 * only, and an element of an element-wise result on nothing but its own inputs: one backend gives
 * the same bits every time. Two backends differ by rounding: the vector one fuses multiplication
 * and addition.
 */
public final class Kernels {
  private static final KernelProviders.Choice CHOICE =
      KernelProviders.choose(System.getProperty(KernelProviders.PROPERTY));

  /** Static and final: the JIT compiler sees its class, and no call is virtual. */
  private static final KernelProvider PROVIDER = CHOICE.provider();

  private Kernels() {}

  /** What computes the kernels, and if it is not the Vector API, why: a line for summaries. */
  public static String backend() {
    return CHOICE.text();
  }

  static KernelProvider provider() {
    return PROVIDER;
  }

  /**
   * {@code z = 1 / (1 + exp(-z))} for {@code from <= i < to}, in place, to float rounding. Exactly
   * 1 from z = 17.4 on, falls to +0 below z = -104; NaN stays NaN.
   */
  public static void sigmoid(float[] z, int from, int to) {
    PROVIDER.sigmoid(z, from, to);
  }

  /**
   * {@code z = tanh(z)} for {@code from <= i < to}, in place, to float rounding of the result, near
   * 0 too. Exactly +-1 from |z| = 10 on; -0 and NaN stay.
   */
  public static void tanh(float[] z, int from, int to) {
    PROVIDER.tanh(z, from, to);
  }

  /** {@code z = max(z, 0)} for {@code from <= i < to}, in place; -0 becomes 0, NaN stays NaN. */
  public static void relu(float[] z, int from, int to) {
    PROVIDER.relu(z, from, to);
  }

  /** {@code delta *= h (1 - h)}, the derivative of the sigmoid h. */
  public static void multiplySigmoidDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    PROVIDER.multiplySigmoidDerivative(delta, deltaFrom, h, hFrom, length);
  }

  /** {@code delta *= 1 - h^2}, the derivative of h = tanh. */
  public static void multiplyTanhDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    PROVIDER.multiplyTanhDerivative(delta, deltaFrom, h, hFrom, length);
  }

  /** {@code delta = 0} where h is not above 0, NaN included: the derivative of h = max(z, 0). */
  public static void multiplyReluDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    PROVIDER.multiplyReluDerivative(delta, deltaFrom, h, hFrom, length);
  }

  /** {@code x[i] = value} for {@code from <= i < to}. */
  public static void fill(float[] x, int from, int to, float value) {
    Arrays.fill(x, from, to, value);
  }

  /** {@code y[yFrom + i] += a * x[xFrom + i]} for {@code 0 <= i < length}. */
  public static void axpy(float a, float[] x, int xFrom, float[] y, int yFrom, int length) {
    PROVIDER.axpy(a, x, xFrom, y, yFrom, length);
  }

  /**
   * {@code sum over i of x[xFrom + i] * y[yFrom + i]} for {@code 0 <= i < length}, in float; 0 if
   * there are none.
   */
  public static float dot(float[] x, int xFrom, float[] y, int yFrom, int length) {
    return PROVIDER.dot(x, xFrom, y, yFrom, length);
  }

  /**
   * The product of a sparse row with a matrix: {@code y[yFrom + c] += sum over from <= p < to of
   * coefficients[p] * W[rows[p], c]}, for each c in ascending order of p.
   *
   * @param coefficients the non-zeros; read in [from, to)
   * @param rows the row of W that each belongs to; read in [from, to)
   * @param from the first non-zero
   * @param to one past the last
   * @param matrix W, [any number of rows, columns] row-major, at {@code matrixOffset}; its last
   *     element's index fits an int
   * @param matrixOffset where W begins
   * @param columns number of columns of W
   * @param y takes the sum, [columns], at {@code yFrom}
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
   * The product of some rows of a matrix with a row: {@code out[p] = sum over c of x[xFrom + c] *
   * W[rows[p], c]} for {@code from <= p < to}, in float. An entry does not depend on the others.
   *
   * @param x the row, [columns], at {@code xFrom}
   * @param xFrom where x begins
   * @param rows the rows of W; read in [from, to)
   * @param from the first place in {@code rows} and {@code out}
   * @param to one past the last
   * @param matrix W, as in {@link #addGatheredRows}
   * @param matrixOffset where W begins
   * @param columns number of columns of W
   * @param out takes the products, in [from, to)
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
   * One step of Adam for {@code 0 <= i < length}:
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

  /** {@code x[i, j] += v[vOffset + j]} for every row i. */
  public static void addToRows(DenseRows x, float[] v, int vOffset) {
    int columns = x.columns();
    for (int start = x.offset(); start < x.end(); start += columns) {
      PROVIDER.add(v, vOffset, x.values(), start, columns);
    }
  }

  /** {@code x[i, j] += scale[i] * v[j]}; a null {@code scale} is 1 for every row. */
  public static void addScaledToRows(DenseRows x, float[] scale, float[] v) {
    if (scale == null) {
      addToRows(x, v, 0);
      return;
    }
    for (int i = 0; i < x.rows(); i++) {
      PROVIDER.axpy(scale[i], v, 0, x.values(), x.rowOffset(i), x.columns());
    }
  }

  /** {@code x[i, j] *= scale[i]}; a null {@code scale} changes nothing. */
  public static void scaleRows(DenseRows x, float[] scale) {
    if (scale == null) {
      return;
    }
    for (int i = 0; i < x.rows(); i++) {
      PROVIDER.scale(scale[i], x.values(), x.rowOffset(i), x.columns());
    }
  }

  /**
   * {@code sums[sumsOffset + j] += sum over i of x[i, j]}, in float and in row order: a bias
   * gradient of one block.
   */
  public static void addColumnSums(DenseRows x, float[] sums, int sumsOffset) {
    int columns = x.columns();
    for (int start = x.offset(); start < x.end(); start += columns) {
      PROVIDER.add(x.values(), start, sums, sumsOffset, columns);
    }
  }

  /**
   * {@code sums[sumsOffset + j] += sum over i of weight[i] * x[i, j]}, in double and in row order;
   * null weights are 1.
   */
  public static void addWeightedColumnSums(
      DenseRows x, float[] weights, double[] sums, int sumsOffset) {
    for (int i = 0; i < x.rows(); i++) {
      double weight = weights == null ? 1.0 : weights[i];
      PROVIDER.axpy(weight, x.values(), x.rowOffset(i), sums, sumsOffset, x.columns());
    }
  }

  /** {@code out = a - b}, all [n, d]. */
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

  /** {@code sum over j of x[from + j]^2} for {@code length} elements, in double. */
  public static double squaredNorm(float[] x, int from, int length) {
    return PROVIDER.squaredNorm(x, from, length);
  }

  /** {@code sum over i of (x[xFrom + i] - y[yFrom + i])^2}, differences and sum in double. */
  public static double squaredDistance(float[] x, int xFrom, float[] y, int yFrom, int length) {
    return PROVIDER.squaredDistance(x, xFrom, y, yFrom, length);
  }

  /** Floats that a vector of positions has in a {@link Correlation}: the same in a process. */
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
   * {@code image[positions[v] + tap + l] += values[from + v lanes + l]} for every position and
   * every lane, position after position: what one tap of a {@link Correlation} gives back to the
   * image.
   */
  public static void addShifted(float[] values, int from, int[] positions, int tap, float[] image) {
    PROVIDER.addShifted(values, from, positions, tap, image);
  }

  /**
   * Where, counted from {@code from}, the largest of {@code length} elements is, 1 or more; of
   * equal ones the first. NaN is larger than anything, so that it is seen.
   */
  public static int argMax(float[] x, int from, int length) {
    return PROVIDER.argMax(x, from, length);
  }

  /** Whether none of {@code length} elements is infinite or NaN. */
  public static boolean allFinite(float[] x, int from, int length) {
    return PROVIDER.allFinite(x, from, length);
  }

  /**
   * The entries of a row whose magnitude is not below {@code least}, NaN included, in order.
   *
   * @param x the row, {@code length} entries from {@code from} on
   * @param least above 0
   * @param columns takes the entries' places in the row, [at least length]; undefined from the
   *     number of entries on
   * @param values takes the entries, likewise
   * @return the number of entries
   */
  public static int activeEntries(
      float[] x, int from, int length, float least, int[] columns, double[] values) {
    return PROVIDER.activeEntries(x, from, length, least, columns, values);
  }

  /** {@code sums[sumsOffset + j] += x[j]} for every j. */
  public static void addTo(float[] x, double[] sums, int sumsOffset) {
    addTo(x, 0, x.length, sums, sumsOffset);
  }

  /** {@code sums[sumsOffset + j] += x[from + j]} for {@code 0 <= j < length}. */
  public static void addTo(float[] x, int from, int length, double[] sums, int sumsOffset) {
    PROVIDER.axpy(1.0, x, from, sums, sumsOffset, length);
  }
}
