package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TeamTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void everyElementOnceInRangesThatBeginAtTheGrain(int size) {
    try (Team team = new Team(size)) {
      assertEquals(size, team.size());
      for (int n : new int[] {0, 1, 2, 6, 7, 8, 64, 100, 1001}) {
        for (int grain : new int[] {1, 16, 5000}) {
          int[] visits = new int[n];
          int[] ownerOf = new int[n];
          team.split(
              n,
              grain,
              (member, from, to) -> {
                assertTrue(from < to && from % grain == 0 && (to % grain == 0 || to == n));
                for (int i = from; i < to; i++) {
                  visits[i]++;
                  ownerOf[i] = member;
                }
              });
          assertTrue(Arrays.stream(visits).allMatch(count -> count == 1), n + " by " + grain);
          int[] sorted = ownerOf.clone();
          Arrays.sort(sorted);
          assertArrayEquals(sorted, ownerOf, "ranges follow the members");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void rangesUpToTheLargestInt(int size) {
    try (Team team = new Team(size)) {
      for (int n : new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE - 8, 1 << 30}) {
        long[] lengths = new long[size];
        team.split(n, 4096, (member, from, to) -> lengths[member] += to - from);
        assertEquals(n, Arrays.stream(lengths).sum());
        assertTrue(Arrays.stream(lengths).min().getAsLong() > n / size - 4096L);
      }
    }
  }

  @Test
  void membersAreThreadsOfTheirOwnAndTheCallerIsTheFirst() {
    try (Team team = new Team(3)) {
      Thread[] threads = new Thread[3];
      team.run(member -> threads[member] = Thread.currentThread());
      Thread[] again = new Thread[3];
      team.run(member -> again[member] = Thread.currentThread());
      assertSame(Thread.currentThread(), threads[0]);
      assertNotEquals(threads[1], threads[2]);
      assertArrayEquals(threads, again);
    }
  }

  /** Some rounds find the members awake, some asleep. */
  @Test
  void manyRoundsSeeAllThatWasWrittenBefore() {
    try (Team team = new Team(3)) {
      int[] values = new int[30];
      for (int round = 1; round <= 3_000; round++) {
        if (round % 500 == 0) {
          LockSupport.parkNanos(200_000);
        }
        // Each element is another member's of the round before.
        int shift = round % 30;
        int expected = round - 1;
        team.split(
            30,
            1,
            (member, from, to) -> {
              for (int i = from; i < to; i++) {
                int at = (i + 11 * shift) % 30;
                assertEquals(expected, values[at]);
                values[at]++;
              }
            });
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void whatAMemberThrowsReachesTheCallerAndTheTeamGoesOn(int thrower) {
    try (Team team = new Team(3)) {
      for (RuntimeException failure :
          new RuntimeException[] {new IllegalStateException("it"), new ArithmeticException()}) {
        AtomicInteger others = new AtomicInteger();
        RuntimeException thrown =
            assertThrows(
                RuntimeException.class,
                () ->
                    team.run(
                        member -> {
                          if (member == thrower) {
                            throw failure;
                          }
                          LockSupport.parkNanos(1_000_000);
                          others.incrementAndGet();
                        }));
        assertSame(failure, thrown);
        assertEquals(2, others.get(), "the others are waited for");
        int[] done = new int[3];
        team.run(member -> done[member]++);
        assertArrayEquals(new int[] {1, 1, 1}, done);
      }
      Error error = new StackOverflowError();
      assertSame(
          error,
          assertThrows(
              Error.class,
              () ->
                  team.run(
                      member -> {
                        if (member == thrower) {
                          throw error;
                        }
                      })));
    }
  }

  @Test
  void ofSeveralFailuresTheLowestMembersIsThrown() {
    try (Team team = new Team(3)) {
      RuntimeException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  team.run(
                      member -> {
                        LockSupport.parkNanos(1_000_000L * (3 - member));
                        throw new IllegalStateException("member " + member);
                      }));
      assertEquals("member 0", thrown.getMessage());
    }
  }

  @Test
  void callersMayTakeTurnsAndBeInterrupted() throws InterruptedException {
    try (Team team = new Team(2)) {
      AtomicInteger runs = new AtomicInteger();
      for (int turn = 0; turn < 50; turn++) {
        Thread caller =
            new Thread(
                () -> {
                  Thread.currentThread().interrupt();
                  team.run(
                      member -> {
                        LockSupport.parkNanos(100_000);
                        runs.incrementAndGet();
                      });
                  assertTrue(Thread.currentThread().isInterrupted());
                  runs.incrementAndGet();
                });
        caller.start();
        caller.join();
      }
      assertEquals(150, runs.get());
    }
  }

  @Test
  void closingEndsTheThreadsAndLaterCallsAreRefused() throws InterruptedException {
    Team team = new Team(3);
    Thread[] threads = new Thread[3];
    team.run(member -> threads[member] = Thread.currentThread());
    team.close();
    threads[1].join();
    threads[2].join();
    assertEquals(
        "the team is closed",
        assertThrows(IllegalStateException.class, () -> team.run(member -> {})).getMessage());
  }

  @Test
  void teamsHaveAMember() {
    assertEquals(
        "a team has 1 or more members, got 0",
        assertThrows(IllegalArgumentException.class, () -> new Team(0)).getMessage());
  }
}
