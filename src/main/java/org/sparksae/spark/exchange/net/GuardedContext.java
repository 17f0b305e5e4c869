package org.sparksae.spark.exchange.net;

import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.AttributeKey;
import java.nio.ByteBuffer;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportChannelHandler;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.TransportConf;
import org.apache.spark.network.util.TransportFrameDecoder;

/** Spark's transport with a {@link FrameGuard} and a {@link Gate} at each incoming connection. */
final class GuardedContext extends TransportContext {
  private static final AttributeKey<Connection> CONNECTION =
      AttributeKey.valueOf(GuardedContext.class, "connection");

  private final ExchangeServer server;

  GuardedContext(TransportConf conf, ExchangeServer server) {
    super(conf, new Outgoing());
    this.server = server;
  }

  /** Makes the handler of an incoming connection; what authenticates comes after it. */
  TransportServerBootstrap connections() {
    return (channel, none) -> {
      Connection connection = new Connection(channel, server);
      channel.attr(CONNECTION).set(connection);
      return connection;
    };
  }

  @Override
  public TransportChannelHandler initializePipeline(
      SocketChannel channel, RpcHandler handler, boolean isClient) {
    TransportChannelHandler last = super.initializePipeline(channel, handler, isClient);
    if (!isClient) {
      Connection connection = channel.attr(CONNECTION).get();
      channel
          .pipeline()
          .addBefore(TransportFrameDecoder.HANDLER_NAME, "guard", new FrameGuard(connection))
          .addBefore(
              channel.pipeline().context(last).name(), "gate", new Gate(connection, handler));
      server.strangerCame(connection);
    }
    return last;
  }

  /** On connections that this JVM opened it is the one who asks. */
  private static final class Outgoing extends RpcHandler {
    private final StreamManager none = new OneForOneStreamManager();

    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
      close(client.getChannel());
    }

    @Override
    public void receive(TransportClient client, ByteBuffer message) {
      close(client.getChannel());
    }

    private static void close(Channel channel) {
      channel.close();
    }

    @Override
    public StreamManager getStreamManager() {
      return none;
    }
  }
}
