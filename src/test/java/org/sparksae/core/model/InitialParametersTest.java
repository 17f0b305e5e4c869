package org.sparksae.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.ConvolutionCases;
import org.sparksae.core.nn.DecoderVectors;
import org.sparksae.core.nn.KSparseCases;

/** Weights that start tied. */
class InitialParametersTest {

  static Stream<Cases.Case> models() {
    // Square matrices, too, whose shape does not tell whether they are transposed.
    AutoencoderSpec square = Cases.oneLayer(7, 7, Activation.RELU, Sparsity.NONE);
    return Stream.of(
            Stream.of(new Cases.Case("square, all units", square, false)),
            KSparseCases.few(7, 7, 3),
            KSparseCases.few(7, 12, 3),
            ConvolutionCases.few())
        .flatMap(cases -> cases);
  }

  /** A unit's weights in the encoder are its decoder vector, of the length that was asked for. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void encoderIsTheDecodersTranspose(Cases.Case of) {
    AutoencoderSpec spec = of.spec();
    float[] parameters = InitialParameters.tied(spec, 3, 0.1);
    List<int[]> vectors = new ArrayList<>(DecoderVectors.indices(spec));
    for (double length : DecoderVectors.lengths(spec, parameters)) {
      assertEquals(0.1, length, 1e-7);
    }
    for (int k = 1; k <= spec.depth(); k++) {
      Tensor encoder = spec.layout().tensor(ParameterLayout.encoderWeight(k));
      for (int unit = 0; unit < encoder.rows(); unit++) {
        int[] vector = vectors.remove(0);
        for (int i = 0; i < vector.length; i++) {
          int at = encoder.offset() + unit * encoder.columns() + i;
          assertEquals(parameters[vector[i]], parameters[at]);
        }
      }
    }
    for (Tensor tensor : spec.layout().tensors()) {
      for (int i = 0; !tensor.isMatrix() && i < tensor.rows(); i++) {
        assertEquals(0, parameters[tensor.offset() + i]);
      }
    }
    assertArrayEquals(parameters, InitialParameters.tied(spec, 3, 0.1));
  }

  @Test
  void unitVectorsMayStartTied() {
    AutoencoderSpec spec =
        KSparseCases.oneLayer(5, KSparseCases.codes(9, 2).get(0)).with(DecoderNorm.UNIT);
    float[] parameters = InitialParameters.tied(spec, 3, 1);
    for (double length : DecoderVectors.lengths(spec, parameters)) {
      assertEquals(1, length, 1.2e-7);
    }
  }
}
