package org.sparksae.spark.exchange.net;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.StreamCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.protocol.OneWayMessage;

/** The connection that this JVM opened to another one of its round. */
final class Link {
  private static final long FLUSH_MS = 1000;

  /** Netty's own limit is a quarter of it, for messages; arrays then need as many more reads. */
  private static final int MAX_READ_BYTES = 256 << 10;

  private static final int FIRST_READ_BYTES = 2 << 10;
  private static final int MIN_READ_BYTES = 64;

  private final List<Integer> ranks;
  private final TransportClient client;
  private final Round round;
  private volatile ChannelFuture last;

  /**
   * An open connection.
   *
   * @param ranks those at its other end
   * @param round what is told when the connection is lost
   */
  Link(List<Integer> ranks, TransportClient client, Round round) {
    this.ranks = ranks;
    this.client = client;
    this.round = round;
    client
        .getChannel()
        .config()
        .setRecvByteBufAllocator(
            new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES));
    client.getChannel().closeFuture().addListener(closed -> round.lost(ranks, null));
  }

  /** Sends a message, after all that were sent before. */
  void send(ByteBuffer message) {
    last =
        client
            .getChannel()
            .writeAndFlush(new OneWayMessage(new NioManagedBuffer(message)))
            .addListener(
                sent -> {
                  if (!sent.isSuccess()) {
                    round.lost(ranks, sent.cause());
                  }
                });
  }

  /** Asks for a part of an array that a rank at the other end has announced. */
  void fetch(Range range, StreamCallback callback) {
    client.stream(range.name(), callback);
  }

  /** Closes the connection when what was sent is on its way. */
  void close() {
    ChannelFuture sent = last;
    if (sent != null && client.isActive()) {
      sent.awaitUninterruptibly(FLUSH_MS, TimeUnit.MILLISECONDS);
    }
    client.close();
  }
}
