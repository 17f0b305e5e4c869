package org.sparksae.spark.exchange;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.sparksae.core.collective.Peers;
import org.sparksae.spark.exchange.net.NetworkExchange;

/** Lets the tasks of a round find each other. */
final class Rendezvous {
  private static final long LOOK_NANOS = 10_000_000L;

  private Rendezvous() {}

  /**
   * Lets only the first attempt of a task pass. Spark starts a failed task again, or a copy of one
   * that is slow. Neither can take part in the round: it waits until the driver, which ends the
   * whole job at the first failure, ends it as well.
   */
  static void requireFirstAttempt(TaskContext context) {
    if (context.attemptNumber() == 0 && context.stageAttemptNumber() == 0) {
      return;
    }
    while (!context.isInterrupted()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    throw new TaskKilledException("cancelled");
  }

  /**
   * Joins a round; returns when all of its ranks have joined.
   *
   * @param round the round's name, which must be secret
   * @param timeoutMs how long later operations wait for a rank, in milliseconds
   */
  static Membership join(TaskContext context, String round, long timeoutMs) {
    int rank = context.partitionId();
    int size = context.numPartitions();
    BooleanSupplier cancelled = context::isInterrupted;
    // Only in local mode do tasks run in the driver.
    return SparkEnv.get().executorId().equals("driver")
        ? LocalRound.join(round, rank, size, timeoutMs, cancelled)
        : meet(
            NetworkExchange.join(round, rank, size, timeoutMs, cancelled),
            address -> Meeting.attend(round, rank, address, cancelled));
  }

  /**
   * Connects a rank to the others.
   *
   * @param attend gives its address to the others, and returns the addresses of all
   */
  private static Membership meet(
      org.sparksae.spark.exchange.net.Membership place, Function<String, List<String>> attend) {
    try {
      Peers peers = place.connect(attend.apply(place.address()));
      return new Membership() {
        @Override
        public Peers peers() {
          return peers;
        }

        @Override
        public void fail(Throwable failure) {
          place.fail(failure);
        }

        @Override
        public void close() {
          place.close();
        }
      };
    } catch (Throwable failure) {
      try (place) {
        place.fail(failure);
      }
      throw failure;
    }
  }
}
