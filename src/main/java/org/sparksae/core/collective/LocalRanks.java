package org.sparksae.core.collective;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs ranks as threads of this process: distributed training without a cluster. */
public final class LocalRanks {
  private static final long TIMEOUT_MS = 600_000;

  private LocalRanks() {}

  /** The work of one rank. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does the work of rank {@code collective.rank()}. */
    T run(Collective collective);
  }

  /**
   * Runs every rank in its own thread and returns their results by rank.
   *
   * @throws RuntimeException the exception of the rank that failed; the other ranks then stop
   */
  public static <T> List<T> run(int size, Work<T> work) {
    if (size == 1) {
      return List.of(work.run(Collective.SOLO));
    }
    SharedBoard board = new SharedBoard(size, TIMEOUT_MS);
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Callable<T>> ranks = new ArrayList<>();
      for (int r = 0; r < size; r++) {
        int rank = r;
        ranks.add(() -> runRank(board, rank, work));
      }
      List<T> results = new ArrayList<>();
      RuntimeException first = null;
      for (Future<T> rank : threads.invokeAll(ranks)) {
        try {
          results.add(rank.get());
        } catch (ExecutionException failed) {
          first = moreTelling(first, failed.getCause());
        }
      }
      if (first != null) {
        throw first;
      }
      return results;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while ranks were working", interrupted);
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> T runRank(SharedBoard board, int rank, Work<T> work) {
    try {
      Peers peers = board.peers(rank, Thread.currentThread()::isInterrupted);
      return work.run(new RankOrderCollective(peers));
    } catch (Throwable failure) {
      board.fail(new PeerFailedException("rank " + rank + " failed: " + failure, failure));
      throw failure;
    }
  }

  /** Prefers a rank's own failure to the failure of a rank that waited for it. */
  private static RuntimeException moreTelling(RuntimeException first, Throwable failure) {
    if (first != null && (failure instanceof PeerFailedException || !isConsequence(first))) {
      return first;
    }
    return failure instanceof RuntimeException own ? own : new IllegalStateException(failure);
  }

  private static boolean isConsequence(RuntimeException failure) {
    return failure instanceof PeerFailedException;
  }
}
