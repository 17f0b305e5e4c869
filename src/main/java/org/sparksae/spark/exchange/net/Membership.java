package org.sparksae.spark.exchange.net;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.sparksae.core.collective.Peers;

/**
 * A rank's membership in a round. Its methods are called in this order: {@link #address}, which
 * every rank sends to all others, {@link #connect}, the operations, {@link #fail} if something went
 * wrong, and {@link #close} in any case.
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

  /**
   * Returns the address of this rank, as {@code host:port}. All ranks of a JVM have the same
   * address.
   */
  public String address() {
    return server.address();
  }

  /**
   * Connects to the other JVMs of the round, unless another rank of this JVM already did.
   *
   * @param addresses the {@link #address} of each rank, by rank
   * @throws org.sparksae.core.collective.PeerFailedException if a JVM cannot be reached
   */
  public Peers connect(List<String> addresses) {
    round.connect(addresses, cancelled);
    return new NetworkPeers(round, rank, cancelled);
  }

  /**
   * Announces that this rank cannot continue. The waits of all others end at once, with a {@link
   * org.sparksae.core.collective.PeerFailedException} that names rank, host and cause.
   */
  public void fail(Throwable cause) {
    if (!closed.get()) {
      round.announceFailure(rank, cause);
    }
  }

  /**
   * Leaves the round. No operation of this rank's {@link Peers} may be running or follow.
   *
   * <p>Ranks may leave at different times. Others can still read the arrays that this rank has
   * published: the last rank of a JVM waits for the ranks of other JVMs to leave, at most {@value
   * Round#FAREWELL_MS} ms ({@value Round#FAREWELL_AFTER_FAILURE_MS} ms if the round has failed),
   * before it closes the connections. A rank of another JVM that has not left by then may continue,
   * but can no longer fetch from this JVM. So end a round with an {@code allReduce}, after which
   * nothing needs to be read.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      round.leave(rank, cancelled);
    }
  }
}
