package org.sparksae.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import scala.jdk.javaapi.CollectionConverters;

@ExtendWith(LocalSpark.class)
class SparkJobsTest {
  private final SparkContext context = LocalSpark.session().sparkContext();

  private Throwable outcome(Throwable thrown) {
    return assertThrows(
        Throwable.class,
        () ->
            SparkJobs.run(
                context,
                "work",
                () -> {
                  throw SparkJobsTest.<RuntimeException>unchecked(thrown);
                }));
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> X unchecked(Throwable thrown) throws X {
    throw (X) thrown;
  }

  /** The wordings of Spark 3.5 and 4. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Job 7 cancelled ",
        "Job 7 cancelled part of cancelled job group nightly",
        "[SPARK_JOB_CANCELLED] Job 7 cancelled as part of cancellation of all jobs SQLSTATE: XXKDA"
      })
  void aCancelledJobIsACancellationHoweverItIsWorded(String message) {
    SparkException cancelled = new SparkException(message);
    for (Throwable thrown :
        new Throwable[] {cancelled, new IllegalStateException("of a query", cancelled)}) {
      Throwable outcome = outcome(thrown);
      assertEquals(CancellationException.class, outcome.getClass());
      assertEquals("work was cancelled: " + message, outcome.getMessage());
      assertSame(thrown, outcome.getCause());
    }
  }

  @Test
  void otherFailuresStayWhatTheyAre() {
    for (Throwable failure :
        new Throwable[] {
          new SparkException("Job aborted due to stage failure: x", new InterruptedException()),
          new IllegalArgumentException("Job 7 cancelled, says a row"),
          new OutOfMemoryError("of a test")
        }) {
      assertSame(failure, outcome(failure));
      assertFalse(Thread.currentThread().isInterrupted());
    }
  }

  @Test
  void anInterruptionIsACancellationThatTheThreadStillKnowsOf() {
    Throwable outcome = outcome(new InterruptedException());
    assertTrue(Thread.interrupted());
    assertEquals(CancellationException.class, outcome.getClass());
    assertEquals("work was cancelled: its thread was interrupted", outcome.getMessage());
  }

  @Test
  void theCallersTagsStay() {
    context.addJobTag("callers");
    try {
      Set<String> inside =
          SparkJobs.run(context, "work", () -> CollectionConverters.asJava(context.getJobTags()));
      assertEquals(2, inside.size());
      assertTrue(inside.contains("callers"));
      assertEquals(Set.of("callers"), CollectionConverters.asJava(context.getJobTags()));
    } finally {
      context.removeJobTag("callers");
    }
  }

  /** Spark sends itself a request and waits, which an interrupted thread cannot do. */
  @Test
  void anInterruptedThreadFreesWhatItHolds() {
    JavaSparkContext java = JavaSparkContext.fromSparkContext(context);
    JavaRDD<Integer> rdd = java.parallelize(List.of(1, 2), 2);
    rdd.persist(StorageLevel.MEMORY_ONLY()).count();
    Broadcast<String> broadcast = java.broadcast("value");
    Thread.currentThread().interrupt();
    try {
      SparkJobs.removeBlocks(context, rdd.id());
      SparkJobs.destroy(context, broadcast);
      SparkJobs.destroy(context, broadcast);
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertFalse(context.getPersistentRDDs().contains(rdd.id()));
    assertFalse(broadcast.isValid());
  }
}
