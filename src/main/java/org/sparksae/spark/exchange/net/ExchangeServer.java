package org.sparksae.spark.exchange.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.TransportConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;

/**
 * One JVM's place in the network: a server for the connections of others, and the means to connect
 * to theirs, as long as a round has ranks here.
 *
 * <p>Settings of Spark's transport are read under {@code spark.sparsae.io.}, such as {@code
 * spark.sparsae.io.serverThreads}.
 */
final class ExchangeServer {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeServer.class);

  /** What Spark's transport calls its user: in settings, and in the names of threads. */
  static final String MODULE = "sparsae";

  /** Threads for each direction, if not set: one alone moves some gigabytes a second. */
  private static final int THREADS = 2;

  /** Connections that have not said who they are; others are then turned away. */
  static final int MAX_STRANGERS = 512;

  private final String host;
  private final GuardedContext context;
  private final TransportServer server;
  private final TransportClientFactory clients;
  private final List<Round> rounds = new CopyOnWriteArrayList<>();
  private final AtomicInteger strangers = new AtomicInteger();
  private final AtomicBoolean refusalLogged = new AtomicBoolean();
  private boolean closed;

  /**
   * Listens on a free port.
   *
   * @param conf an application's settings, with its id
   * @param host by what name or address others reach this JVM
   * @param bindAddress the address to listen on
   */
  ExchangeServer(SparkConf conf, SecurityManager security, String host, String bindAddress) {
    this.host = host;
    TransportConf transport =
        TransportSettings.of(
            conf.clone().setIfMissing("spark." + MODULE + ".io.connectionCreationTimeout", "30s"),
            security,
            MODULE,
            THREADS);
    this.context = new GuardedContext(transport, this);
    List<TransportServerBootstrap> authenticating = new ArrayList<>();
    List<TransportClientBootstrap> connecting = new ArrayList<>();
    if (security.isAuthenticationEnabled()) {
      authenticating.add(new AuthServerBootstrap(transport, security));
      connecting.add(new AuthClientBootstrap(transport, conf.getAppId(), security));
    }
    this.server = context.listen(bindAddress, authenticating);
    this.clients = context.createClientFactory(connecting);
  }

  /** Where others reach this JVM, as {@code host:port}. */
  String address() {
    return host + ":" + server.getPort();
  }

  /**
   * Takes in a rank of this JVM.
   *
   * @return empty if the last round here has just ended, and the server with it
   */
  synchronized Optional<Membership> join(
      String token, int rank, int size, long timeoutMs, BooleanSupplier cancelled) {
    if (closed) {
      return Optional.empty();
    }
    Round round = round(token);
    if (round == null) {
      round = new Round(this, token, size, timeoutMs);
      rounds.add(round);
    } else if (round.size() != size) {
      throw new IllegalArgumentException(
          Text.format("a round of %d ranks, which others joined as one of %d", size, round.size()));
    }
    round.add(rank);
    return Optional.of(new Membership(this, round, rank, cancelled));
  }

  /** The round with a token; null if there is none here. */
  Round round(String token) {
    Round found = null;
    for (Round round : rounds) {
      if (round.hasToken(token)) {
        found = round;
      }
    }
    return found;
  }

  /** Opens a connection, and authenticates if the application asks for that. */
  TransportClient connect(String address) throws IOException, InterruptedException {
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      throw new IOException("an address must be host:port, got " + address);
    }
    return clients.createUnmanagedClient(
        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  /** A round has no ranks here any more. */
  synchronized void end(Round round) {
    rounds.remove(round);
    if (rounds.isEmpty()) {
      close();
    }
  }

  /** Closes every connection and the port; the threads end within some seconds. */
  synchronized void close() {
    if (!closed) {
      closed = true;
      rounds.forEach(Round::disconnect);
      clients.close();
      server.close();
      context.close();
    }
  }

  /** Somebody has connected. */
  void strangerCame(Connection connection) {
    if (strangers.incrementAndGet() > MAX_STRANGERS) {
      connection.refuse("too many connections without a greeting");
    }
  }

  /** A stranger is one no longer, or has gone. */
  void strangerGone() {
    strangers.decrementAndGet();
  }

  /** A connection was turned away: a warning the first time, so that nobody can fill the log. */
  void refused(SocketAddress from, String reason) {
    if (refusalLogged.compareAndSet(false, true)) {
      LOG.warn("refused a connection from {}: {}; of others, only debug logs tell", from, reason);
    } else {
      LOG.debug("refused a connection from {}: {}", from, reason);
    }
  }
}
