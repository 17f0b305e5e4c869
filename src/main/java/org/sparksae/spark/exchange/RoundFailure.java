package org.sparksae.spark.exchange;

import java.util.Iterator;
import org.sparksae.core.Text;
import org.sparksae.core.collective.PeerFailedException;

/**
 * Why a round failed, in one line.
 *
 * @param reason the reason
 * @param betweenWorkers whether workers lost each other
 * @param failure what Spark threw
 */
record RoundFailure(String reason, boolean betweenWorkers, Exception failure) {
  /**
   * Spark's line above what a task of a barrier stage threw. That comes as text only, with its
   * stack trace, and not as a cause.
   */
  private static final String ABOVE = "Stage failed because barrier task";

  private static final String PEER_FAILED = PeerFailedException.class.getName() + ": ";

  /** Finds the reason in what Spark threw. */
  static RoundFailure of(Exception failure) {
    String message = failure.getMessage();
    Iterator<String> lines =
        (message == null || message.isBlank() ? failure.toString() : message.strip())
            .lines()
            .iterator();
    String line = lines.next();
    if (line.contains(ABOVE) && lines.hasNext()) {
      line = lines.next();
    }
    return line.startsWith(PEER_FAILED)
        ? new RoundFailure(line.substring(PEER_FAILED.length()), true, failure)
        : new RoundFailure(line, false, failure);
  }

  /** Returns the exception that ends the training after the last attempt. */
  IllegalStateException atLast(int epoch, int attempts) {
    String remedy = "check the executors' logs";
    if (betweenWorkers) {
      remedy += " and the network between them, or raise " + BarrierTraining.TIMEOUT;
    }
    return new IllegalStateException(
        Text.format(
            "the round from epoch %d failed %d times (spark.task.maxFailures), at last because %s; %s",
            epoch, attempts, reason, remedy),
        failure);
  }
}
