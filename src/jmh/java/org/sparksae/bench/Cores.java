package org.sparksae.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** One thread per core, for work that is cut into one piece per core. */
final class Cores implements AutoCloseable {

  /** Cores that both sides use. */
  static final int COUNT =
      Integer.getInteger("bench.cores", Runtime.getRuntime().availableProcessors());

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          COUNT,
          task -> {
            Thread thread = new Thread(task, "bench-core");
            thread.setDaemon(true);
            return thread;
          });

  /** Runs {@code piece} with 0 to {@link #COUNT} - 1 at once, and returns when all are done. */
  void run(IntConsumer piece) {
    List<Future<?>> pieces = new ArrayList<>();
    for (int core = 0; core < COUNT; core++) {
      int index = core;
      pieces.add(threads.submit(() -> piece.accept(index)));
    }
    for (Future<?> future : pieces) {
      try {
        future.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the cores were at work", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a core failed", e.getCause());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
