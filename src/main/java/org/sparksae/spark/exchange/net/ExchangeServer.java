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
 * One JVM's end of the network: it accepts connections from other JVMs and opens connections to
 * them, as long as a round has ranks in this JVM.
 *
 * <p>Settings of Spark's transport are read under {@code spark.sparsae.io.}, such as {@code
 * spark.sparsae.io.serverThreads}.
 */
final class ExchangeServer {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeServer.class);

  /** The module name for Spark's transport, used in settings and thread names. */
  static final String MODULE = "sparsae";

  /**
   * Default number of threads for each direction. One thread alone moves several gigabytes per
   * second.
   */
  private static final int THREADS = 2;

  /** Maximum number of connections without a greeting; further ones are refused. */
  static final int MAX_STRANGERS = 512;

  /** How long opening a connection may take, in milliseconds, unless other waits are shorter. */
  private static final long CONNECTING_MS = 30_000;

  /** Pause between two attempts to connect, in milliseconds. */
  private static final long PAUSE_MS = 200;

  private final String host;
  private final long connectingMs;
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
   * @param conf settings of the application, including its id
   * @param host name or address by which others reach this JVM
   * @param bindAddress address to listen on
   * @param timeoutMs longest wait for another JVM, in milliseconds
   */
  ExchangeServer(
      SparkConf conf, SecurityManager security, String host, String bindAddress, long timeoutMs) {
    this.host = host;
    this.connectingMs = Math.max(1000, Math.min(CONNECTING_MS, timeoutMs));
    TransportConf transport = TransportSettings.of(withTimeouts(conf), security, MODULE, THREADS);
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

  private SparkConf withTimeouts(SparkConf conf) {
    String connecting = connectingMs + "ms";
    return conf.clone()
        .setIfMissing("spark." + MODULE + ".io.connectionCreationTimeout", connecting)
        .setIfMissing("spark.network.auth.rpcTimeout", connecting);
  }

  /** Returns the address of this JVM for others, as {@code host:port}. */
  String address() {
    return host + ":" + server.getPort();
  }

  /**
   * Adds a rank of this JVM to a round.
   *
   * @return empty if the server has just been closed, with the last round of this JVM
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
          Text.format(
              "a round of %d ranks, which other ranks joined with a size of %d",
              size, round.size()));
    }
    round.add(rank);
    return Optional.of(new Membership(this, round, rank, cancelled));
  }

  /** Returns the round with a token; null if this JVM has no such round. */
  Round round(String token) {
    Round found = null;
    for (Round round : rounds) {
      if (round.hasToken(token)) {
        found = round;
      }
    }
    return found;
  }

  /**
   * Opens a connection, and authenticates it if the application requires that. A network that is
   * down for a moment may say at once that it leads nowhere, so this tries again for a while.
   *
   * @param over whether nobody needs the connection any more
   */
  TransportClient connect(String address, BooleanSupplier over)
      throws IOException, InterruptedException {
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      throw new IOException("an address must be host:port, got " + address);
    }
    String to = address.substring(0, colon);
    int port = Integer.parseInt(address.substring(colon + 1));
    long start = System.nanoTime();
    while (true) {
      try {
        return clients.createUnmanagedClient(to, port);
      } catch (IOException unreachable) {
        long tried = (System.nanoTime() - start) / 1_000_000;
        if (tried >= connectingMs || over.getAsBoolean()) {
          throw unreachable;
        }
        Thread.sleep(PAUSE_MS);
      }
    }
  }

  /** Removes a round that no longer has ranks in this JVM. */
  synchronized void end(Round round) {
    rounds.remove(round);
    if (rounds.isEmpty()) {
      close();
    }
  }

  /** Closes all connections and the port. The threads end within a few seconds. */
  synchronized void close() {
    if (!closed) {
      closed = true;
      rounds.forEach(Round::disconnect);
      clients.close();
      server.close();
      context.close();
    }
  }

  /** Counts a new connection, and refuses it if there are too many. */
  void strangerCame(Connection connection) {
    if (strangers.incrementAndGet() > MAX_STRANGERS) {
      connection.refuse("too many connections without a greeting");
    }
  }

  /** Discounts a connection that sent its greeting or was closed. */
  void strangerGone() {
    strangers.decrementAndGet();
  }

  /**
   * Logs a refused connection. Only the first one is a warning, so that nobody can fill the log.
   */
  void refused(SocketAddress from, String reason) {
    if (refusalLogged.compareAndSet(false, true)) {
      LOG.warn(
          "refused a connection from {}: {}; further ones are logged at debug level", from, reason);
    } else {
      LOG.debug("refused a connection from {}: {}", from, reason);
    }
  }
}
