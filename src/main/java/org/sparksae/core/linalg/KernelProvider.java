package org.sparksae.core.linalg;

/**
 * The bare kernels: one implementation per way to compute them, chosen once per process by {@link
 * KernelProviders}. Their equations stand in {@link Kernels}; nothing is checked here.
 *
 * <p>Every implementation makes each element of an element-wise result independent of where it lies
 * in its range, and sums in an order that depends on the length only: the same implementation gives
 * the same bits, interpreted or compiled, however the work was cut.
 */
interface KernelProvider {

  /** The name, for logs and summaries. */
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

  /** {@code y += a x} in double, with a float's value in a: the products are exact. */
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
   * NaN is never at or below; with a NaN threshold nothing is.
   *
   * @param z the pre-activations, {@code length} of them from {@code zFrom} on
   * @param bias their biases, from {@code biasFrom} on
   * @param magnitude whether {@code |s|} is compared instead of s
   * @param firstIndex the index of the first entry
   * @param values takes s; room for {@code length} more entries from {@code at} on
   * @param indices takes the indices, likewise
   * @param at where the first entry goes
   * @return where the next entry would go; what lies between it and {@code at + length} may have
   *     been overwritten
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
   * The maxima of {@code groups} disjoint groups of the keys ({@code z + bias} or its magnitude)
   * that cover the first entries, the same number each; NaN counts as minus infinity.
   *
   * @param groups number of groups, a multiple of {@link #GROUP_MULTIPLE} and at most {@code
   *     length}
   * @param maxima takes the maxima, [groups]
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

  /** Floats of a vector in {@link #correlate}: at most 16. */
  int lanes();

  void correlate(Correlation correlation);

  void addGradient(CorrelationGradient gradient);

  /** {@code image[positions[v] + tap + l] += values[from + v lanes + l]}. */
  void addShifted(float[] values, int from, int[] positions, int tap, float[] image);

  int argMax(float[] x, int from, int length);

  boolean allFinite(float[] x, int from, int length);

  int activeEntries(float[] x, int from, int length, float least, int[] columns, double[] values);

  /** What a number of groups must be a multiple of: the lanes of the widest vectors there are. */
  int GROUP_MULTIPLE = 16;
}
