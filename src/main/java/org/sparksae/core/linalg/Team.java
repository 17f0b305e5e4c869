package org.sparksae.core.linalg;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of one worker. They share its arrays and divide its loops among them.
 *
 * <p>Member 0 is the calling thread. Between calls the other members spin for 50 microseconds and
 * then sleep, because a step of a small model takes less time than waking a thread.
 *
 * <p>A range is always divided the same way, so equal team sizes give equal bits. Only one thread
 * may call a team, and calls must not nest.
 */
public final class Team implements AutoCloseable {

  /** A team of the caller alone, as for a Spark task with one core. */
  public static final Team SOLO = new Team(1);

  /** How long a thread spins before it sleeps. */
  private static final long AWAKE_NANOS = 50_000;

  /** One member's part of a loop. */
  @FunctionalInterface
  public interface Task {
    /**
     * Works on {@code from} (inclusive) to {@code to} (exclusive), not empty.
     *
     * @param member the member that works, in [0, size)
     */
    void run(int member, int from, int to);
  }

  /** A task that every member performs once. */
  @FunctionalInterface
  public interface MemberTask {
    /** Does the work of a member, in [0, size). */
    void run(int member);
  }

  private final int size;
  private final Thread[] members;
  private final AtomicInteger working = new AtomicInteger();
  private final Throwable[] failures;
  private Thread caller;
  private MemberTask task;
  private volatile int round;
  private volatile boolean closed;

  /**
   * Creates a team of {@code size} threads, including the caller.
   *
   * @throws IllegalArgumentException if the size is less than 1
   */
  public Team(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a team has 1 or more members, got " + size);
    }
    this.size = size;
    this.failures = new Throwable[size];
    this.members = new Thread[size - 1];
    for (int m = 1; m < size; m++) {
      int member = m;
      Thread thread = new Thread(() -> serve(member), "sparsae-team-" + member);
      thread.setDaemon(true);
      thread.start();
      members[m - 1] = thread;
    }
  }

  /** Returns the number of members. */
  public int size() {
    return size;
  }

  /**
   * Divides [0, n) into one contiguous range per member, at multiples of {@code grain}, and returns
   * when all members have finished. A member whose range is empty is not called.
   */
  public void split(int n, int grain, Task work) {
    run(member -> part(member, n, grain, work));
  }

  /** Runs a member's part of [0, n), divided as by {@link #split}. Call it inside {@link #run}. */
  public void part(int member, int n, int grain, Task work) {
    long grains = ((long) n + grain - 1) / grain;
    int from = (int) (grains * member / size * grain);
    int to = (int) Math.min(n, grains * (member + 1) / size * grain);
    if (from < to) {
      work.run(member, from, to);
    }
  }

  /**
   * Runs a task on every member and returns when all have finished.
   *
   * @throws RuntimeException the exception or error of a member that failed; if several failed,
   *     that of the member with the lowest number
   * @throws IllegalStateException if the team is closed
   */
  public void run(MemberTask work) {
    if (closed) {
      throw new IllegalStateException("the team is closed");
    }
    if (size == 1) {
      work.run(0);
      return;
    }
    caller = Thread.currentThread();
    task = work;
    working.set(size - 1);
    round++;
    for (Thread member : members) {
      LockSupport.unpark(member);
    }
    attempt(0, work);
    await(() -> working.get() == 0);
    task = null;
    throwFirstFailure();
  }

  private void serve(int member) {
    int done = 0;
    while (true) {
      int seen = done;
      await(() -> round != seen || closed);
      if (closed) {
        return;
      }
      done = seen + 1;
      attempt(member, task);
      if (working.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  private void attempt(int member, MemberTask work) {
    try {
      work.run(member);
    } catch (Throwable failure) {
      failures[member] = failure;
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    long start = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - start < AWAKE_NANOS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park();
      }
    }
  }

  private void throwFirstFailure() {
    Throwable first = null;
    for (int m = 0; m < size; m++) {
      first = first == null ? failures[m] : first;
      failures[m] = null;
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first != null) {
      throw (RuntimeException) first;
    }
  }

  /** Ends the other threads. A team that had any cannot be used again. */
  @Override
  public void close() {
    if (size == 1) {
      // There is no thread to end, and the shared team SOLO must stay usable.
      return;
    }
    closed = true;
    for (Thread member : members) {
      LockSupport.unpark(member);
    }
  }
}
