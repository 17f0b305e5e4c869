package org.sparksae.core.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;

/**
 * Which units are kept, with what values. All numbers are small integers: every product and sum is
 * exact, whatever computes it in whatever order, and equal pre-activations are common.
 */
class KSparseTest {

  @ParameterizedTest(name = "{0} rows, {1} inputs, {2} units, k {3}")
  @CsvSource({
    "1, 1, 1, 1",
    "1, 13, 600, 3",
    "2, 3, 7, 1",
    "5, 3, 7, 3",
    "5, 3, 7, 7",
    "16, 5, 512, 32",
    "17, 5, 513, 31",
    "530, 2, 17, 5",
    "40, 3, 1100, 11",
    "33, 1, 1100, 1099",
  })
  void largestUnitsAreKeptAndOfEqualOnesTheFirst(int rows, int inputs, int units, int k) {
    SplittableRandom random = new SplittableRandom(rows + inputs + units + k);
    float[] values = integers(random, rows * inputs);
    DenseRows x = DenseRows.of(values, rows, inputs);
    for (HiddenLayer code : KSparseCases.codes(units, k)) {
      AutoencoderSpec spec = KSparseCases.oneLayer(inputs, code);
      float[] parameters = integers(random, spec.layout().size());
      List<Map<Integer, Double>> expected = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        expected.add(kept(code, preActivations(parameters, units, x, i)));
      }
      try (Team three = new Team(3)) {
        for (Team team : new Team[] {Team.SOLO, three}) {
          for (Rows input : new Rows[] {x, SparseForm.of(x)}) {
            Autoencoder autoencoder = new Autoencoder(spec, rows, team);
            autoencoder.encode(parameters, input);
            assertCode(code, expected, (SparseRows) autoencoder.code());
          }
        }
      }
    }
  }

  /** The kept units' values by their indices. */
  private static Map<Integer, Double> kept(HiddenLayer code, double[] z) {
    boolean[] kept = ReferenceTopK.kept(code, z);
    Map<Integer, Double> values = new TreeMap<>();
    for (int j = 0; j < kept.length; j++) {
      if (kept[j]) {
        values.put(j, z[j]);
      }
    }
    return values;
  }

  private static void assertCode(
      HiddenLayer code, List<Map<Integer, Double>> expected, SparseRows h) {
    assertEquals(expected.size(), h.rows());
    assertEquals(code.size(), h.columns());
    // A rectified row with fewer than k positive units may store zeros for the rest.
    boolean storesZeros = code.activation() == Activation.RELU;
    for (int i = 0; i < h.rows(); i++) {
      Map<Integer, Double> actual = new TreeMap<>();
      int last = -1;
      for (int p = h.start(i); p < h.end(i); p++) {
        assertTrue(h.indices()[p] > last, "indices rise within a row");
        last = h.indices()[p];
        if (!storesZeros || h.values()[p] != 0) {
          actual.put(last, h.values()[p] + 0.0);
        }
      }
      assertEquals(expected.get(i), actual, "row " + i);
    }
  }

  private static double[] preActivations(float[] parameters, int units, DenseRows x, int row) {
    double[] z = new double[units];
    int in = x.columns();
    for (int j = 0; j < units; j++) {
      z[j] = parameters[units * in + j];
      for (int c = 0; c < in; c++) {
        z[j] += parameters[j * in + c] * x.get(row, c);
      }
      z[j] += 0.0;
    }
    return z;
  }

  private static float[] integers(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(-2, 3);
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 700})
  void rowsOfZerosKeepTheFirstUnitsAndRectifiedOnesNone(int k) {
    for (HiddenLayer code : KSparseCases.codes(1000, k)) {
      AutoencoderSpec spec = KSparseCases.oneLayer(3, code);
      float[] parameters = InitialParameters.of(spec, 1);
      Autoencoder autoencoder = new Autoencoder(spec, 2);
      autoencoder.reconstruct(parameters, DenseRows.zeros(2, 3));
      SparseRows h = (SparseRows) autoencoder.code();
      for (int p = h.start(0); p < h.end(1); p++) {
        assertEquals(0f, h.values()[p]);
      }
      if (code.activation() == Activation.LINEAR) {
        for (int p = 0; p < k; p++) {
          assertEquals(p, h.indices()[h.start(1) + p]);
        }
      }
      assertArrayEquals(new float[6], autoencoder.reconstruction().values());
    }
  }

  @Test
  void equalWeightsWithRoundingTie() {
    // Every unit has the weights (0.1, 0.7, -0.3): one value, however it is rounded.
    HiddenLayer code = KSparseCases.codes(64, 5).get(0);
    AutoencoderSpec spec = KSparseCases.oneLayer(3, code);
    float[] parameters = new float[spec.layout().size()];
    for (int j = 0; j < 64; j++) {
      parameters[3 * j] = 0.1f;
      parameters[3 * j + 1] = 0.7f;
      parameters[3 * j + 2] = -0.3f;
    }
    DenseRows x = DenseRows.of(new float[] {0.3f, 0.11f, 1.7f, 0.3f, 0.11f, 1.7f}, 2, 3);
    for (Rows input : new Rows[] {x, SparseForm.of(x)}) {
      Autoencoder autoencoder = new Autoencoder(spec, 2);
      autoencoder.encode(parameters, input);
      SparseRows h = (SparseRows) autoencoder.code();
      assertArrayEquals(
          new int[] {0, 1, 2, 3, 4, 0, 1, 2, 3, 4}, Arrays.copyOf(h.indices(), h.end(1)));
    }
  }

  @Test
  void nanIsKeptSoThatItIsSeen() {
    for (HiddenLayer code : KSparseCases.codes(7, 2)) {
      AutoencoderSpec spec = KSparseCases.oneLayer(1, code);
      float[] parameters = InitialParameters.of(spec, 1);
      Autoencoder autoencoder = new Autoencoder(spec, 2);
      autoencoder.reconstruct(parameters, DenseRows.of(new float[] {Float.NaN, 1}, 2, 1));
      assertTrue(Float.isNaN(autoencoder.reconstruction().get(0, 0)), code.toString());
      assertTrue(Float.isFinite(autoencoder.reconstruction().get(1, 0)), code.toString());
    }
  }

  @Test
  void rowsThatDoNotFitAreRefused() {
    AutoencoderSpec spec = KSparseCases.oneLayer(3, KSparseCases.codes(7, 2).get(0));
    float[] parameters = new float[spec.layout().size()];
    Autoencoder autoencoder = new Autoencoder(spec, 4);
    assertEquals(
        "rows must be [at most 4, 3], got [5, 3]",
        assertThrows(
                IllegalArgumentException.class,
                () -> autoencoder.encode(parameters, DenseRows.zeros(5, 3)))
            .getMessage());
    assertEquals(
        "rows must be [at most 4, 3], got [1, 2]",
        assertThrows(
                IllegalArgumentException.class,
                () -> autoencoder.encode(parameters, SparseForm.of(DenseRows.zeros(1, 2))))
            .getMessage());
  }
}
