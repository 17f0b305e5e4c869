package org.sparksae.core.collective;

import java.util.function.DoubleBinaryOperator;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.Kernels;

/**
 * Each rank sums the range that it owns, in rank order, from the arrays that the others publish,
 * and copies the ranges of the others.
 *
 * <p>For an all-reduce of p floats among n ranks, each rank receives {@code 2 p (n - 1) / n}
 * floats, which is the minimum. Floats of ranks in the same process are read in place.
 */
public final class RankOrderCollective implements Collective {
  /** Floats summed at a time: few enough to stay in the second-level cache. */
  private static final int SUMMED_FLOATS = 1 << 15;

  /** Elements of one request for an array; two requests per rank are in flight. */
  private static final int MAX_FETCHED_FLOATS = 1 << 18;

  /** Elements of all fetched pieces together; limits the memory needed with many ranks. */
  private static final int STAGED_FLOATS = 1 << 22;

  private final Peers peers;
  private final int rank;
  private final int size;
  private final Peers.Fetch[][] fetches;
  private final float[][] staged;
  private final int fetchedFloats;
  private final float[] sum;
  private long next;

  /** Creates the operations on peers that have published nothing yet. */
  public RankOrderCollective(Peers peers) {
    this.peers = peers;
    this.rank = peers.rank();
    this.size = peers.size();
    this.fetches = new Peers.Fetch[2][size];
    this.staged = new float[size][];
    this.sum = new float[SUMMED_FLOATS];
    this.fetchedFloats = Math.min(MAX_FETCHED_FLOATS, Math.max(1, STAGED_FLOATS / size));
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void allReduceSum(double[] values) {
    allReduce(values, Double::sum);
  }

  @Override
  public void allReduceMin(double[] values) {
    allReduce(values, Math::min);
  }

  @Override
  public void allReduceMax(double[] values) {
    allReduce(values, Math::max);
  }

  private void allReduce(double[] values, DoubleBinaryOperator operator) {
    long operation = next++;
    // Others may still read the copy after this rank has continued with the result.
    double[] own = values.clone();
    peers.publish(operation, own);
    for (int r = 0; r < size; r++) {
      double[] other = r == rank ? own : peers.doubles(r, operation);
      requireLength(r, other.length, values.length);
      for (int i = 0; i < values.length; i++) {
        values[i] = r == 0 ? other[i] : operator.applyAsDouble(values[i], other[i]);
      }
    }
  }

  @Override
  public void reduceScatterSum(float[] values) {
    long operation = next++;
    peers.publish(operation, values);
    float[][] shared = shared(operation, values);
    int from = from(values.length);
    int to = to(values.length);
    int piece = pieceFloats(shared);
    fetchPiece(shared, operation, from, Math.min(piece, to - from), 0);
    if (from == to) {
      // Wait for all anyway: no rank may still be reading the array of the previous operation.
      awaitPiece(shared, 0);
    }
    int half = 0;
    for (int at = from; at < to; at += piece, half = 1 - half) {
      int length = Math.min(piece, to - at);
      int following = at + length;
      if (following < to) {
        fetchPiece(shared, operation, following, Math.min(piece, to - following), 1 - half);
      }
      sumPiece(shared, values, at, length, half);
    }
  }

  /** Returns the arrays of the ranks in this process; null for other ranks. */
  private float[][] shared(long operation, float[] own) {
    float[][] shared = new float[size][];
    for (int r = 0; r < size; r++) {
      shared[r] = r == rank ? own : peers.shared(r, operation);
      requireLength(r, shared[r] == null ? own.length : shared[r].length, own.length);
    }
    return shared;
  }

  private int pieceFloats(float[][] shared) {
    for (float[] array : shared) {
      if (array == null) {
        return fetchedFloats;
      }
    }
    return SUMMED_FLOATS;
  }

  /**
   * Starts to fetch a piece from every rank in another process into one half of its staging buffer.
   */
  private void fetchPiece(float[][] shared, long operation, int at, int length, int half) {
    for (int r = 0; r < size; r++) {
      if (shared[r] == null) {
        if (staged[r] == null) {
          staged[r] = new float[2 * fetchedFloats];
        }
        int stage = half * fetchedFloats;
        fetches[half][r] = peers.fetch(r, operation, at, length, staged[r], stage);
      }
    }
  }

  private void awaitPiece(float[][] shared, int half) {
    for (int r = 0; r < size; r++) {
      if (shared[r] == null) {
        fetches[half][r].await();
      }
    }
  }

  private void sumPiece(float[][] shared, float[] values, int at, int length, int half) {
    awaitPiece(shared, half);
    for (int done = 0; done < length; done += SUMMED_FLOATS) {
      int count = Math.min(SUMMED_FLOATS, length - done);
      for (int r = 0; r < size; r++) {
        boolean here = shared[r] != null;
        float[] array = here ? shared[r] : staged[r];
        int from = (here ? at : half * fetchedFloats) + done;
        if (r == 0) {
          System.arraycopy(array, from, sum, 0, count);
        } else {
          Kernels.axpy(1f, array, from, sum, 0, count);
        }
      }
      System.arraycopy(sum, 0, values, at + done, count);
    }
  }

  @Override
  public void allGather(float[] values) {
    long operation = next++;
    peers.publish(operation, values);
    Peers.Fetch[] under = fetches[0];
    for (int r = 0; r < size; r++) {
      int from = Collective.rangeStart(r, size, values.length);
      int length = Collective.rangeStart(r + 1, size, values.length) - from;
      under[r] = r == rank ? null : peers.fetch(r, operation, from, length, values, from);
    }
    for (int r = 0; r < size; r++) {
      if (under[r] != null) {
        under[r].await();
      }
    }
  }

  private void requireLength(int other, int got, int expected) {
    if (got != expected) {
      throw new IllegalStateException(
          Text.format(
              "ranks are not in step: rank %d has %d values in operation %d, rank %d has %d",
              other, got, next - 1, rank, expected));
    }
  }
}
