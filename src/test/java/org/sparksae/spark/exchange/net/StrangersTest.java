package org.sparksae.spark.exchange.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sparksae.core.collective.PeerFailedException;

/** Whoever does not belong to a round neither gets anything of it nor disturbs it. */
@Timeout(120)
class StrangersTest {
  private static final int LENGTH = 50_000;

  /** What strangers may try: each closes its connection. */
  private static List<byte[]> attempts() {
    List<byte[]> attempts = new ArrayList<>();
    attempts.add("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    attempts.add(new byte[8]);
    attempts.add(ByteBuffer.allocate(8).putLong(Integer.MAX_VALUE).array());
    attempts.add(ByteBuffer.allocate(8).putLong(-1).array());
    attempts.add(ByteBuffer.allocate(9).putLong(9).put((byte) 77).array());
    attempts.add(Strangers.frame(new Message.Hello("another token", List.of(1)).encode()));
    attempts.add(Strangers.frame(new Message.Hello(Executors.TOKEN, List.of(2)).encode()));
    attempts.add(Strangers.frame(new Message.Hello(Executors.TOKEN, List.of(0, 1)).encode()));
    attempts.add(Strangers.frame(Message.Shown.of(1, 0, new float[LENGTH]).encode()));
    attempts.add(Strangers.frame(new Message.Failed(1, "a lie").encode()));
    attempts.add(Strangers.frame(new Message.Left(1).encode()));
    attempts.add(streamRequest(new Range(0, 0, 0, 1).name()));
    attempts.add(rpcs(Gate.MAX_HANDSHAKE + 1));
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 100; i++) {
      byte[] garbage = new byte[10 + random.nextInt(100)];
      random.nextBytes(garbage);
      // Not one that a server would go on listening to.
      garbage[0] |= 1;
      attempts.add(garbage);
      byte[] inFrame = new byte[random.nextInt(100)];
      random.nextBytes(inFrame);
      attempts.add(Strangers.frame(ByteBuffer.wrap(inFrame)));
    }
    return attempts;
  }

  private static byte[] streamRequest(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(8 + 1 + 4 + text.length);
    return frame.putLong(frame.capacity()).put((byte) 6).putInt(text.length).put(text).array();
  }

  private static byte[] rpcs(int count) {
    int length = 8 + 1 + 8 + 4 + 1;
    ByteBuffer frames = ByteBuffer.allocate(count * length);
    for (int i = 0; i < count; i++) {
      frames.putLong(length).put((byte) 3).putLong(i).putInt(1).put((byte) 1);
    }
    return frames.array();
  }

  private static void attack(List<String> addresses) throws IOException {
    for (String address : addresses) {
      for (byte[] attempt : attempts()) {
        Strangers.assertClosedAt(address, attempt);
      }
    }
  }

  private static void roundUnderAttack(SparkConf conf) throws Exception {
    try (Executors executors = new Executors(conf, 0, 1)) {
      List<String> addresses = executors.addresses();
      try (Socket silent = Strangers.connect(addresses.get(0))) {
        List<float[]> results =
            executors.run(
                collective -> {
                  float[] before = ExchangeTest.allReduced(collective, LENGTH);
                  if (collective.rank() == 0) {
                    attack(addresses);
                  }
                  float[] after = ExchangeTest.allReduced(collective, LENGTH);
                  assertArrayEquals(before, after);
                  return after;
                });
        for (float[] result : results) {
          assertArrayEquals(ExchangeTest.sumInRankOrder(LENGTH, 2), result);
        }
        assertEquals(-1, silent.getInputStream().read());
      }
    }
  }

  @Test
  void strangersDoNotDisturbARound() throws Exception {
    roundUnderAttack(Executors.conf());
  }

  @Test
  void norOneThatIsAuthenticated() throws Exception {
    roundUnderAttack(ExchangeTest.secured("a secret").set("spark.network.crypto.enabled", "true"));
  }

  @Test
  void anotherSecretIsRefused() throws Exception {
    for (String encrypted : new String[] {"true", "false"}) {
      SparkConf conf = ExchangeTest.secured("a secret");
      conf.set("spark.network.crypto.enabled", encrypted);
      try (Executors executors = new Executors(conf, 0, 1)) {
        SparkConf wrong = conf.clone().set("spark.authenticate.secret", "another");
        ExchangeServer stranger = Executors.server(wrong);
        try {
          String address = executors.members.get(0).address();
          assertThrows(Exception.class, () -> stranger.connect(address, () -> true));
        } finally {
          stranger.close();
        }
      }
    }
  }

  @Test
  void withoutTheSecretTheTokenIsNotEnough() throws Exception {
    SparkConf conf = ExchangeTest.secured("a secret").set("spark.network.crypto.enabled", "true");
    try (Executors executors = new Executors(conf, 0, 1)) {
      Strangers.assertClosedAt(
          executors.members.get(0).address(),
          Strangers.frame(new Message.Hello(Executors.TOKEN, List.of(1)).encode()));
    }
  }

  @Test
  void whoHasTheTokenAndSendsNonsenseEndsTheRound() throws Exception {
    try (Executors executors = new Executors(Executors.conf(), 0, 1)) {
      String address = executors.members.get(0).address();
      Map<Integer, Object> outcomes =
          executors.outcomes(
              collective -> {
                if (collective.rank() == 1) {
                  try (Socket other = Strangers.connect(address)) {
                    Message hello = new Message.Hello(Executors.TOKEN, List.of(1));
                    other.getOutputStream().write(Strangers.frame(hello.encode()));
                    other.getOutputStream().write(Strangers.frame(hello.encode()));
                    assertEquals(-1, other.getInputStream().read());
                  }
                }
                while (true) {
                  collective.allReduceSum(new double[1]);
                }
              });
      outcomes
          .values()
          .forEach(outcome -> assertEquals(PeerFailedException.class, outcome.getClass()));
      assertTrue(("" + outcomes.get(0)).contains("rank 1 on "), () -> "" + outcomes);
    }
  }

  @Test
  void whoSaysNothingIsTurnedAwayInTime() {
    ExchangeServer server = Executors.server(Executors.conf());
    try {
      EmbeddedChannel channel = new EmbeddedChannel();
      assertFalse(new Connection(channel, server).isKnown());
      channel.advanceTimeBy(Connection.GREETING_SECONDS - 1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
      assertTrue(channel.isOpen());
      channel.advanceTimeBy(2, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
      assertFalse(channel.isOpen());
    } finally {
      server.close();
    }
  }

  @Test
  void tooManyAreTurnedAway() throws Exception {
    try (Executors executors = new Executors(Executors.conf(), 0, 1)) {
      String address = executors.members.get(0).address();
      List<Socket> open = new ArrayList<>();
      try {
        for (int i = 0; i < ExchangeServer.MAX_STRANGERS; i++) {
          open.add(Strangers.connect(address));
        }
        // Each waits a little, since the server counts them when it comes to it.
        boolean turnedAway = false;
        while (!turnedAway) {
          Socket another = Strangers.connect(address);
          open.add(another);
          turnedAway = Strangers.isClosedWithin(another, 500);
        }
      } finally {
        for (Socket socket : open) {
          socket.close();
        }
      }
      // Their places are free again: a connection is not turned away at once.
      List<float[]> results =
          executors.run(collective -> ExchangeTest.allReduced(collective, LENGTH));
      assertArrayEquals(ExchangeTest.sumInRankOrder(LENGTH, 2), results.get(0));
    }
  }
}
