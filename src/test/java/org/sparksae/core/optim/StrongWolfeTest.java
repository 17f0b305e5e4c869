package org.sparksae.core.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.optim.StrongWolfe.Outcome;

class StrongWolfeTest {

  @ParameterizedTest
  @ValueSource(doubles = {1e-8, 1e-3, 0.1, 1, 10, 1e3, 1e8})
  void acceptsFromAnyFirstStep(double firstStep) {
    // Moré & Thuente's first function, -a / (a^2 + 2): it falls up to a = sqrt(2) and then rises
    // for ever.
    DifferentiableFunction function =
        (x, gradient) -> {
          double a = x[0];
          gradient[0] = (a * a - 2) / ((a * a + 2) * (a * a + 2));
          return -a / (a * a + 2);
        };
    Sample start = at(function, 0);
    StrongWolfe search = new StrongWolfe(function, 1);
    assertEquals(Outcome.STRONG_WOLFE, search.search(start, new double[] {1}, firstStep));
    Sample end = search.accepted();
    assertTrue(end.value <= start.value + 1e-4 * end.point[0] * -0.5);
    assertTrue(Math.abs(end.gradient[0]) <= 0.9 * 0.5);
    assertTrue(search.evaluations() <= StrongWolfe.MAX_EVALUATIONS);
  }

  @Test
  void theMinimumOfAQuadraticIsFoundInTwoTrials() {
    // (a - 2)^2 / 2 from 0 with first step 19: too far, and the cubic through both ends is the
    // parabola itself.
    DifferentiableFunction function =
        (x, gradient) -> {
          gradient[0] = x[0] - 2;
          return (x[0] - 2) * (x[0] - 2) / 2;
        };
    StrongWolfe search = new StrongWolfe(function, 1);
    search.search(at(function, 0), new double[] {1}, 19);
    assertEquals(2, search.accepted().point[0], 1e-12);
    assertEquals(2, search.evaluations());
  }

  @Test
  void belowTheNoiseTheSlopesDecide() {
    // 1 + 1e-9 (x - 1)^2 with a value that float arithmetic would return: always 1.
    DifferentiableFunction function =
        (x, gradient) -> {
          gradient[0] = 2e-9 * (x[0] - 1);
          return (float) (1 + 1e-9 * (x[0] - 1) * (x[0] - 1));
        };
    StrongWolfe search = new StrongWolfe(function, 1);
    // c1 a |phi'(0)| = 1e-4 * 0.8 * 2e-9 would be a decrease that a double could show: the value
    // does not.
    Outcome outcome = search.search(at(function, 0), new double[] {1}, 0.8);
    assertEquals(Outcome.APPROXIMATE_WOLFE, outcome);
    assertEquals(1, search.evaluations());
  }

  @Test
  void roundingThatSwallowsEveryDecreaseEndsTheSearchEarly() {
    // The slope promises a decrease everywhere; the value always rises by 1e-8.
    DifferentiableFunction function =
        (x, gradient) -> {
          gradient[0] = -1e-9;
          return x[0] == 0 ? 1 : 1 + 1e-8;
        };
    StrongWolfe search = new StrongWolfe(function, 1);
    assertEquals(Outcome.BELOW_NOISE, search.search(at(function, 0), new double[] {1}, 1));
    assertEquals(3, search.evaluations());
  }

  @Test
  void aStepThatMovesNoCoordinateIsNotEvaluated() {
    DifferentiableFunction function =
        (x, gradient) -> {
          gradient[0] = 1;
          return x[0];
        };
    StrongWolfe search = new StrongWolfe(function, 1);
    assertEquals(Outcome.BELOW_NOISE, search.search(at(function, 1e20), new double[] {-1}, 1));
    assertEquals(0, search.evaluations());
  }

  @Test
  void anIslandOfOneFinitePointFails() {
    DifferentiableFunction function =
        (x, gradient) -> {
          gradient[0] = -1;
          return x[0] == 1 ? 0 : Double.NaN;
        };
    StrongWolfe search = new StrongWolfe(function, 1);
    assertEquals(Outcome.FAILED, search.search(at(function, 1), new double[] {1}, 1));
    assertTrue(search.evaluations() <= StrongWolfe.MAX_EVALUATIONS);
  }

  @ParameterizedTest
  @CsvSource({"0,2", "2,0", "0,10", "-0.5,0.5"})
  void cubicFindsItsMinimumFromEitherSide(double a, double b) {
    // p(x) = x^3 - 3 x has its minimum at 1.
    double minimum =
        Cubic.minimum(a, a * a * a - 3 * a, 3 * a * a - 3, b, b * b * b - 3 * b, 3 * b * b - 3);
    assertEquals(1, minimum, 1e-12);
  }

  @Test
  void aCubicWithoutMinimumIsNaN() {
    // p(x) = x^3 + 3 x rises everywhere; p' = 3 x^2 + 3.
    assertTrue(Double.isNaN(Cubic.minimum(0, 0, 3, 1, 4, 6)));
  }

  private static Sample at(DifferentiableFunction function, double x) {
    Sample sample = new Sample(1);
    sample.point[0] = x;
    sample.evaluate(function);
    return sample;
  }
}
