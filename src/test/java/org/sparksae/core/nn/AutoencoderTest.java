package org.sparksae.core.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;

class AutoencoderTest {

  private static AutoencoderSpec spec(boolean tied, int inputSize, int... sizes) {
    List<HiddenLayer> layers =
        Arrays.stream(sizes)
            .mapToObj(size -> new HiddenLayer(size, Activation.RELU, Sparsity.NONE))
            .toList();
    return new AutoencoderSpec(inputSize, layers, Activation.LINEAR, tied, 0);
  }

  @Test
  void forwardByHand() {
    // W = [[1, 2], [-1, 1]], b = (0.5, 0); V = [[1, 0], [2, 3]], c = (0, 1)
    float[] parameters = {1, 2, -1, 1, 0.5f, 0, 1, 0, 2, 3, 0, 1};
    Autoencoder autoencoder = new Autoencoder(spec(false, 2, 2), 3);
    DenseRows x = DenseRows.of(new float[] {1, 1, 2, -1}, 2, 2);
    autoencoder.reconstruct(parameters, x);
    // (1, 1): z = (3.5, 0), h = (3.5, 0), x_hat = (3.5, 7 + 1)
    // (2, -1): z = (0.5, -3), h = (0.5, 0), x_hat = (0.5, 1 + 1)
    assertRows(new float[] {3.5f, 0, 0.5f, 0}, (DenseRows) autoencoder.code());
    assertRows(new float[] {3.5f, 8, 0.5f, 2}, autoencoder.reconstruction());
  }

  @Test
  void tiedDecoderIsTheEncoderTransposed() {
    // W = [[1, 2]], b = 0, c = (0.5, -0.5)
    float[] parameters = {1, 2, 0, 0.5f, -0.5f};
    Autoencoder autoencoder = new Autoencoder(spec(true, 2, 1), 1);
    autoencoder.reconstruct(parameters, DenseRows.of(new float[] {3, 1}, 1, 2));
    // h = 3 + 2 = 5;  x_hat = (5 + 0.5, 10 - 0.5)
    assertRows(new float[] {5}, (DenseRows) autoencoder.code());
    assertRows(new float[] {5.5f, 9.5f}, autoencoder.reconstruction());
  }

  @Test
  void buffersAreReusedWithoutTraces() {
    AutoencoderSpec spec = spec(false, 6, 4, 3);
    float[] parameters = InitialParameters.of(spec, 1);
    Cases.Data data = Cases.random(new Cases.Case("", spec, false), 5, 1);
    DenseRows first = DenseRows.of(Cases.floats(data.rows()[0]), 1, 6);
    float[] alone = reconstruction(new Autoencoder(spec, 1), parameters, first);
    Autoencoder reused = new Autoencoder(spec, 5);
    float[] ones = new float[30];
    Arrays.fill(ones, 100);
    reconstruction(reused, parameters, DenseRows.of(ones, 5, 6));
    assertArrayEquals(alone, reconstruction(reused, parameters, first));
    reused.encode(parameters, first);
    assertEquals(1, reused.code().rows());
    assertEquals(4, reused.hidden(1).columns());
    assertEquals(3, reused.hidden(2).columns());
  }

  private static float[] reconstruction(Autoencoder of, float[] parameters, DenseRows x) {
    of.reconstruct(parameters, x);
    DenseRows rows = of.reconstruction();
    return Arrays.copyOfRange(rows.values(), rows.offset(), rows.end());
  }

  @Test
  void moreRowsThanATileAreRefused() {
    Autoencoder autoencoder = new Autoencoder(spec(false, 2, 2), 3);
    DenseRows four = DenseRows.zeros(4, 2);
    assertThrows(IllegalArgumentException.class, () -> autoencoder.encode(new float[12], four));
  }

  @Test
  void initialWeightsAreUniformAndBiasesZero() {
    AutoencoderSpec spec = spec(false, 200, 100, 50);
    float[] parameters = InitialParameters.of(spec, 42);
    assertEquals(spec.layout().size(), parameters.length);
    for (Tensor tensor : spec.layout().tensors()) {
      float[] values =
          Arrays.copyOfRange(parameters, tensor.offset(), tensor.offset() + tensor.size());
      if (!tensor.name().endsWith(".weight")) {
        assertArrayEquals(new float[tensor.size()], values, tensor.name());
        continue;
      }
      // 200-100: sqrt(6/301) = 0.1412;  100-50: sqrt(6/151) = 0.1993
      double r = tensor.name().contains(".0.") ? Math.sqrt(6.0 / 301) : Math.sqrt(6.0 / 151);
      double sum = 0;
      double squares = 0;
      double largest = 0;
      for (float value : values) {
        sum += value;
        squares += (double) value * value;
        largest = Math.max(largest, Math.abs(value));
      }
      int n = values.length;
      // U(-r, r) has variance r^2/3, and its square variance 4 r^4/45; bounds are 5 deviations
      assertTrue(largest <= (float) r && largest > 0.999 * r, tensor.name() + " " + largest);
      assertEquals(0, sum / n, 5 * r / Math.sqrt(3.0 * n), tensor.name());
      assertEquals(r * r / 3, squares / n, 5 * r * r * Math.sqrt(4.0 / 45 / n), tensor.name());
    }
  }

  @Test
  void initialParametersFollowTheSeed() {
    AutoencoderSpec spec = spec(false, 13, 7);
    float[] parameters = InitialParameters.of(spec, 42);
    assertArrayEquals(parameters, InitialParameters.of(spec, 42));
    assertFalse(Arrays.equals(parameters, InitialParameters.of(spec, 43)));
    assertNotEquals(parameters[0], InitialParameters.of(spec, -42)[0]);
  }

  /** Four matrices of one shape: a shared stream, or a shifted one, would repeat values. */
  @Test
  void layersDoNotShareAStream() {
    AutoencoderSpec spec = spec(false, 9, 9, 9);
    float[] parameters = InitialParameters.of(spec, 42);
    Set<Float> distinct = new HashSet<>();
    for (Tensor tensor : spec.layout().tensors()) {
      for (int i = 0; tensor.isMatrix() && i < tensor.size(); i++) {
        distinct.add(Math.abs(parameters[tensor.offset() + i]));
      }
    }
    assertEquals(4 * 81, distinct.size());
  }

  private static void assertRows(float[] expected, DenseRows actual) {
    assertArrayEquals(
        expected, Arrays.copyOfRange(actual.values(), actual.offset(), actual.end()), 1e-6f);
  }
}
