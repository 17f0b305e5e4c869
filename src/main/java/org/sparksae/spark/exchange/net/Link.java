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

/** A connection that this JVM opened to another JVM of its round. */
final class Link {
  private static final long FLUSH_MS = 1000;

  /**
   * Four times Netty's default, which suits messages; arrays would then need four times as many
   * reads.
   */
  private static final int MAX_READ_BYTES = 256 << 10;

  private static final int FIRST_READ_BYTES = 2 << 10;
  private static final int MIN_READ_BYTES = 64;

  private final List<Integer> ranks;
  private final TransportClient client;
  private final Round round;
  private volatile ChannelFuture last;

  /**
   * Wraps an open connection.
   *
   * @param ranks the ranks at its other end
   * @param round is notified if the connection is lost
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

  /** Sends a message, after all earlier ones. */
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

  /** Requests a part of an array that a rank at the other end has announced. */
  void fetch(Range range, StreamCallback callback) {
    client.stream(range.name(), callback);
  }

  /** Closes the connection once all messages have been written. */
  void close() {
    ChannelFuture sent = last;
    if (sent != null && client.isActive()) {
      sent.awaitUninterruptibly(FLUSH_MS, TimeUnit.MILLISECONDS);
    }
    client.close();
  }
}
