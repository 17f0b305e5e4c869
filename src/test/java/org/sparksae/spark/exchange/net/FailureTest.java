package org.sparksae.spark.exchange.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sparksae.core.collective.PeerFailedException;
import org.sparksae.core.collective.Peers;

/** Every wait ends, and says why. */
@Timeout(60)
class FailureTest {
  private static String message(Object outcome) {
    return assertInstanceOf(PeerFailedException.class, outcome).getMessage();
  }

  @Test
  void failureOfOneEndsTheWaitsOfAll() throws Exception {
    IllegalStateException cause = new IllegalStateException("out of luck");
    try (Executors executors = new Executors(Executors.conf(), 0, 1, 2, 2)) {
      String where = executors.members.get(2).address();
      Map<Integer, Object> outcomes =
          executors.outcomes(
              collective -> {
                collective.allReduceSum(new double[1]);
                if (collective.rank() == 2) {
                  throw cause;
                }
                collective.allReduceSum(new double[1]);
                return null;
              });
      assertSame(cause, outcomes.get(2));
      for (int rank : new int[] {0, 1, 3}) {
        assertEquals("rank 2 on " + where + " failed: " + cause, message(outcomes.get(rank)));
      }
    }
  }

  @Test
  void failureEndsTheWaitForAFetch() throws Exception {
    try (Executors executors = new Executors(Executors.conf(), 0, 1)) {
      Map<Integer, Object> outcomes =
          executors.outcomes(
              collective -> {
                if (collective.rank() == 0) {
                  throw new IllegalStateException("out of luck");
                }
                collective.reduceScatterSum(new float[100_000]);
                return null;
              });
      assertTrue(message(outcomes.get(1)).endsWith("out of luck"), () -> "" + outcomes);
    }
  }

  @Test
  void aLostConnectionEndsTheWaits() throws Exception {
    try (Executors executors = new Executors(Executors.conf(), 0, 1, 2)) {
      String where = executors.members.get(2).address();
      CountDownLatch ended = new CountDownLatch(2);
      Map<Integer, Object> outcomes =
          executors.outcomes(
              collective -> {
                if (collective.rank() == 2) {
                  collective.allReduceSum(new double[1]);
                  executors.serverOf(2).close();
                  ended.await();
                  return null;
                }
                try {
                  collective.allReduceSum(new double[1]);
                  collective.allReduceSum(new double[1]);
                } finally {
                  ended.countDown();
                }
                return null;
              });
      for (int rank : new int[] {0, 1}) {
        String said = message(outcomes.get(rank));
        assertTrue(said.startsWith("rank 2 on " + where + ": connection lost"), said);
      }
    }
  }

  @Test
  void aRankThatLeftTooEarlyIsNotWaitedFor() throws Exception {
    try (Executors executors = new Executors(Executors.conf(), 0, 1, 1)) {
      String where = executors.members.get(1).address();
      Map<Integer, Object> outcomes =
          executors.outcomes(
              collective -> {
                if (collective.rank() != 1) {
                  collective.allReduceSum(new double[1]);
                }
                return null;
              });
      for (int rank : new int[] {0, 2}) {
        assertEquals(
            "rank 1 on " + where + " has left before operation 0", message(outcomes.get(rank)));
      }
    }
  }

  @Test
  void ranksThatAreNotInStepAreToldApart() throws Exception {
    for (int length : new int[] {10, 100_000}) {
      try (Executors executors = new Executors(Executors.conf(), 0, 1)) {
        Map<Integer, Object> outcomes =
            executors.outcomes(
                collective -> {
                  collective.reduceScatterSum(new float[length + collective.rank()]);
                  return null;
                });
        boolean told =
            outcomes.values().stream()
                .anyMatch(outcome -> ("" + outcome).contains("ranks are not in step: rank "));
        assertTrue(told, () -> "" + outcomes);
      }
    }
  }

  @Test
  void waitsEndByCancellationAndInTime() throws Exception {
    AtomicBoolean cancelled = new AtomicBoolean();
    try (Executors executors = new Executors(Executors.conf(), 60_000, cancelled::get, 0, 1)) {
      Peers peers = connected(executors, 0);
      connected(executors, 1);
      cancelled.set(true);
      String said = assertThrows(PeerFailedException.class, () -> peers.doubles(1, 0)).getMessage();
      String where = executors.members.get(1).address();
      assertEquals("cancelled while waiting for rank 1 on " + where, said);
    }
    try (Executors executors = new Executors(Executors.conf(), 0, () -> false, 0, 1)) {
      Peers peers = connected(executors, 0);
      connected(executors, 1);
      Peers.Fetch fetch = peers.fetch(1, 0, 0, 4, new float[4], 0);
      String said = assertThrows(PeerFailedException.class, fetch::await).getMessage();
      String where = executors.members.get(1).address();
      assertTrue(said.startsWith("waited for rank 1 on " + where + " for 0 s"), said);
    }
  }

  private static Peers connected(Executors executors, int rank) {
    return executors.members.get(rank).connect(executors.addresses());
  }

  @Test
  void whoCannotBeReachedIsNamed() throws Exception {
    try (Executors executors = new Executors(Executors.conf(), 1000, () -> false, 0, 1)) {
      String gone = executors.members.get(1).address();
      executors.serverOf(1).close();
      Strangers.awaitRefusal(gone);
      String said =
          assertThrows(PeerFailedException.class, () -> connected(executors, 0)).getMessage();
      assertTrue(said.startsWith("rank 1 on " + gone + " cannot be reached: "), said);
    }
  }

  @Test
  void whoCannotBeReachedAtFirstIsTriedAgain() throws Exception {
    InetAddress host = InetAddress.getByName(Executors.HOST);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, host)) {
      port = free.getLocalPort();
    }
    try (Executors executors = new Executors(Executors.conf(), 0, 1)) {
      Membership member = executors.members.get(0);
      List<String> addresses = List.of(member.address(), Executors.HOST + ":" + port);
      CompletableFuture<Peers> connecting =
          CompletableFuture.supplyAsync(() -> member.connect(addresses));
      Thread.sleep(300);
      try (ServerSocket late = new ServerSocket(port, 1, host)) {
        assertEquals(2, connecting.get().size());
        late.accept().close();
      }
    }
  }

  @Test
  void connectingEndsWithTheRound() throws Exception {
    AtomicBoolean cancelled = new AtomicBoolean(true);
    try (Executors executors = new Executors(Executors.conf(), 60_000, cancelled::get, 0, 1)) {
      executors.serverOf(1).close();
      Strangers.awaitRefusal(executors.members.get(1).address());
      assertThrows(PeerFailedException.class, () -> connected(executors, 0));
    }
  }

  /** A socket's queue of connections that nobody accepts is full here, so nothing answers. */
  @Test
  void connectingEndsInTime() throws Exception {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName(Executors.HOST));
        Executors executors = new Executors(Executors.conf(), 1000, () -> false, 0, 1)) {
      String silent = Executors.HOST + ":" + full.getLocalPort();
      try (Socket first = Strangers.connect(silent);
          Socket second = Strangers.connect(silent)) {
        assertTrue(first.isConnected() && second.isConnected());
        Membership member = executors.members.get(0);
        List<String> addresses = List.of(member.address(), silent);
        String said =
            assertThrows(PeerFailedException.class, () -> member.connect(addresses)).getMessage();
        assertTrue(said.startsWith("rank 1 on " + silent + " cannot be reached: "), said);
        // Spark and Netty have the same limit, and either may be first.
        assertTrue(said.contains("1000 ms"), said);
      }
    }
  }

  @Test
  void aPeerThatAcceptsAndNeverAnswersIsNotWaitedForWithoutEnd() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName(Executors.HOST));
        Executors executors = new Executors(Executors.conf(), 1000, () -> false, 0, 1)) {
      String address = Executors.HOST + ":" + silent.getLocalPort();
      Membership member = executors.members.get(0);
      Peers peers = member.connect(List.of(member.address(), address));
      peers.publish(0, new float[100_000]);
      Peers.Fetch fetch = peers.fetch(1, 0, 0, 50_000, new float[50_000], 0);
      assertEquals(
          "waited for rank 1 on " + address + " for 1 s: it is connected but does not answer",
          assertThrows(PeerFailedException.class, fetch::await).getMessage());
      member.fail(new IllegalStateException("no answer"));
      member.close();
    }
  }

  @Test
  void addressesHaveToSayWhereRanksAre() {
    try (Executors executors = new Executors(Executors.conf(), 0, 1)) {
      Membership member = executors.members.get(0);
      assertThrows(IllegalArgumentException.class, () -> member.connect(List.of("a:1")));
    }
  }

  @Test
  void aRankJoinsOnce() {
    try (Executors executors = new Executors(Executors.conf(), 0)) {
      ExchangeServer server = executors.serverOf(0);
      assertThrows(
          IllegalArgumentException.class, () -> server.join(Executors.TOKEN, 0, 1, 1, () -> false));
      assertThrows(
          IllegalArgumentException.class, () -> server.join(Executors.TOKEN, 1, 2, 1, () -> false));
    }
  }
}
