package org.sparksae.core.rows;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Daemon threads that read from disk. Each starts when it is first needed. */
final class ReadingThreads implements AutoCloseable {
  private final ExecutorService threads;

  ReadingThreads(int number, String name) {
    this.threads =
        Executors.newFixedThreadPool(
            number,
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  Future<?> submit(Runnable work) {
    return threads.submit(work);
  }

  /** Takes no more work, and waits for the end of what was submitted. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException ended) {
      // The threads end all the same.
      Thread.currentThread().interrupt();
    }
  }
}
