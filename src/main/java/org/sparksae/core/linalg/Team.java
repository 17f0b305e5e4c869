package org.sparksae.core.linalg;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of one worker: they share its arrays, and split a loop between them.
 *
 * <p>Member 0 is the thread that calls; the others wait in between, for some microseconds awake and
 * then asleep, since a step of a small model is over in less time than it takes to wake a thread.
 *
 * <p>A range is cut the same way each time, so equal team sizes give equal bits. One thread calls;
 * calls do not nest.
 */
public final class Team implements AutoCloseable {

  /** The caller alone: a Spark task with one core. */
  public static final Team SOLO = new Team(1);

  /** How long a member looks for work before it sleeps. */
  private static final long AWAKE_NANOS = 50_000;

  /** One member's part of a loop. */
  @FunctionalInterface
  public interface Task {
    /**
     * Works on {@code from} (inclusive) to {@code to} (exclusive), not empty.
     *
     * @param member who works, in [0, size)
     */
    void run(int member, int from, int to);
  }

  /** What every member does once. */
  @FunctionalInterface
  public interface MemberTask {
    /** Works as a member, in [0, size). */
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
   * A team of {@code size} threads, the caller among them.
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

  /** Number of members. */
  public int size() {
    return size;
  }

  /**
   * Cuts [0, n) into a contiguous range for each member, at multiples of {@code grain}, and returns
   * when all are done. Members without a range are not called.
   */
  public void split(int n, int grain, Task work) {
    run(member -> part(member, n, grain, work));
  }

  /** Runs a member's part of [0, n), as {@link #split} cuts it, inside {@link #run}. */
  public void part(int member, int n, int grain, Task work) {
    long grains = ((long) n + grain - 1) / grain;
    int from = (int) (grains * member / size * grain);
    int to = (int) Math.min(n, grains * (member + 1) / size * grain);
    if (from < to) {
      work.run(member, from, to);
    }
  }

  /**
   * Runs a task as every member, and returns when all are done.
   *
   * @throws RuntimeException what a member threw, of several the lowest; likewise an error
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

  /** Ends the other threads, if there are any; a team that had some cannot be used again. */
  @Override
  public void close() {
    if (size == 1) {
      // Nothing to end, and the caller alone is a team that all share.
      return;
    }
    closed = true;
    for (Thread member : members) {
      LockSupport.unpark(member);
    }
  }
}
