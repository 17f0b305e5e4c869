package org.sparksae.core.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.optim.Lbfgs.Status;

class LbfgsTest {
  private static final int MANY = 3000;

  static Stream<Arguments> problems() {
    double[] rosenbrockStart100 = new double[100];
    double[] ones = new double[100];
    for (int i = 0; i < 100; i++) {
      rosenbrockStart100[i] = i % 2 == 0 ? -1.2 : 1;
      ones[i] = 1;
    }
    double[] indices = new double[50];
    Arrays.setAll(indices, i -> i);
    return Stream.of(
        problem("rosenbrock 2", TestFunctions::rosenbrock, new double[] {-1.2, 1}, 1, 1),
        problem("rosenbrock 100", TestFunctions::rosenbrock, rosenbrockStart100, ones),
        problem("beale", TestFunctions::beale, new double[] {1, 1}, 3, 0.5),
        problem("himmelblau", TestFunctions::himmelblau, new double[] {1, 1}, 3, 2),
        problem("quadratic", TestFunctions.quadratic(1e4), new double[50], indices));
  }

  private static Arguments problem(
      String name, DifferentiableFunction function, double[] start, double... minimum) {
    return Arguments.of(name, function, start, minimum);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("problems")
  void reachesTheMinimum(
      String name, DifferentiableFunction function, double[] start, double[] minimum) {
    Lbfgs lbfgs = new Lbfgs(function, start, Lbfgs.DEFAULT_HISTORY);
    Status status = run(lbfgs, MANY);
    assertEquals(Status.CONVERGED, status);
    assertArrayEquals(minimum, lbfgs.point(), 1e-6);
    assertEquals(function.evaluate(lbfgs.point(), new double[start.length]), lbfgs.value());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("problems")
  void everyStepSatisfiesTheStrongWolfeConditions(
      String name, DifferentiableFunction function, double[] start, double[] minimum) {
    Lbfgs lbfgs = new Lbfgs(function, start, Lbfgs.DEFAULT_HISTORY);
    double[] before = new double[start.length];
    double[] after = new double[start.length];
    int steps = 0;
    for (int i = 0; i < MANY; i++) {
      double[] from = lbfgs.point();
      if (lbfgs.iterate() != Status.STEPPED) {
        break;
      }
      double[] to = lbfgs.point();
      double oldValue = function.evaluate(from, before);
      double newValue = function.evaluate(to, after);
      double oldSlope = 0;
      double newSlope = 0;
      for (int j = 0; j < from.length; j++) {
        // With s = a d instead of d both slopes carry the factor a, and sufficient decrease needs
        // no step any more.
        oldSlope += before[j] * (to[j] - from[j]);
        newSlope += after[j] * (to[j] - from[j]);
      }
      double movementRounding = 1e-7 * Math.abs(oldSlope);
      assertTrue(oldSlope < 0, "descent at step " + i);
      assertTrue(Math.abs(newSlope) <= 0.9 * -oldSlope + movementRounding, "curvature at " + i);
      // Only where the decrease itself drowns in the rounding of the value do the slopes decide
      // alone.
      double valueRounding = 4 * Math.ulp(oldValue);
      assertTrue(newValue <= oldValue + 1e-4 * oldSlope + valueRounding, "decrease at step " + i);
      steps++;
    }
    assertTrue(steps >= 5, "steps " + steps);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("problems")
  void neverRisesAndEndsUnderFloatRounding(
      String name, DifferentiableFunction function, double[] start, double[] minimum) {
    Lbfgs lbfgs = new Lbfgs(TestFunctions.rounded(function), start, Lbfgs.DEFAULT_HISTORY);
    double value = lbfgs.value();
    int evaluations = lbfgs.evaluations();
    Status status = Status.STEPPED;
    for (int i = 0; i < MANY && status == Status.STEPPED; i++) {
      status = lbfgs.iterate();
      assertTrue(lbfgs.value() <= value, "value at iteration " + i);
      assertTrue(lbfgs.evaluations() - evaluations <= 40, "evaluations at iteration " + i);
      value = lbfgs.value();
      evaluations = lbfgs.evaluations();
    }
    assertEquals(Status.CONVERGED, status);
    assertArrayEquals(minimum, lbfgs.point(), 1e-2);
  }

  /** From every iteration of a run another object makes the rest of it, bit for bit. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("problems")
  void goesOnFromAStateInTheSameBits(
      String name, DifferentiableFunction function, double[] start, double[] minimum) {
    int history = 3;
    List<Lbfgs.State> states = new ArrayList<>();
    Lbfgs whole = new Lbfgs(function, start, history);
    do {
      states.add(copy(whole.state()));
    } while (states.size() < 60 && whole.iterate() == Status.STEPPED);
    assertTrue(states.size() > 2 * history, "states " + states.size());
    for (int from = 0; from < states.size(); from++) {
      Lbfgs rest = new Lbfgs(function, states.get(from), history);
      for (int i = from + 1; i < states.size(); i++) {
        rest.iterate();
        assertSame(states.get(i), rest.state());
      }
    }
  }

  private static Lbfgs.State copy(Lbfgs.State state) {
    return new Lbfgs.State(
        state.point().clone(),
        state.value(),
        state.gradient().clone(),
        Arrays.stream(state.steps()).map(double[]::clone).toArray(double[][]::new),
        Arrays.stream(state.gradientChanges()).map(double[]::clone).toArray(double[][]::new),
        state.evaluations());
  }

  private static void assertSame(Lbfgs.State expected, Lbfgs.State actual) {
    assertArrayEquals(expected.point(), actual.point());
    assertArrayEquals(expected.gradient(), actual.gradient());
    assertArrayEquals(expected.steps(), actual.steps());
    assertArrayEquals(expected.gradientChanges(), actual.gradientChanges());
    assertEquals(expected.value(), actual.value());
    assertEquals(expected.evaluations(), actual.evaluations());
  }

  @Test
  void aStateThatDoesNotFitIsRefused() {
    double[] x = {1, 2};
    double[][] pair = {{1, 1}};
    for (Lbfgs.State state :
        List.of(
            new Lbfgs.State(x, 1, new double[3], pair, pair, 1),
            new Lbfgs.State(x, 1, x, pair, new double[0][], 1),
            new Lbfgs.State(x, 1, x, new double[][] {{1}}, pair, 1),
            new Lbfgs.State(x, 1, x, new double[][] {x, x}, new double[][] {x, x}, 1),
            new Lbfgs.State(x, 1, x, pair, new double[][] {{-1, -1}}, 1),
            new Lbfgs.State(x, 1, x, pair, pair, 0))) {
      assertThrows(
          IllegalArgumentException.class, () -> new Lbfgs(TestFunctions::rosenbrock, state, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void endsGracefullyInNoise(long seed) {
    // A new relative error of 1e-7 at every point, as sums of float products have; a minimum far
    // from zero.
    DifferentiableFunction exact = TestFunctions.quadratic(1e3);
    DifferentiableFunction noisy =
        (x, gradient) -> {
          double value = exact.evaluate(x, gradient) + 3;
          SplittableRandom random = new SplittableRandom(seed + 31L * Arrays.hashCode(x));
          for (int i = 0; i < gradient.length; i++) {
            gradient[i] *= 1 + 1e-7 * random.nextDouble(-1, 1);
          }
          return value * (1 + 1e-7 * random.nextDouble(-1, 1));
        };
    Lbfgs lbfgs = new Lbfgs(noisy, new double[20], Lbfgs.DEFAULT_HISTORY);
    assertEquals(Status.CONVERGED, run(lbfgs, 200));
    // The minimum is 2: what is left is of the order of the noise, 2e-7.
    assertEquals(2, lbfgs.value(), 1e-6);
    assertTrue(lbfgs.evaluations() <= 200, "evaluations " + lbfgs.evaluations());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aShortHistoryReachesTheMinimumToo(int history) {
    Lbfgs lbfgs = new Lbfgs(TestFunctions::rosenbrock, new double[] {-1.2, 1}, history);
    run(lbfgs, MANY);
    assertArrayEquals(new double[] {1, 1}, lbfgs.point(), 1e-6);
  }

  @Test
  void historyMakesABadlyConditionedQuadraticFast() {
    // Steepest descent needs about condition / 4 * ln(1e12) = 69 000 iterations for this reduction
    // of the value.
    Lbfgs lbfgs = new Lbfgs(TestFunctions.quadratic(1e4), new double[50], 10);
    int iterations = 0;
    double gap = lbfgs.value() + 1;
    while (lbfgs.value() + 1 > 1e-12 * gap && lbfgs.iterate() == Status.STEPPED) {
      iterations++;
    }
    assertTrue(lbfgs.value() + 1 <= 1e-12 * gap, "gap " + (lbfgs.value() + 1));
    assertTrue(iterations < 1500, "iterations " + iterations);
  }

  @Test
  void aStartAtTheMinimumIsConverged() {
    Lbfgs lbfgs = new Lbfgs(TestFunctions::rosenbrock, new double[] {1, 1, 1}, 10);
    assertEquals(0, lbfgs.gradientNorm());
    assertEquals(Status.CONVERGED, lbfgs.iterate());
    assertEquals(1, lbfgs.evaluations());
    assertArrayEquals(new double[] {1, 1, 1}, lbfgs.point());
  }

  @Test
  void anEmptyPointIsConverged() {
    Lbfgs lbfgs = new Lbfgs((x, gradient) -> 7, new double[0], 10);
    assertEquals(Status.CONVERGED, lbfgs.iterate());
    assertEquals(7, lbfgs.value());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aNonFiniteStartIsRefused(double bad) {
    ArithmeticException ofValue =
        assertThrows(
            ArithmeticException.class, () -> new Lbfgs((x, gradient) -> bad, new double[2], 10));
    assertTrue(ofValue.getMessage().contains("value at the starting point"), ofValue.getMessage());
    assertTrue(ofValue.getMessage().contains("" + bad), ofValue.getMessage());
    DifferentiableFunction badGradient =
        (x, gradient) -> {
          gradient[1] = bad;
          return 1;
        };
    ArithmeticException ofGradient =
        assertThrows(ArithmeticException.class, () -> new Lbfgs(badGradient, new double[2], 10));
    assertTrue(ofGradient.getMessage().contains("index 1"), ofGradient.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aWallOfNonFiniteValuesShortensTheStep(double beyond) {
    // x - ln x = minimum 1 at x = 1, outside its domain for x <= 0; from 1e-3 on the other side
    // there is a wall at 1.5.
    DifferentiableFunction walled =
        (x, gradient) -> {
          boolean outside = x[0] <= 0 || x[0] > 1.5;
          gradient[0] = outside ? Double.NaN : 1 - 1 / x[0];
          return outside ? beyond : x[0] - Math.log(x[0]);
        };
    for (double start : new double[] {1e-3, 0.5, 1.4999}) {
      Lbfgs lbfgs = new Lbfgs(walled, new double[] {start}, 10);
      assertEquals(Status.CONVERGED, run(lbfgs, MANY));
      assertEquals(1, lbfgs.point()[0], 1e-7);
    }
  }

  @Test
  void aMinimumBehindTheWallIsApproachedNotCrossed() {
    // -x up to the wall at 1.
    DifferentiableFunction walled =
        (x, gradient) -> {
          gradient[0] = -1;
          return x[0] > 1 ? Double.NaN : -x[0];
        };
    Lbfgs lbfgs = new Lbfgs(walled, new double[] {0}, 10);
    run(lbfgs, MANY);
    assertTrue(lbfgs.point()[0] <= 1, "x " + lbfgs.point()[0]);
    assertEquals(1, lbfgs.point()[0], 1e-6);
  }

  @Test
  void aFunctionWithoutMinimumKeepsFallingWithinItsEvaluations() {
    DifferentiableFunction linear =
        (x, gradient) -> {
          gradient[0] = 2;
          return 2 * x[0];
        };
    Lbfgs lbfgs = new Lbfgs(linear, new double[] {0}, 10);
    assertEquals(Status.STEPPED, lbfgs.iterate());
    assertEquals(1 + StrongWolfe.MAX_EVALUATIONS, lbfgs.evaluations());
    assertTrue(lbfgs.value() < -1e6, "value " + lbfgs.value());
  }

  @Test
  void aGradientOfTheWrongSignFails() {
    DifferentiableFunction wrong =
        (x, gradient) -> {
          double value = TestFunctions.himmelblau(x, gradient);
          gradient[0] = -gradient[0];
          gradient[1] = -gradient[1];
          return value;
        };
    Lbfgs lbfgs = new Lbfgs(wrong, new double[] {1, 1}, 10);
    assertEquals(Status.LINE_SEARCH_FAILED, lbfgs.iterate());
    assertArrayEquals(new double[] {1, 1}, lbfgs.point());
  }

  @Test
  void equalInputGivesEqualBits() {
    double[] start = {-1.2, 1, 0.3, 2, -5};
    Lbfgs one = new Lbfgs(TestFunctions::rosenbrock, start, 4);
    Lbfgs other = new Lbfgs(TestFunctions::rosenbrock, start, 4);
    for (int i = 0; i < 30; i++) {
      assertEquals(one.iterate(), other.iterate());
      assertArrayEquals(one.point(), other.point());
      assertEquals(one.evaluations(), other.evaluations());
    }
  }

  @Test
  void neitherStartNorResultAreShared() {
    double[] start = {-1.2, 1};
    Lbfgs lbfgs = new Lbfgs(TestFunctions::rosenbrock, start, 4);
    double[] point = lbfgs.point();
    lbfgs.iterate();
    assertArrayEquals(new double[] {-1.2, 1}, start);
    assertArrayEquals(new double[] {-1.2, 1}, point);
    assertNotSame(lbfgs.point(), lbfgs.point());
  }

  @Test
  void aHistoryBelowOneIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Lbfgs(TestFunctions::rosenbrock, new double[2], 0));
  }

  private static Status run(Lbfgs lbfgs, int iterations) {
    Status status = Status.STEPPED;
    for (int i = 0; i < iterations && status == Status.STEPPED; i++) {
      status = lbfgs.iterate();
    }
    return status;
  }
}
