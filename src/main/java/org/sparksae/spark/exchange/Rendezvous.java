package org.sparksae.spark.exchange;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.sparksae.core.collective.Peers;
import org.sparksae.spark.exchange.net.NetworkExchange;

/** How the tasks of a barrier stage find each other, once a round. */
final class Rendezvous {
  private Rendezvous() {}

  /**
   * Returns when all ranks of a round have come.
   *
   * @param round the round's name, which strangers do not know
   * @param timeoutMs how long to wait for a rank afterwards
   */
  static Membership join(BarrierTaskContext context, String round, long timeoutMs) {
    int rank = context.partitionId();
    int size = context.getTaskInfos().length;
    BooleanSupplier cancelled = context::isInterrupted;
    // Ranks of an attempt that has failed may still be about.
    String attempt = round + "-" + context.stageAttemptNumber();
    // Tasks run in the driver, whose executor id this is, in local mode only.
    return SparkEnv.get().executorId().equals("driver")
        ? LocalRound.join(attempt, rank, size, timeoutMs, cancelled)
        : meet(context, NetworkExchange.join(attempt, rank, size, timeoutMs, cancelled));
  }

  /** All tasks tell each other where they are, by way of the driver, which takes a second. */
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
