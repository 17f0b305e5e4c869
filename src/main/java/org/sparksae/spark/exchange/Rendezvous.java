package org.sparksae.spark.exchange;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.sparksae.core.collective.Peers;
import org.sparksae.spark.exchange.net.NetworkExchange;

/** Lets the tasks of a barrier stage find each other, once per round. */
final class Rendezvous {
  private Rendezvous() {}

  /**
   * Joins a round; returns when all of its ranks have joined.
   *
   * @param round the round's name, which must be secret
   * @param timeoutMs how long later operations wait for a rank, in milliseconds
   */
  static Membership join(BarrierTaskContext context, String round, long timeoutMs) {
    int rank = context.partitionId();
    int size = context.getTaskInfos().length;
    BooleanSupplier cancelled = context::isInterrupted;
    // Ranks of a failed attempt may still run.
    String attempt = round + "-" + context.stageAttemptNumber();
    // Only in local mode do tasks run in the driver.
    return SparkEnv.get().executorId().equals("driver")
        ? LocalRound.join(attempt, rank, size, timeoutMs, cancelled)
        : meet(context, NetworkExchange.join(attempt, rank, size, timeoutMs, cancelled));
  }

  /** The tasks exchange their addresses through the driver, which takes a second. */
  private static Membership meet(
      BarrierTaskContext context, org.sparksae.spark.exchange.net.Membership place) {
    try {
      Peers peers = place.connect(List.of(context.allGather(place.address())));
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
