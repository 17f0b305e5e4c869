package org.sparksae.spark.exchange.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/** Connects to servers as anybody could. */
final class Strangers {
  private Strangers() {}

  static Socket connect(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    Socket socket =
        new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Whether nobody listens. */
  static boolean isRefused(String address) throws IOException {
    try {
      connect(address).close();
      return false;
    } catch (ConnectException refused) {
      return true;
    }
  }

  /** Waits until nobody listens: a selector lets go of a closed port at its next turn only. */
  static void awaitRefusal(String address) throws IOException, InterruptedException {
    while (!isRefused(address)) {
      Thread.sleep(10);
    }
  }

  /** Sends bytes, and waits until the other side has closed the connection. */
  static void assertClosedAt(String address, byte[] bytes) throws IOException {
    try (Socket socket = connect(address)) {
      socket.getOutputStream().write(bytes);
      // What it says before is Spark's: that it does not understand.
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketException reset) {
      // Closed as well: with bytes unread.
    }
  }

  /** Whether the other side closes a connection in so many milliseconds. */
  static boolean isClosedWithin(Socket socket, int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** A one-way message as Spark's transport frames it. */
  static byte[] frame(ByteBuffer message) {
    int body = message.remaining();
    byte oneWay = 9;
    ByteBuffer frame = ByteBuffer.allocate(8 + 1 + 4 + body);
    frame.putLong(frame.capacity()).put(oneWay).putInt(body).put(message);
    return frame.array();
  }

  /** Waits until no thread of a server is left. */
  static void awaitEndOfThreads() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(ExchangeServer.MODULE + "-")) {
        thread.join(30_000);
        assertEquals(Thread.State.TERMINATED, thread.getState(), thread::getName);
      }
    }
  }
}
