package org.sparksae.spark.exchange;

import java.util.function.BooleanSupplier;
import org.apache.spark.BarrierTaskContext;

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
    return LocalRound.join(attempt, rank, size, timeoutMs, cancelled);
  }
}
