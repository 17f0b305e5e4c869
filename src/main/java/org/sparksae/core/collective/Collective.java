package org.sparksae.core.collective;

/**
 * Operations that all workers of one training make together, each in its own thread: rank 0 to size
 * - 1 call the same operations with arrays of the same lengths in the same order, and each call
 * waits until every rank has come to it.
 *
 * <p>Sums are made in rank order, {@code ((v_0 + v_1) + v_2) + ...}, so equal values give equal
 * bits on every rank, wherever the ranks are and whoever comes first.
 *
 * <p>Other ranks may read an array until this rank's next operation returns: leave it as it is
 * until then.
 *
 * <p>NaN and infinities are values like others. If a rank fails, the operation that waits for it
 * throws {@link PeerFailedException} on all others.
 */
public interface Collective {

  /** The only worker: everything is summed already. */
  Collective SOLO = new SoloCollective();

  /** This worker's number, in [0, size). */
  int rank();

  /** Number of workers, 1 or more. */
  int size();

  /** {@code values[i] = sum over the ranks of values[i]}: for short arrays. */
  void allReduceSum(double[] values);

  /** {@code values[i] = min over the ranks of values[i]}; NaN if one is. */
  void allReduceMin(double[] values);

  /** {@code values[i] = max over the ranks of values[i]}; NaN if one is. */
  void allReduceMax(double[] values);

  /**
   * Sums the range that this rank owns, {@code values[i] = sum over the ranks of values[i]} for
   * {@code from(n) <= i < to(n)}; other elements stay as they are.
   *
   * @param values [n]
   */
  void reduceScatterSum(float[] values);

  /**
   * Copies each rank's own range to all others: values are then the same on every rank.
   *
   * @param values [n], of which this rank gives its own range
   */
  void allGather(float[] values);

  /** First index of the range of n values that a rank owns. Ranges differ by one grain at most. */
  default int from(int n) {
    return rangeStart(rank(), size(), n);
  }

  /** Index after the last of the range of n values that this rank owns. */
  default int to(int n) {
    return rangeStart(rank() + 1, size(), n);
  }

  /** First index of the range of n values that rank {@code rank} of {@code size} owns. */
  static int rangeStart(int rank, int size, int n) {
    // A cache line of floats, which no two owners should write to.
    int grain = 16;
    long grains = ((long) n + grain - 1) / grain;
    return (int) Math.min(n, grains * rank / size * grain);
  }
}
