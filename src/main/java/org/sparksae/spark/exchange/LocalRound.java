package org.sparksae.spark.exchange;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.sparksae.core.collective.PeerFailedException;
import org.sparksae.core.collective.Peers;
import org.sparksae.core.collective.SharedBoard;

/**
 * A round whose ranks are all in this process, as in local mode. They exchange arrays on a board,
 * without a network.
 */
final class LocalRound {
  private static final ConcurrentHashMap<String, LocalRound> ROUNDS = new ConcurrentHashMap<>();

  private static final long LOOK_MS = 20;

  private final SharedBoard board;
  private final CountDownLatch missing;
  private int members;

  private LocalRound(int size, long timeoutMs) {
    this.board = new SharedBoard(size, timeoutMs);
    this.missing = new CountDownLatch(size);
  }

  /**
   * Joins as a rank, once for each rank of a round; returns when all have joined. Until then the
   * driver ends the wait: others may have no slot.
   *
   * @param round the round's name
   * @param cancelled whether the task was cancelled
   */
  static Membership join(
      String round, int rank, int size, long timeoutMs, BooleanSupplier cancelled) {
    LocalRound joined =
        ROUNDS.compute(
            round,
            (name, there) -> {
              LocalRound local = there == null ? new LocalRound(size, timeoutMs) : there;
              local.members++;
              return local;
            });
    Member member = joined.new Member(round, rank, cancelled);
    try {
      joined.awaitAll(cancelled);
      return member;
    } catch (PeerFailedException failure) {
      member.close();
      throw failure;
    }
  }

  private void awaitAll(BooleanSupplier cancelled) {
    missing.countDown();
    try {
      while (!missing.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
        if (cancelled.getAsBoolean()) {
          throw new PeerFailedException("cancelled while waiting for the other workers");
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new PeerFailedException("interrupted while waiting for the other workers", interrupted);
    }
  }

  private final class Member implements Membership {
    private final String round;
    private final int rank;
    private final Peers peers;

    Member(String round, int rank, BooleanSupplier cancelled) {
      this.round = round;
      this.rank = rank;
      this.peers = board.peers(rank, cancelled);
    }

    @Override
    public Peers peers() {
      return peers;
    }

    @Override
    public void fail(Throwable failure) {
      board.fail(new PeerFailedException("rank " + rank + " failed: " + failure, failure));
    }

    /**
     * Once all members have left, the round is gone: a rank that joins after that waits until the
     * driver cancels it.
     */
    @Override
    public void close() {
      ROUNDS.compute(round, (name, there) -> --members == 0 ? null : there);
    }
  }
}
