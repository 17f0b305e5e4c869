package org.sparksae.spark.exchange;

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
  private static final String PEER_FAILED = PeerFailedException.class.getName() + ": ";

  /** Finds the reason in what Spark threw. */
  static RoundFailure of(Exception failure) {
    String message = failure.getMessage();
    String text = message == null || message.isBlank() ? failure.toString() : message.strip();
    String line = text.lines().findFirst().orElseThrow();
    return line.startsWith(PEER_FAILED)
        ? new RoundFailure(line.substring(PEER_FAILED.length()), true, failure)
        : new RoundFailure(line, false, failure);
  }

  /** Returns the exception that ends the training after the last attempt. */
  IllegalStateException atLast(int epoch, int attempts) {
    String remedy = "check the executors' logs";
    if (betweenWorkers) {
      remedy += " and the network between them, or raise " + WorkerTraining.TIMEOUT;
    }
    return new IllegalStateException(
        Text.format(
            "the round from epoch %d failed %d times (spark.task.maxFailures), at last because %s; %s",
            epoch, attempts, reason, remedy),
        failure);
  }
}
