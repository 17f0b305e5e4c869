package org.sparksae.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.collective.PeerFailedException;
import org.sparksae.spark.LocalSpark;

/** Ranks that are threads of the driver. */
@ExtendWith(LocalSpark.class)
@Timeout(60)
class MeetingTest {
  private final AtomicBoolean cancelled = new AtomicBoolean();

  private CompletableFuture<List<String>> arriving(Meeting meeting, int rank) {
    return CompletableFuture.supplyAsync(() -> arrive(meeting.round(), rank));
  }

  private List<String> arrive(String round, int rank) {
    return Meeting.attend(round, rank, "host:" + rank, cancelled::get);
  }

  private static String refusal(CompletableFuture<?> rank) {
    Throwable failure = assertThrows(CompletionException.class, rank::join).getCause();
    assertEquals(PeerFailedException.class, failure.getClass(), failure::toString);
    return failure.getMessage();
  }

  @Test
  void allLearnOfAllInTheOrderOfTheirRanks() {
    try (Meeting meeting = Meeting.open(3)) {
      assertEquals(0, meeting.arrived());
      List<CompletableFuture<List<String>>> ranks =
          List.of(arriving(meeting, 2), arriving(meeting, 0), arriving(meeting, 1));
      for (CompletableFuture<List<String>> rank : ranks) {
        assertEquals(List.of("host:0", "host:1", "host:2"), rank.join());
      }
    }
  }

  @Test
  void whoWaitsIsRefusedWhenTheRoundEndsAndWhoComesLaterAsWell() throws Exception {
    CompletableFuture<List<String>> waits;
    String round;
    try (Meeting meeting = Meeting.open(2)) {
      round = meeting.round();
      waits = arriving(meeting, 0);
      awaitOne(meeting);
    }
    assertTrue(refusal(waits).endsWith("the round has ended"), () -> refusal(waits));
    assertThrows(Exception.class, () -> arrive(round, 1));
  }

  @Test
  void aRankArrivesOnceAndStopsWaitingWhenItIsCancelled() throws Exception {
    try (Meeting meeting = Meeting.open(2)) {
      CompletableFuture<List<String>> waits = arriving(meeting, 0);
      awaitOne(meeting);
      assertTrue(refusal(arriving(meeting, 0)).endsWith("rank 0 is there already"));
      cancelled.set(true);
      assertEquals("cancelled while waiting for the other workers", refusal(waits));
    }
  }

  private static void awaitOne(Meeting meeting) throws InterruptedException {
    while (meeting.arrived() < 1) {
      Thread.sleep(5);
    }
  }
}
