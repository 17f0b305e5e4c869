package org.sparksae.core.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.model.ParameterLayout.Tensor;

/** The reference of thresholds and gates is right: by finite differences of its definition. */
class ReferenceOneLayerTest {
  private static final double STEP = 1e-4;
  private static final double TOLERANCE = 1e-7;

  static Stream<Cases.Case> grid() {
    return Stream.concat(GateCases.grid(5, 6), TargetCases.of(GateCases.grid(5, 6), 4));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grid")
  void gradientIsThatOfFiniteDifferences(Cases.Case of) {
    Cases.Data data = GateCases.data(of, 11, 10 * STEP);
    ReferenceOneLayer reference = ReferenceOneLayer.of(of.spec());
    double[] gradient =
        reference.evaluate(data.parameters(), data.rows(), data.weights()).gradient();
    double[] differences = new double[gradient.length];
    for (int p = 0; p < differences.length; p++) {
      double near = moved(reference, data, p, STEP) - moved(reference, data, p, -STEP);
      double far = moved(reference, data, p, 2 * STEP) - moved(reference, data, p, -2 * STEP);
      differences[p] = (8 * near - far) / (12 * STEP);
    }
    for (Tensor tensor : of.spec().layout().tensors()) {
      double difference = Cases.difference(differences, gradient, tensor);
      assertTrue(difference < TOLERANCE, () -> tensor.name() + " differs by " + difference);
    }
  }

  private static double moved(ReferenceOneLayer reference, Cases.Data data, int p, double step) {
    double[] moved = data.parameters().clone();
    moved[p] += step;
    return reference.terms(moved, data.parameters(), data.rows(), data.weights()).values().stream()
        .mapToDouble(term -> term)
        .sum();
  }
}
