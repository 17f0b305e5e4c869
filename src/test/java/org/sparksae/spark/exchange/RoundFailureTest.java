package org.sparksae.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** After a failed round, one line says what happened and what to do. */
class RoundFailureTest {
  private static final String BELOW = "\n\tat org.sparksae.Some.method(Some.java:1)\n";

  private static RoundFailure of(String message) {
    return RoundFailure.of(new SparkException(message));
  }

  @Test
  void aWorkerThatLostAnotherIsQuoted() {
    RoundFailure found =
        of(
            "org.sparksae.core.collective.PeerFailedException: waited for rank 1 on b:4 for 20 s:"
                + " it is connected but does not answer"
                + BELOW);
    assertEquals(
        "waited for rank 1 on b:4 for 20 s: it is connected but does not answer", found.reason());
    IllegalStateException last = found.atLast(7, 4);
    assertEquals(
        "the round from epoch 7 failed 4 times (spark.task.maxFailures), at last because waited for"
            + " rank 1 on b:4 for 20 s: it is connected but does not answer; check the executors'"
            + " logs and the network between them, or raise spark.sparsae.exchange.timeout",
        last.getMessage());
    assertSame(found.failure(), last.getCause());
  }

  @Test
  void otherFailuresAreQuotedAsSparkSaysThem() {
    RoundFailure lost = of("ExecutorLostFailure (executor 1 exited) Reason: gone");
    assertEquals("ExecutorLostFailure (executor 1 exited) Reason: gone", lost.reason());
    assertTrue(lost.atLast(1, 4).getMessage().endsWith("; check the executors' logs"));
    assertEquals("something else", of("something else" + BELOW).reason());
    assertFalse(of("something else").betweenWorkers());
    assertEquals("java.lang.Exception", RoundFailure.of(new Exception()).reason());
  }

  /** An executor that hangs has its slot until Spark has noticed, by default after 120 s. */
  @Test
  void anotherAttemptWaitsLongerForSlots() {
    SparkConf conf = new SparkConf(false);
    assertEquals(60_000, RoundJob.timeoutMs(conf, false));
    assertEquals(180_000, RoundJob.timeoutMs(conf, true));
    conf.set("spark.network.timeout", "40s").set(RoundJob.SLOT_TIMEOUT, "5s");
    assertEquals(45_000, RoundJob.timeoutMs(conf, true));
  }
}
