package org.sparksae.core.collective;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.sparksae.core.Text;

/**
 * A board on which the ranks of one training within one process publish their arrays.
 *
 * <p>A waiting thread first spins for 50 microseconds, since most waits are short. It then sleeps
 * until it is woken, and wakes every 5 ms to check whether it was cancelled.
 */
public final class SharedBoard {
  private static final long SPIN_NANOS = 50_000;
  private static final long SLEEP_NANOS = 5_000_000;

  private final int size;
  private final long timeoutMs;

  /** The last two arrays of each rank, at {@code 2 rank + operation % 2}. */
  private final AtomicReferenceArray<Shown> shown;

  /** Threads that sleep or are about to. */
  private final Set<Thread> sleepers = ConcurrentHashMap.newKeySet();

  private volatile PeerFailedException failure;

  private record Shown(long operation, Object values) {}

  /**
   * Creates an empty board.
   *
   * @param size number of ranks, 1 or more
   * @param timeoutMs the longest wait for a rank, in milliseconds
   */
  public SharedBoard(int size, long timeoutMs) {
    this.size = size;
    this.timeoutMs = timeoutMs;
    this.shown = new AtomicReferenceArray<>(2 * size);
  }

  /** Returns the number of ranks. */
  public int size() {
    return size;
  }

  /** Publishes a rank's array for an operation, {@code float[]} or {@code double[]}. */
  public void publish(int rank, long operation, Object values) {
    throwFailure();
    shown.set(slot(rank, operation), new Shown(operation, values));
    wake();
  }

  /**
   * Returns a rank's array for an operation if it has been published.
   *
   * @return null if it has not
   */
  public Object peek(int rank, long operation) {
    Shown last = shown.get(slot(rank, operation));
    return last != null && last.operation() == operation ? last.values() : null;
  }

  private static int slot(int rank, long operation) {
    return (int) (2 * rank + operation % 2);
  }

  /**
   * Waits for a rank's array for an operation and returns it.
   *
   * @param where the rank's place, for messages
   * @param cancelled whether the waiting rank was told to stop
   */
  public Object await(int rank, long operation, String where, BooleanSupplier cancelled) {
    Object values = peek(rank, operation);
    if (values == null) {
      await(() -> peek(rank, operation) != null, "rank " + rank + " on " + where, cancelled);
      values = peek(rank, operation);
    }
    return values;
  }

  /**
   * Waits for a condition.
   *
   * @param of what the condition depends on, for the message
   * @throws PeerFailedException if a rank failed, the wait was cancelled or it timed out
   */
  public void await(BooleanSupplier condition, String of, BooleanSupplier cancelled) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < SPIN_NANOS) {
      if (condition.getAsBoolean()) {
        return;
      }
      throwFailure();
      Thread.onSpinWait();
    }
    sleepers.add(Thread.currentThread());
    try {
      sleepUntil(condition, of, cancelled, start);
    } finally {
      sleepers.remove(Thread.currentThread());
    }
  }

  private void sleepUntil(
      BooleanSupplier condition, String of, BooleanSupplier cancelled, long start) {
    while (!condition.getAsBoolean()) {
      throwFailure();
      if (cancelled.getAsBoolean()) {
        throw new PeerFailedException("cancelled while waiting for " + of);
      }
      if (System.nanoTime() - start > timeoutMs * 1_000_000) {
        throw new PeerFailedException(
            Text.format(
                "waited for %s for %d s: it is connected but does not answer",
                of, timeoutMs / 1000));
      }
      LockSupport.parkNanos(SLEEP_NANOS);
    }
  }

  /** Wakes the waiting threads, because something that a condition depends on has changed. */
  public void wake() {
    sleepers.forEach(LockSupport::unpark);
  }

  /** Ends every wait, now and later. Only the first failure is kept. */
  public synchronized void fail(PeerFailedException cause) {
    if (failure == null) {
      failure = cause;
    }
    wake();
  }

  private void throwFailure() {
    PeerFailedException first = failure;
    if (first != null) {
      // A new exception, so that each waiter has its own stack trace.
      throw new PeerFailedException(first.getMessage(), first);
    }
  }

  /**
   * Checks for cancellation before a rank publishes an array. A rank that never has to wait would
   * not notice otherwise.
   *
   * @throws PeerFailedException if the rank was told to stop
   */
  public static void requireNotCancelled(BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      throw new PeerFailedException("cancelled");
    }
  }

  /** Returns one rank's view of the board, on which all ranks publish. */
  public Peers peers(int rank, BooleanSupplier cancelled) {
    return new Local(rank, cancelled);
  }

  private final class Local implements Peers {
    private static final String HERE = "this host";

    private final int rank;
    private final BooleanSupplier cancelled;

    Local(int rank, BooleanSupplier cancelled) {
      this.rank = rank;
      this.cancelled = cancelled;
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
    public void publish(long operation, float[] values) {
      requireNotCancelled(cancelled);
      SharedBoard.this.publish(rank, operation, values);
    }

    @Override
    public void publish(long operation, double[] values) {
      requireNotCancelled(cancelled);
      SharedBoard.this.publish(rank, operation, values);
    }

    @Override
    public double[] doubles(int of, long operation) {
      return (double[]) await(of, operation, HERE, cancelled);
    }

    @Override
    public float[] shared(int of, long operation) {
      return (float[]) await(of, operation, HERE, cancelled);
    }

    @Override
    public Fetch fetch(int of, long operation, int from, int length, float[] into, int at) {
      return () -> System.arraycopy(shared(of, operation), from, into, at, length);
    }
  }
}
