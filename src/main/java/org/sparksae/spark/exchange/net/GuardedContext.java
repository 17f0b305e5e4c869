package org.sparksae.spark.exchange.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportChannelHandler;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.TransportConf;
import org.apache.spark.network.util.TransportFrameDecoder;

/** Spark's transport with a {@link FrameGuard} and a {@link Gate} on each incoming connection. */
final class GuardedContext extends TransportContext {
  private static final AttributeKey<Connection> CONNECTION =
      AttributeKey.valueOf(GuardedContext.class, "connection");

  private final ExchangeServer server;

  GuardedContext(TransportConf conf, ExchangeServer server) {
    super(conf, new Outgoing());
    this.server = server;
  }

  /**
   * Listens on a free port.
   *
   * @param authenticating bootstraps that authenticate a new connection
   */
  TransportServer listen(String bindAddress, List<TransportServerBootstrap> authenticating) {
    List<TransportServerBootstrap> accepting = new ArrayList<>();
    accepting.add(this::connect);
    accepting.addAll(authenticating);
    accepting.add(this::guard);
    return createServer(bindAddress, 0, accepting);
  }

  private RpcHandler connect(Channel channel, RpcHandler none) {
    Connection connection = new Connection(channel, server);
    channel.attr(CONNECTION).set(connection);
    return connection;
  }

  private RpcHandler guard(Channel channel, RpcHandler handler) {
    channel.pipeline().addLast(new Guards(channel.attr(CONNECTION).get(), handler));
    return handler;
  }

  /**
   * Adds the guards to Spark's handlers once these are all there, which is before anything is read.
   * Overriding {@code initializePipeline}, which adds Spark's handlers, is not possible: its
   * parameters differ between versions of Spark.
   */
  private final class Guards extends ChannelInboundHandlerAdapter {
    private final Connection connection;
    private final RpcHandler handler;

    Guards(Connection connection, RpcHandler handler) {
      this.connection = connection;
      this.handler = handler;
    }

    @Override
    public void channelRegistered(ChannelHandlerContext context) {
      ChannelPipeline pipeline = context.pipeline();
      String last = pipeline.context(TransportChannelHandler.class).name();
      pipeline
          .addBefore(TransportFrameDecoder.HANDLER_NAME, "guard", new FrameGuard(connection))
          .addBefore(last, "gate", new Gate(connection, handler))
          .remove(this);
      context.fireChannelRegistered();
      server.strangerCame(connection);
    }
  }

  /** Handles connections that this JVM opened. The other end must not send messages on them. */
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
