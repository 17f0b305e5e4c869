package org.sparksae.core.collective;

/**
 * Operations that all workers of one training perform together, each in its own thread. Ranks 0 to
 * size - 1 call the same operations in the same order, with arrays of the same lengths; each call
 * waits until every rank has made it.
 *
 * <p>Sums are computed in rank order, {@code ((v_0 + v_1) + v_2) + ...}. Equal values therefore
 * give equal bits on every rank, wherever the ranks run and whichever arrives first.
 *
 * <p>Other ranks may read an array until this rank's next operation returns. Do not change it
 * before then.
 *
 * <p>NaN and infinities are ordinary values. If a rank fails, the operation that waits for it
 * throws {@link PeerFailedException} on all other ranks.
 */
public interface Collective {

  /** The collective of a single worker: its values already are the sums. */
  Collective SOLO = new SoloCollective();

  /** Returns this worker's rank, in [0, size). */
  int rank();

  /** Returns the number of workers, 1 or more. */
  int size();

  /** Computes {@code values[i] = sum over the ranks of values[i]}; meant for short arrays. */
  void allReduceSum(double[] values);

  /** Computes {@code values[i] = min over the ranks of values[i]}; NaN if any of them is NaN. */
  void allReduceMin(double[] values);

  /** Computes {@code values[i] = max over the ranks of values[i]}; NaN if any of them is NaN. */
  void allReduceMax(double[] values);

  /**
   * Sums the range that this rank owns: {@code values[i] = sum over the ranks of values[i]} for
   * {@code from(n) <= i < to(n)}. Other elements do not change.
   *
   * @param values [n]
   */
  void reduceScatterSum(float[] values);

  /**
   * Copies each rank's own range to all other ranks, so that all ranks hold the same values.
   *
   * @param values [n]; this rank contributes its own range
   */
  void allGather(float[] values);

  /**
   * Returns the first index of the range of n values that this rank owns. The sizes of two ranges
   * differ by at most one grain.
   */
  default int from(int n) {
    return rangeStart(rank(), size(), n);
  }

  /** Returns the end (exclusive) of the range of n values that this rank owns. */
  default int to(int n) {
    return rangeStart(rank() + 1, size(), n);
  }

  /**
   * Returns the first index of the range of n values that rank {@code rank} of {@code size} owns.
   */
  static int rangeStart(int rank, int size, int n) {
    // One cache line of floats: two owners should not write to the same line.
    int grain = 16;
    long grains = ((long) n + grain - 1) / grain;
    return (int) Math.min(n, grains * rank / size * grain);
  }
}
