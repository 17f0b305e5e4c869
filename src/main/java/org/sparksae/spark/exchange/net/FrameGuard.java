package org.sparksae.spark.exchange.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Checks the length of each frame before Spark's decoder, which would buffer a frame of up to 2 GB.
 * Messages to this server are much shorter.
 *
 * <p>Its place in the pipeline is right before the decoder, where the bytes are already decrypted.
 */
final class FrameGuard extends ChannelInboundHandlerAdapter {
  private static final int LENGTH_BYTES = 8;

  /** The largest message, with room for the header of Spark's transport. */
  static final int MAX_FRAME_BYTES = Message.MAX_BYTES + 64;

  private final Connection connection;
  private long frame;
  private int frameBytes;
  private long following;
  private boolean refused;

  FrameGuard(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (!refused && !isAllowed(bytes)) {
      refused = true;
      connection.refuse("a frame of " + frame + " bytes");
    }
    if (refused) {
      bytes.release();
    } else {
      context.fireChannelRead(bytes);
    }
  }

  /** Whether all frames that begin in these bytes have an allowed length. */
  private boolean isAllowed(ByteBuf bytes) {
    int at = bytes.readerIndex();
    while (at < bytes.writerIndex()) {
      if (following > 0) {
        int skipped = (int) Math.min(following, bytes.writerIndex() - at);
        following -= skipped;
        at += skipped;
        continue;
      }
      frame = frame << Byte.SIZE | bytes.getUnsignedByte(at++);
      if (++frameBytes == LENGTH_BYTES) {
        if (frame <= LENGTH_BYTES || frame > MAX_FRAME_BYTES) {
          return false;
        }
        following = frame - LENGTH_BYTES;
        frameBytes = 0;
        frame = 0;
      }
    }
    return true;
  }
}
