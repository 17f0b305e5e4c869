package org.sparksae.spark.exchange.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.spark.network.client.StreamCallback;
import org.sparksae.core.collective.Peers;

/**
 * A transfer of a part of a remote rank's array to a local array.
 *
 * <p>It begins under the lock of its {@link RemoteRank}, the connection's thread fills it, and the
 * rank that requested it awaits it.
 */
final class Transfer implements Peers.Fetch, StreamCallback {
  private final NetworkPeers peers;
  private final Range range;
  private final int expected;
  private final Object into;
  private final int width;

  /** The first bytes of an element of which the rest has not arrived. */
  private final ByteBuffer split;

  private int at;
  private int missing;
  private volatile boolean begun;
  private volatile boolean complete;
  private volatile IllegalStateException misstep;

  /**
   * Prepares a transfer.
   *
   * @param range the part to transfer; if its length is 0, the transfer only waits for the
   *     announcement
   * @param expected length that the whole array must have
   * @param into {@code float[]} or {@code double[]}, of the same type as the remote array
   */
  Transfer(NetworkPeers peers, Range range, int expected, Object into, int at) {
    this.peers = peers;
    this.range = range;
    this.expected = expected;
    this.into = into;
    this.at = at;
    this.missing = range.length();
    this.width = Elements.width(into);
    this.split = ByteBuffer.allocate(width).limit(0);
  }

  Range range() {
    return range;
  }

  /**
   * Copies the elements if they have arrived, otherwise requests them.
   *
   * @param entry the array, or its announcement
   */
  void begin(Link link, Object entry) {
    begun = true;
    boolean announced = entry instanceof Message.Shown;
    Message.Shown shown =
        announced
            ? (Message.Shown) entry
            : Message.Shown.of(range.rank(), range.operation(), entry);
    if (shown.length() != expected || shown.width() != width) {
      misstep = peers.notInStep(shown, expected, width);
      peers.wake();
    } else if (range.length() == 0) {
      complete();
    } else if (announced) {
      link.fetch(range, this);
    } else {
      System.arraycopy(entry, range.from(), into, at, range.length());
      complete();
    }
  }

  private void complete() {
    complete = true;
    peers.wake();
  }

  @Override
  public void onData(String name, ByteBuffer bytes) throws IOException {
    if (peers.hasFailed()) {
      // The waiting thread has given up, and may use the array for something else.
      throw new IOException("the round has ended");
    }
    while (split.hasRemaining() && bytes.hasRemaining()) {
      split.put(bytes.get());
      if (!split.hasRemaining()) {
        take(split.flip(), 1);
        split.limit(0);
      }
    }
    take(bytes, bytes.remaining() / width);
    if (bytes.hasRemaining()) {
      split.clear().put(bytes);
    }
  }

  private void take(ByteBuffer bytes, int count) throws IOException {
    if (count > missing) {
      throw new IOException("more elements than requested");
    }
    Elements.read(bytes, into, at, count);
    at += count;
    missing -= count;
  }

  @Override
  public void onComplete(String name) {
    if (missing == 0) {
      complete();
    } else {
      onFailure(name, new IOException(missing + " elements are missing"));
    }
  }

  @Override
  public void onFailure(String name, Throwable cause) {
    peers.fetchFailed(range, cause);
  }

  @Override
  public void await() {
    peers.await(range, () -> complete || misstep != null, () -> begun);
    if (misstep != null) {
      throw misstep;
    }
  }
}
