package org.sparksae.core.collective;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Ranks as threads of this process: the workers of a cluster, without one. */
public final class LocalRanks {
  private static final long TIMEOUT_MS = 600_000;

  private LocalRanks() {}

  /** What one rank does. */
  @FunctionalInterface
  public interface Work<T> {
    /** Works as {@code collective.rank()}. */
    T run(Collective collective);
  }

  /**
   * Runs every rank in a thread of its own, and returns their results by rank.
   *
   * @throws RuntimeException what the first rank to fail threw; the others are then ended
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

  /** A rank's own failure, rather than that of one who waited for it. */
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
