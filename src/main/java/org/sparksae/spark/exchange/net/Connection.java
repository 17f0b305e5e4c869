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
 * A connection that another JVM has opened to this one: takes its messages, and serves its requests
 * once it has said the token of a round. Until then it is a stranger.
 *
 * <p>Everything but {@link #close} runs in the connection's thread.
 */
final class Connection extends RpcHandler {
  /** How long a stranger may take to become known. */
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

  /** Whether it belongs to a round. */
  boolean isKnown() {
    return round != null;
  }

  /** Closes the connection, and says why where few messages are enough. */
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

  /** Nothing that a JVM of a round asks for: the gate keeps it away. */
  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    refuse("a request that wants an answer");
  }

  @Override
  public StreamManager getStreamManager() {
    return streams;
  }

  /** The arrays of this JVM's ranks. */
  private final class Streams extends StreamManager {
    @Override
    public ManagedBuffer getChunk(long stream, int chunk) {
      throw new IllegalArgumentException("there are no chunks here");
    }

    /** Null, at which the transport says that there is no such stream, if there is not. */
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
