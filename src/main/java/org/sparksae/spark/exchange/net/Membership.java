package org.sparksae.spark.exchange.net;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.sparksae.core.collective.Peers;

/**
 * A rank's part in a round: {@link #address}, which every rank tells all others, {@link #connect},
 * the operations, {@link #fail} if something went wrong, and {@link #close} in any case.
 */
public final class Membership implements AutoCloseable {
  private final ExchangeServer server;
  private final Round round;
  private final int rank;
  private final BooleanSupplier cancelled;
  private final AtomicBoolean closed = new AtomicBoolean();

  Membership(ExchangeServer server, Round round, int rank, BooleanSupplier cancelled) {
    this.server = server;
    this.round = round;
    this.rank = rank;
    this.cancelled = cancelled;
  }

  /** Where this rank is, as {@code host:port}; the same for all ranks of this JVM. */
  public String address() {
    return server.address();
  }

  /**
   * Connects to the other JVMs of the round, unless another rank of this one did.
   *
   * @param addresses the {@link #address} of each rank, by rank
   * @throws org.sparksae.core.collective.PeerFailedException if one cannot be reached
   */
  public Peers connect(List<String> addresses) {
    round.connect(addresses);
    return new NetworkPeers(round, rank, cancelled);
  }

  /**
   * Says that this rank cannot go on: the waits of all others end at once, with a {@link
   * org.sparksae.core.collective.PeerFailedException} that names rank, host and cause.
   */
  public void fail(Throwable cause) {
    if (!closed.get()) {
      round.announceFailure(rank, cause);
    }
  }

  /**
   * Leaves the round: no operation of this rank's {@link Peers} is under way, and none follows.
   *
   * <p>Ranks may leave at different times. Others can still read what this rank has shown: the last
   * rank of a JVM waits for those elsewhere to leave as well, {@value Round#FAREWELL_MS} ms at most
   * ({@value Round#FAREWELL_AFTER_FAILURE_MS} ms if the round has failed), before it closes the
   * connections. A rank elsewhere that has not left by then may go on, but cannot fetch any more
   * from this JVM; end a round with an {@code allReduce}, which needs nothing after it.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      round.leave(rank, cancelled);
    }
  }
}
