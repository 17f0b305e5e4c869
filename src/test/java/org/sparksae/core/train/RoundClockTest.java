package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.collective.LocalRanks;

class RoundClockTest {

  /** Gives times in place of the clock's, and counts how often it was asked. */
  private static Collective telling(List<Double> times) {
    return (Collective)
        Proxy.newProxyInstance(
            Collective.class.getClassLoader(),
            new Class<?>[] {Collective.class},
            (proxy, method, arguments) -> {
              assertEquals("allReduceMax", method.getName());
              ((double[]) arguments[0])[0] = times.remove(0);
              return null;
            });
  }

  /** After the first, second, third, fifth, ninth ... step: 1 + 2^i of them. */
  @Test
  void aLongRoundLooksRarely() {
    List<Double> times = new ArrayList<>();
    for (int look = 0; look < 20; look++) {
      times.add(1e-3 * look);
    }
    RoundClock clock = new RoundClock(1e9, telling(times));
    for (int step = 1; step <= 1025; step++) {
      assertFalse(clock.isOver());
    }
    assertEquals(20 - 12, times.size());
  }

  /**
   * A step takes a second. After the third, the workers expect the end of 5 seconds with three
   * more, and look after two.
   */
  @Test
  void theRoundEndsAfterTheStepThatEndsAfterTheTime() {
    RoundClock clock = new RoundClock(5, telling(new ArrayList<>(List.of(0., 1., 2., 4., 5.))));
    List<Boolean> over = new ArrayList<>();
    for (int step = 1; step <= 6; step++) {
      over.add(clock.isOver());
    }
    assertEquals(List.of(false, false, false, false, false, true), over);
  }

  @Test
  void allWorkersStopAfterTheSameStep() {
    List<Integer> steps =
        LocalRanks.run(
            3,
            collective -> {
              RoundClock clock = new RoundClock(0.02, collective);
              int made = 1;
              while (!clock.isOver()) {
                made++;
              }
              return made;
            });
    assertEquals(List.of(steps.get(0), steps.get(0), steps.get(0)), steps);
  }
}
