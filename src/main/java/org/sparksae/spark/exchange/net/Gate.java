package org.sparksae.spark.exchange.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.spark.network.protocol.Message;
import org.apache.spark.network.protocol.OneWayMessage;
import org.apache.spark.network.protocol.RpcRequest;
import org.apache.spark.network.protocol.StreamRequest;
import org.apache.spark.network.server.AbstractAuthRpcHandler;
import org.apache.spark.network.server.RpcHandler;

/**
 * Passes only those messages of Spark's transport that a JVM of a round sends, and closes the
 * connection on any other. Otherwise strangers could fill the log or read arrays, because Spark
 * does not check who requests a stream.
 */
final class Gate extends ChannelInboundHandlerAdapter {
  /**
   * Limit on authentication requests, above what any protocol needs. Spark logs an error for each
   * wrong one.
   */
  static final int MAX_HANDSHAKE = 8;

  private final Connection connection;
  private final RpcHandler handler;
  private int handshakes;

  /**
   * A gate.
   *
   * @param handler the receiver of the messages: the connection, or the handler that authenticates
   *     it first
   */
  Gate(Connection connection, RpcHandler handler) {
    this.connection = connection;
    this.handler = handler;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object object) {
    if (mayPass(object)) {
      context.fireChannelRead(object);
      return;
    }
    if (object instanceof Message message && message.body() != null) {
      message.body().release();
    }
    connection.refuse("a " + object.getClass().getSimpleName() + " out of place");
  }

  private boolean mayPass(Object message) {
    if (message instanceof RpcRequest) {
      return !isAuthenticated() && ++handshakes <= MAX_HANDSHAKE;
    }
    return message instanceof OneWayMessage && isAuthenticated()
        || message instanceof StreamRequest && connection.isKnown();
  }

  /** Whether the sender is authenticated, if that is required. */
  private boolean isAuthenticated() {
    return !(handler instanceof AbstractAuthRpcHandler guard) || guard.isAuthenticated();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (connection.isKnown()) {
      context.fireExceptionCaught(cause);
    } else {
      connection.refuse(cause.toString());
    }
  }
}
