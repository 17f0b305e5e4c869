package org.sparksae.core.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.model.ParameterLayout.Tensor;

/** The reference is right: by finite differences, with the residual and its scale held constant. */
class ReferenceLatentsTest {
  private static final int[] DEAD = {1, 4, 5};
  private static final double STEP = 1e-4;
  private static final double TOLERANCE = 1e-7;

  static Stream<Cases.Case> grid() {
    return Stream.concat(LatentCases.grid(5, 6), TargetCases.of(LatentCases.grid(5, 6), 4));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grid")
  void gradientIsThatOfFiniteDifferences(Cases.Case of) {
    Cases.Data data = Cases.random(of, 7, 13);
    ReferenceLatents reference = new ReferenceLatents(of.spec());
    ReferenceLatents.Result result =
        reference.evaluate(data.parameters(), data.rows(), data.weights(), DEAD);
    double[] differences = new double[data.parameters().length];
    for (int p = 0; p < differences.length; p++) {
      double near =
          total(reference, data, p, STEP, result) - total(reference, data, p, -STEP, result);
      double far =
          total(reference, data, p, 2 * STEP, result)
              - total(reference, data, p, -2 * STEP, result);
      differences[p] = (8 * near - far) / (12 * STEP);
    }
    for (Tensor tensor : of.spec().layout().tensors()) {
      double difference = Cases.difference(differences, result.gradient(), tensor);
      assertTrue(difference < TOLERANCE, () -> tensor.name() + " differs by " + difference);
    }
  }

  private static double total(
      ReferenceLatents reference,
      Cases.Data data,
      int p,
      double step,
      ReferenceLatents.Result result) {
    double[] moved = data.parameters().clone();
    moved[p] += step;
    ReferenceLatents.Selection selection =
        reference.select(moved, data.rows(), data.weights(), DEAD);
    assertEquals(
        reference.select(data.parameters(), data.rows(), data.weights(), DEAD),
        selection,
        "another selection: choose another seed");
    Map<String, Double> terms =
        reference.terms(moved, data.rows(), data.weights(), selection, result.held());
    return terms.values().stream().mapToDouble(term -> term).sum();
  }
}
