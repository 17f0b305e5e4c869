package org.sparksae.core.collective;

/**
 * The interface through which a rank reads the arrays of other ranks.
 *
 * <p>Operations are numbered from 0, in the same way on every rank. In each operation a rank
 * publishes one array and reads from the arrays of others. A published array stays readable until
 * the rank publishes the array after the next: when a rank returns from operation n, every rank has
 * published n and so has finished reading n - 1.
 *
 * <p>One thread uses it. Every wait ends, if necessary with {@link PeerFailedException}: when a
 * rank fails, this rank is cancelled, or the timeout expires.
 */
public interface Peers {

  /** Returns this rank, in [0, size). */
  int rank();

  /** Returns the number of ranks, 1 or more. */
  int size();

  /** Publishes this rank's floats for an operation. */
  void publish(long operation, float[] values);

  /** Publishes this rank's doubles for an operation. */
  void publish(long operation, double[] values);

  /**
   * Waits for the array that a rank publishes and returns all of it. The caller must not change it.
   */
  double[] doubles(int rank, long operation);

  /**
   * If the rank is in this process, waits for its array and returns it without copying. The caller
   * must not change it.
   *
   * @return null if the rank is in another process: use {@link #fetch}
   */
  float[] shared(int rank, long operation);

  /**
   * Starts to copy {@code [from, from + length)} of a rank's floats to {@code into[at ..]}.
   *
   * @return a handle to wait for
   */
  Fetch fetch(int rank, long operation, int from, int length, float[] into, int at);

  /** A copy in progress. */
  @FunctionalInterface
  interface Fetch {
    /** Waits until the copy is complete. */
    void await();
  }
}
