package org.sparksae.spark.exchange;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.sparksae.core.collective.PeerFailedException;
import org.sparksae.core.collective.Peers;
import org.sparksae.core.collective.SharedBoard;

/**
 * The ranks of a round that are all in this process, as in local mode: they meet on a board, and
 * need neither a network nor the barrier's second.
 */
final class LocalRound {
  private static final ConcurrentHashMap<String, LocalRound> ROUNDS = new ConcurrentHashMap<>();

  private final SharedBoard board;
  private int members;

  private LocalRound(int size, long timeoutMs) {
    this.board = new SharedBoard(size, timeoutMs);
  }

  /**
   * Joins as a rank; each rank of a round does so once.
   *
   * @param round the round's name
   * @param cancelled whether the task was told to end
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
    return joined.new Member(round, rank, cancelled);
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

    /** A rank that joins after the last one has failed and left would wait in vain. */
    @Override
    public void close() {
      ROUNDS.compute(round, (name, there) -> --members == 0 ? null : there);
    }
  }
}
