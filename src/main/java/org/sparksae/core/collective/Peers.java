package org.sparksae.core.collective;

/**
 * The port through which a rank sees the arrays of others.
 *
 * <p>Operations are numbered from 0 on, the same on every rank. For each, a rank publishes one
 * array, and reads of others'. A published array can be read until the rank has published the array
 * after the next: when it returned from operation n, every rank has published n, and so is done
 * with reading n - 1.
 *
 * <p>Used by one thread. Every wait ends: by what it waits for, or by {@link PeerFailedException}
 * when a rank has failed, this rank was cancelled, or the time is over.
 */
public interface Peers {

  /** This rank, in [0, size). */
  int rank();

  /** Number of ranks, 1 or more. */
  int size();

  /** Shows this rank's floats of an operation. */
  void publish(long operation, float[] values);

  /** Shows this rank's doubles of an operation. */
  void publish(long operation, double[] values);

  /** What a rank has published, all of it; waits for it. Not to be changed. */
  double[] doubles(int rank, long operation);

  /**
   * The array itself, if the rank is in this process; waits for it. Not to be changed.
   *
   * @return null if the rank is in another process: use {@link #fetch}
   */
  float[] shared(int rank, long operation);

  /**
   * Begins to copy {@code [from, from + length)} of a rank's floats to {@code into[at ..]}.
   *
   * @return what to wait for
   */
  Fetch fetch(int rank, long operation, int from, int length, float[] into, int at);

  /** A copy under way. */
  @FunctionalInterface
  interface Fetch {
    /** Waits until the copy is complete. */
    void await();
  }
}
