package org.sparksae.spark.exchange.net;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.sparksae.core.collective.PeerFailedException;

/**
 * A connection that another JVM has opened to this one. It receives messages, and serves requests
 * once the other JVM has sent the token of a round. Until then the other JVM is a stranger.
 *
 * <p>All methods except {@link #close} run in the connection's thread.
 */
final class Connection extends RpcHandler {
  /** Time within which a stranger must send its greeting, in seconds. */
  static final int GREETING_SECONDS = 30;

  private final Channel channel;
  private final ExchangeServer server;
  private final ScheduledFuture<?> deadline;
  private final StreamManager streams = new Streams();
  private Round round;
  private List<Integer> ranks;

  Connection(Channel channel, ExchangeServer server) {
    this.channel = channel;
    this.server = server;
    this.deadline =
        channel
            .eventLoop()
            .schedule(
                () -> refuse("no greeting in " + GREETING_SECONDS + " s"),
                GREETING_SECONDS,
                TimeUnit.SECONDS);
    channel.closeFuture().addListener(closed -> closed());
  }

  /** Whether the connection belongs to a round. */
  boolean isKnown() {
    return round != null;
  }

  /** Closes the connection and logs the reason. */
  void refuse(String reason) {
    if (channel.isOpen()) {
      server.refused(channel.remoteAddress(), reason);
      channel.close();
    }
  }

  /** Closes the connection. */
  void close() {
    channel.close();
  }

  private void closed() {
    deadline.cancel(false);
    if (isKnown()) {
      round.lost(ranks, null);
    } else {
      server.strangerGone();
    }
  }

  @Override
  public void receive(TransportClient client, ByteBuffer bytes) {
    if (!channel.isOpen()) {
      return;
    }
    try {
      Message message = Message.decode(bytes);
      if (isKnown()) {
        take(message);
      } else {
        greet(message);
      }
    } catch (MalformedMessageException malformed) {
      refuse(malformed.getMessage());
    }
  }

  private void greet(Message message) throws MalformedMessageException {
    if (!(message instanceof Message.Hello hello)) {
      throw new MalformedMessageException("no greeting");
    }
    Round greeted = server.round(hello.token());
    if (greeted == null) {
      throw new MalformedMessageException("the token of no round here");
    }
    greeted.greeted(this, hello.ranks());
    ranks = hello.ranks();
    round = greeted;
    deadline.cancel(false);
    server.strangerGone();
  }

  private void take(Message message) throws MalformedMessageException {
    if (message instanceof Message.Shown shown) {
      round.shown(requireTheirs(shown.rank(), shown));
    } else if (message instanceof Message.Failed failed) {
      requireTheirs(failed.rank(), failed);
      round.fail(new PeerFailedException(failed.what()));
    } else if (message instanceof Message.Left left) {
      requireTheirs(left.rank(), left);
      round.left(left.rank());
    } else {
      throw new MalformedMessageException("a second greeting");
    }
  }

  private <T extends Message> T requireTheirs(int rank, T message)
      throws MalformedMessageException {
    if (!ranks.contains(rank)) {
      throw new MalformedMessageException("a message of rank " + rank + ", which is not there");
    }
    return message;
  }

  /** JVMs of a round never send such a request, and the gate blocks it. */
  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    refuse("a request that wants an answer");
  }

  @Override
  public StreamManager getStreamManager() {
    return streams;
  }

  /** Serves the arrays of this JVM's ranks. */
  private final class Streams extends StreamManager {
    @Override
    public ManagedBuffer getChunk(long stream, int chunk) {
      throw new IllegalArgumentException("there are no chunks here");
    }

    /**
     * Returns null if there is no such array; the transport then reports that the stream does not
     * exist.
     */
    @Override
    public ManagedBuffer openStream(String name) {
      if (!isKnown()) {
        return null;
      }
      try {
        Range range = Range.of(name);
        if (range.rank() >= round.size() || !round.isHere(range.rank())) {
          return null;
        }
        Object array = round.board().peek(range.rank(), range.operation());
        if (array == null || range.length() > Elements.length(array) - range.from()) {
          return null;
        }
        return new ArrayBuffer(array, range.from(), range.length());
      } catch (MalformedMessageException malformed) {
        refuse(malformed.getMessage());
        return null;
      }
    }
  }
}
