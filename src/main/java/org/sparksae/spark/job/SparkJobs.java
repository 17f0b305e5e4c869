package org.sparksae.spark.job;

import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.scheduler.TaskSchedulerImpl;

/**
 * Runs work with Spark jobs so that it can be cancelled.
 *
 * <p>When the waiting thread is interrupted, Spark only stops waiting: the job itself continues and
 * keeps its slots. Cancelled, interrupted and stopped jobs throw different exceptions, some of them
 * checked but not declared. This class turns them all into an unchecked {@link
 * CancellationException}.
 */
public final class SparkJobs {
  /**
   * The message for a cancelled job, whether cancelled by group, tag, stage or number. Spark 3.5
   * has no error condition for it, and later versions name the getter of the condition differently.
   */
  private static final Pattern CANCELLED =
      Pattern.compile("(\\[SPARK_JOB_CANCELLED\\] )?Job \\d+ cancelled");

  private static final Pattern FAILED_TASK = Pattern.compile("Job aborted due to stage failure");

  /** The property of a thread that Spark's web pages show for its jobs. */
  private static final String DESCRIPTION = "spark.job.description";

  private static final String OURS = "Sparse autoencoder: ";

  private SparkJobs() {}

  /**
   * Runs some work. Its jobs keep the caller's group and tags, and get one more tag. If the caller
   * has not described them, Spark's web pages show them as the work.
   *
   * <p>Calls can be nested. Put an inner call around each job whose data are freed afterwards, so
   * that the job is cancelled before its data are freed.
   *
   * @param what name of the work in messages, such as "training"
   * @throws CancellationException if a job was cancelled, the thread was interrupted (its flag is
   *     then set, and the jobs are cancelled), or Spark was stopped
   */
  public static <T> T run(SparkContext context, String what, Supplier<T> work) {
    requireGoingOn(context, what);
    String tag = "sparsae-" + UUID.randomUUID();
    context.addJobTag(tag);
    String described = context.getLocalProperty(DESCRIPTION);
    if (described == null || described.startsWith(OURS)) {
      context.setJobDescription(OURS + what);
    }
    try {
      return work.get();
    } catch (CancellationException ended) {
      throw ended;
    } catch (Throwable failure) {
      if (isInterruption(failure)) {
        context.cancelJobsWithTag(tag);
        Thread.currentThread().interrupt();
        throw interrupted(what, failure);
      }
      if (context.isStopped()) {
        throw stopped(what, failure);
      }
      Throwable cancellation = cause(failure, SparkJobs::isCancellation);
      if (cancellation != null) {
        throw cancelled(what, cancellation.getMessage(), failure);
      }
      throw failure;
    } finally {
      context.setJobDescription(described);
      context.removeJobTag(tag);
    }
  }

  /**
   * Returns an RDD's elements in partition order, as {@code collect} does, in a job that can be
   * cancelled like those of {@link #run}. It starts sooner: {@code collect} parses Spark's class
   * files twice to clean its closures, which takes longer than a small job.
   *
   * @param what name of the work in messages, such as "training"
   * @throws CancellationException as {@link #run} does
   */
  public static <T> List<T> collect(JavaRDD<T> rdd, String what) {
    return run(
        rdd.context(),
        what,
        () -> {
          CollectedParts<T> parts = new CollectedParts<>(rdd.getNumPartitions());
          parts.collect(rdd.rdd());
          return parts.elements();
        });
  }

  /** Returns how often Spark may try a task. */
  public static int attempts(SparkContext context) {
    // In local mode that is part of the master, as in local[2,4].
    return context.taskScheduler() instanceof TaskSchedulerImpl scheduler
        ? scheduler.maxTaskFailures()
        : context.conf().getInt("spark.task.maxFailures", 4);
  }

  /**
   * Checks for cancellation in work that waits for something other than a job.
   *
   * @throws CancellationException if the thread was interrupted, or Spark was stopped
   */
  public static void requireGoingOn(SparkContext context, String what) {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(what, null);
    }
    if (context.isStopped()) {
      throw stopped(what, null);
    }
  }

  private static CancellationException stopped(String what, Throwable cause) {
    return cancelled(what, "Spark was stopped", cause);
  }

  private static CancellationException interrupted(String what, Throwable cause) {
    return cancelled(what, "its thread was interrupted", cause);
  }

  private static CancellationException cancelled(String what, String why, Throwable cause) {
    CancellationException cancelled = new CancellationException(what + " was cancelled: " + why);
    cancelled.initCause(cause);
    return cancelled;
  }

  /** Whether this thread was interrupted. An interrupted task is an ordinary failure. */
  private static boolean isInterruption(Throwable failure) {
    Throwable first =
        cause(
            failure,
            cause ->
                hasMessage(cause, FAILED_TASK)
                    || cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException);
    return first != null && !hasMessage(first, FAILED_TASK);
  }

  private static boolean isCancellation(Throwable failure) {
    return failure instanceof SparkThrowable && hasMessage(failure, CANCELLED);
  }

  private static boolean hasMessage(Throwable failure, Pattern beginning) {
    return failure.getMessage() != null && beginning.matcher(failure.getMessage()).lookingAt();
  }

  /** Returns the first of a failure and its causes that meets a condition, or null. */
  private static Throwable cause(Throwable failure, Predicate<Throwable> condition) {
    Throwable cause = failure;
    while (cause != null && !condition.test(cause)) {
      cause = cause.getCause();
    }
    return cause;
  }

  /**
   * Frees an RDD's blocks, if Spark has not freed everything already.
   *
   * @param rdd the RDD's number
   */
  public static void removeBlocks(SparkContext context, int rdd) {
    free(context, () -> context.unpersistRDD(rdd, false));
  }

  /** Frees a broadcast, if Spark has not freed everything already. */
  public static void destroy(SparkContext context, Broadcast<?> broadcast) {
    free(
        context,
        () -> {
          if (broadcast.isValid()) {
            broadcast.destroy(false);
          }
        });
  }

  /**
   * Frees something even if the thread is or becomes interrupted. Otherwise Spark would not wait
   * for the reply and would not free it.
   *
   * @param release frees it; a second call has no effect
   */
  private static void free(SparkContext context, Runnable release) {
    boolean interrupted = Thread.interrupted();
    try {
      while (!isFreed(context, release)) {
        Thread.interrupted();
        interrupted = true;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Tries once, and returns false if the thread was interrupted. */
  private static boolean isFreed(SparkContext context, Runnable release) {
    if (context.isStopped()) {
      return true;
    }
    try {
      release.run();
      return true;
    } catch (Throwable failure) {
      if (isInterruption(failure)) {
        return false;
      }
      if (context.isStopped()) {
        return true;
      }
      throw failure;
    }
  }
}
