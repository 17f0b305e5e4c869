package org.sparksae.spark.exchange.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.sparksae.core.Text;
import org.sparksae.core.collective.PeerFailedException;
import org.sparksae.core.collective.SharedBoard;

/**
 * One training round, as this JVM sees it: its ranks in this JVM, and connections to the other
 * JVMs.
 *
 * <p>It is created when the first rank joins, before others know its address, and ends when the
 * last one has left. That rank waits for the ranks in other JVMs to leave too, so that they can
 * still read, and connections close only when nobody needs them.
 */
final class Round {
  /** How long the last rank to leave waits for ranks of other JVMs, in milliseconds. */
  static final long FAREWELL_MS = 5000;

  /** The same if a rank has failed; the others notice soon, unless they are busy. */
  static final long FAREWELL_AFTER_FAILURE_MS = 1000;

  private final String token;
  private final byte[] secret;
  private final int size;
  private final SharedBoard board;
  private final ExchangeServer server;

  /** The ranks of this JVM. */
  private final Set<Integer> members = ConcurrentHashMap.newKeySet();

  private final Map<Integer, RemoteRank> remotes = new ConcurrentHashMap<>();
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private final List<Connection> connections = new CopyOnWriteArrayList<>();

  /** Held while connections are opened; never by a thread of the network. */
  private final Object connecting = new Object();

  private volatile List<String> addresses;

  /** How each rank departed; null while it has not. */
  private final AtomicReferenceArray<Departure> departures;

  private volatile boolean failed;

  private enum Departure {
    LEFT,
    LOST
  }

  Round(ExchangeServer server, String token, int size, long timeoutMs) {
    this.server = server;
    this.token = token;
    this.secret = token.getBytes(StandardCharsets.UTF_8);
    this.size = size;
    this.board = new SharedBoard(size, timeoutMs);
    this.departures = new AtomicReferenceArray<>(size);
  }

  int size() {
    return size;
  }

  SharedBoard board() {
    return board;
  }

  /** Whether a token is this round's. The comparison takes constant time. */
  boolean hasToken(String other) {
    return MessageDigest.isEqual(secret, other.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a rank of this JVM. */
  void add(int rank) {
    if (!members.add(rank)) {
      throw new IllegalArgumentException("rank " + rank + " has joined this round already");
    }
  }

  /** Whether a rank is, or was, in this JVM. */
  boolean isHere(int rank) {
    return members.contains(rank);
  }

  /** Returns a rank of another JVM. */
  RemoteRank remote(int rank) {
    return remotes.computeIfAbsent(rank, first -> new RemoteRank(board));
  }

  /** Describes a rank with its address, for messages. */
  String describe(int rank) {
    List<String> known = addresses;
    return "rank " + rank + (known == null ? "" : " on " + known.get(rank));
  }

  // Actions of ranks of this JVM.

  /**
   * Opens a connection to every other JVM, unless another rank of this JVM already did.
   *
   * @param all address of each rank's JVM
   * @throws PeerFailedException if a JVM cannot be reached
   */
  void connect(List<String> all, BooleanSupplier cancelled) {
    synchronized (connecting) {
      if (addresses != null) {
        return;
      }
      if (all.size() != size) {
        throw new IllegalArgumentException(
            Text.format("%d addresses for %d ranks: each rank must have one", all.size(), size));
      }
      addresses = List.copyOf(all);
      Map<String, List<Integer>> jvms = new LinkedHashMap<>();
      for (int r = 0; r < size; r++) {
        String address = all.get(r);
        jvms.computeIfAbsent(
            address,
            same -> IntStream.range(0, size).filter(o -> all.get(o).equals(same)).boxed().toList());
      }
      List<Integer> here = jvms.remove(server.address());
      if (here == null || !members.equals(Set.copyOf(here))) {
        throw new IllegalArgumentException(
            Text.format(
                "ranks %s have joined at %s, which contradicts the addresses %s",
                members, server.address(), all));
      }
      ByteBuffer hello = new Message.Hello(token, here).encode();
      jvms.forEach((address, ranks) -> connect(address, ranks, hello, cancelled));
    }
  }

  private void connect(
      String address, List<Integer> ranks, ByteBuffer hello, BooleanSupplier cancelled) {
    Link link;
    try {
      BooleanSupplier over = () -> failed || cancelled.getAsBoolean();
      link = new Link(ranks, server.connect(address, over), this);
    } catch (Exception refused) {
      if (refused instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      PeerFailedException failure =
          new PeerFailedException(
              describe(ranks.get(0)) + " cannot be reached: " + withOrigin(refused), refused);
      fail(failure);
      throw failure;
    }
    links.add(link);
    for (int rank : ranks) {
      remote(rank).connected(link);
    }
    link.send(hello.duplicate());
  }

  /** Spark's exception does not say what the system said. */
  private static String withOrigin(Exception refused) {
    Throwable origin = refused;
    while (origin.getCause() != null) {
      origin = origin.getCause();
    }
    return origin == refused ? refused.toString() : refused + " (" + origin + ")";
  }

  /** Publishes an array to all ranks. */
  void publish(int rank, long operation, Object values) {
    board.publish(rank, operation, values);
    if (!links.isEmpty()) {
      send(Message.Shown.of(rank, operation, values));
    }
  }

  private void send(Message message) {
    ByteBuffer bytes = message.encode();
    for (Link link : links) {
      link.send(bytes.duplicate());
    }
  }

  /** Announces that a rank of this JVM failed, which ends the waits of all ranks. */
  void announceFailure(int rank, Throwable cause) {
    boolean consequence = cause instanceof PeerFailedException;
    String what = consequence ? cause.getMessage() : describe(rank) + " failed: " + cause;
    fail(new PeerFailedException(what, cause));
    send(new Message.Failed(rank, what));
  }

  /**
   * Removes a rank of this JVM. The last one waits for the others, and ends the round in this JVM.
   */
  void leave(int rank, BooleanSupplier cancelled) {
    send(new Message.Left(rank));
    synchronized (this) {
      depart(rank, Departure.LEFT);
      if (!haveGone(members)) {
        return;
      }
    }
    try {
      awaitFarewells(cancelled);
    } finally {
      disconnect();
      server.end(this);
    }
  }

  /** Closes all connections once all messages have been written. */
  void disconnect() {
    links.forEach(Link::close);
    connections.forEach(Connection::close);
  }

  private synchronized void awaitFarewells(BooleanSupplier cancelled) {
    long start = System.nanoTime();
    while (!links.isEmpty() && !haveGone(remotes.keySet()) && !cancelled.getAsBoolean()) {
      long limitMs = failed ? FAREWELL_AFTER_FAILURE_MS : FAREWELL_MS;
      long leftMs = limitMs - (System.nanoTime() - start) / 1_000_000;
      if (leftMs <= 0) {
        return;
      }
      try {
        // Wakes now and then to check for cancellation.
        wait(Math.min(leftMs, 100));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean haveGone(Set<Integer> ranks) {
    return ranks.stream().allMatch(this::hasGone);
  }

  // Events from other JVMs.

  /**
   * Adds a connection of another JVM that has sent the token of this round.
   *
   * @throws MalformedMessageException if its ranks cannot be in another JVM
   */
  void greeted(Connection connection, Collection<Integer> ranks) throws MalformedMessageException {
    for (int rank : ranks) {
      if (rank >= size || isHere(rank)) {
        throw new MalformedMessageException("rank " + rank + " cannot be in another JVM");
      }
    }
    connections.add(connection);
  }

  /** Records an array that a rank of another JVM published. */
  void shown(Message.Shown shown) {
    try {
      remote(shown.rank()).shown(shown);
    } catch (PeerFailedException over) {
      // The round has failed already, and its ranks know.
    }
  }

  /** Records that a rank of another JVM is done. */
  void left(int rank) {
    depart(rank, Departure.LEFT);
  }

  /**
   * Handles a lost connection to or from ranks of another JVM. It is a failure if one of them has
   * not left.
   */
  void lost(Collection<Integer> ranks, Throwable cause) {
    Set<Integer> missed = new HashSet<>(ranks);
    missed.removeIf(rank -> departures.get(rank) != null);
    if (!missed.isEmpty()) {
      String why = ": connection lost" + (cause == null ? "" : ": " + cause);
      fail(new PeerFailedException(describe(missed.iterator().next()) + why, cause));
      missed.forEach(rank -> depart(rank, Departure.LOST));
    }
  }

  /** Ends all waits in this JVM. */
  void fail(PeerFailedException failure) {
    failed = true;
    board.fail(failure);
    synchronized (this) {
      notifyAll();
    }
  }

  boolean hasFailed() {
    return failed;
  }

  /** Whether a rank, in any JVM, publishes no more arrays. */
  boolean hasGone(int rank) {
    return departures.get(rank) != null;
  }

  private synchronized void depart(int rank, Departure how) {
    departures.compareAndSet(rank, null, how);
    board.wake();
    notifyAll();
  }
}
