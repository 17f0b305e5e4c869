package org.sparksae.core.linalg;

import java.nio.ByteBuffer;

/**
 * An implementation of the kernels, chosen once per process by {@link KernelProviders}. {@link
 * Kernels} has their equations; nothing is checked here.
 *
 * <p>In every implementation, an element of an element-wise result does not depend on its position
 * in the range, and the order of a sum depends only on its length. So one implementation always
 * gives the same bits, interpreted or compiled, however the work is divided.
 */
interface KernelProvider {

  /** Returns the name, for logs and summaries. */
  String description();

  void sigmoid(float[] z, int from, int to);

  void tanh(float[] z, int from, int to);

  void relu(float[] z, int from, int to);

  void multiplySigmoidDerivative(float[] delta, int deltaFrom, float[] h, int hFrom, int length);

  void multiplyTanhDerivative(float[] delta, int deltaFrom, float[] h, int hFrom, int length);

  void multiplyReluDerivative(float[] delta, int deltaFrom, float[] h, int hFrom, int length);

  /** {@code y += x}. */
  void add(float[] x, int xFrom, float[] y, int yFrom, int length);

  /** {@code z = x - y}. */
  void subtract(float[] x, int xFrom, float[] y, int yFrom, float[] z, int zFrom, int length);

  /** {@code x *= a}. */
  void scale(float a, float[] x, int from, int length);

  /** {@code y += a x}. */
  void axpy(float a, float[] x, int xFrom, float[] y, int yFrom, int length);

  /** {@code y += a x} in double. If a holds a float's value, the products are exact. */
  void axpy(double a, float[] x, int xFrom, double[] y, int yFrom, int length);

  float dot(float[] x, int xFrom, float[] y, int yFrom, int length);

  double squaredNorm(float[] x, int from, int length);

  double squaredDistance(float[] x, int xFrom, float[] y, int yFrom, int length);

  void addGatheredRows(
      float[] coefficients,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] y,
      int yFrom);

  void dotGatheredRows(
      float[] x,
      int xFrom,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] out);

  void adam(
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
      AdamStep step);

  /**
   * Appends the entries {@code s = z + bias} that are not at or below a threshold, in index order.
   * NaN entries are always appended, and a NaN threshold appends every entry.
   *
   * @param z the pre-activations, {@code length} of them from {@code zFrom} on
   * @param bias the biases, from {@code biasFrom} on
   * @param magnitude whether {@code |s|} is compared instead of s
   * @param firstIndex the index of the first entry
   * @param values receives s; needs room for {@code length} entries from {@code at} on
   * @param indices receives the indices, likewise
   * @param at index at which to store the first entry
   * @return the index after the last entry stored; elements from there to {@code at + length} may
   *     have been overwritten
   */
  int scanAbove(
      float[] z,
      int zFrom,
      int length,
      float[] bias,
      int biasFrom,
      boolean magnitude,
      float threshold,
      int firstIndex,
      float[] values,
      int[] indices,
      int at);

  /**
   * Appends the entries {@code s = z + bias} that are not at or below a threshold of their own, as
   * {@link #scanAbove} does.
   *
   * @param thresholds the thresholds, from {@code thresholdsFrom} on
   */
  int scanAboveEach(
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
      int at);

  /**
   * Computes the maxima of {@code groups} disjoint groups of keys ({@code z + bias} or its
   * magnitude). The groups have equal sizes and together cover the first entries. NaN counts as
   * minus infinity.
   *
   * @param groups number of groups, a multiple of {@link #GROUP_MULTIPLE} and at most {@code
   *     length}
   * @param maxima receives the maxima, [groups]
   */
  void groupMaxima(
      float[] z,
      int zFrom,
      int length,
      float[] bias,
      int biasFrom,
      boolean magnitude,
      int groups,
      float[] maxima);

  /** Returns the floats in a vector of {@link #correlate}, at most 16. */
  int lanes();

  void correlate(Correlation correlation);

  void addGradient(CorrelationGradient gradient);

  /** {@code image[positions[v] + tap + l] += values[from + v lanes + l]}. */
  void addShifted(float[] values, int from, int[] positions, int tap, float[] image);

  int argMax(float[] x, int from, int length);

  boolean allFinite(float[] x, int from, int length);

  /** {@code to} = the floats whose upper halves are at byte {@code at} of {@code from}. */
  void widenBfloat16(ByteBuffer from, int at, float[] to, int toFrom, int length);

  /** {@code to} = the values of {@code from}, rounded to bfloat16; both may be the same. */
  void roundToBfloat16(float[] from, int fromAt, float[] to, int toAt, int length);

  /** Stores the values of {@code from} as bfloat16 from byte {@code at} of {@code to} on. */
  void narrowBfloat16(float[] from, int fromAt, ByteBuffer to, int at, int length);

  int activeEntries(float[] x, int from, int length, float least, int[] columns, double[] values);

  /**
   * The number of groups must be a multiple of this, the lanes of the widest vectors that exist.
   */
  int GROUP_MULTIPLE = 16;
}
