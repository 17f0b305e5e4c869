package org.sparksae.core.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.LayerStack;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.TopK;

/** Of a model that is linear and has no biases, filters say all: z_k = F_k x, x_hat = G_K' z_K. */
class LayerFiltersTest {
  private static final int INPUTS = 5;
  private static final float TOLERANCE = 1e-5f;

  /** Tied or not, k-sparse (keeping all) or not: the decoder's matrices lie differently. */
  static Stream<AutoencoderSpec> specs() {
    List<AutoencoderSpec> specs = new ArrayList<>();
    for (boolean tied : new boolean[] {false, true}) {
      for (TopK topK : new TopK[] {null, new TopK(3, TopK.By.MAGNITUDE)}) {
        HiddenLayer first = new HiddenLayer(7, Activation.LINEAR, Sparsity.NONE);
        HiddenLayer second = new HiddenLayer(4, Activation.LINEAR, Sparsity.NONE);
        HiddenLayer code = new HiddenLayer(3, Activation.LINEAR, Sparsity.NONE, topK);
        specs.add(
            new AutoencoderSpec(
                INPUTS, List.of(first, second, code), Activation.LINEAR, tied, 0.0));
      }
    }
    return specs.stream();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void filtersSayWhatALinearModelDoes(AutoencoderSpec spec) {
    float[] parameters = InitialParameters.of(spec, 1);
    Autoencoder model = new Autoencoder(spec, INPUTS);
    model.reconstruct(parameters, identity());
    for (int k = 1; k <= 3; k++) {
      // Row j is the code of e_j, which is column j of the filters.
      float[] codes = dense(model.hidden(k));
      assertArrayEquals(
          codes,
          transposed(LayerFilters.encoder(spec, parameters, k), spec.size(k)),
          TOLERANCE,
          "encoder, layer " + k);
    }
    assertArrayEquals(
        dense(model.reconstruction()), throughFilters(spec, parameters, 3), TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void filtersOfALayerDoNotDependOnThoseAboveIt(AutoencoderSpec spec) {
    float[] parameters = InitialParameters.of(spec, 2);
    float[] own = LayerStack.layer(spec, parameters, 1);
    Autoencoder first = new Autoencoder(spec.layer(1), INPUTS);
    first.reconstruct(own, identity());
    assertArrayEquals(
        dense(first.reconstruction()), throughFilters(spec, parameters, 1), TOLERANCE);
  }

  @Test
  void layersThatAreNotThereAreRefused() {
    AutoencoderSpec spec = specs().findFirst().orElseThrow();
    float[] parameters = InitialParameters.of(spec, 1);
    for (int layer : new int[] {0, 4}) {
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class, () -> LayerFilters.decoder(spec, parameters, layer));
      assertEquals("the layer must be in [1, 3], got " + layer, refusal.getMessage());
    }
  }

  /** The reconstruction of each e_j, by a sum over units in double. */
  private static float[] throughFilters(AutoencoderSpec spec, float[] parameters, int layer) {
    float[] encoder = LayerFilters.encoder(spec, parameters, layer);
    float[] decoder = LayerFilters.decoder(spec, parameters, layer);
    float[] result = new float[INPUTS * INPUTS];
    for (int j = 0; j < INPUTS; j++) {
      for (int i = 0; i < INPUTS; i++) {
        double sum = 0;
        for (int unit = 0; unit < spec.size(layer); unit++) {
          sum += (double) encoder[unit * INPUTS + j] * decoder[unit * INPUTS + i];
        }
        result[j * INPUTS + i] = (float) sum;
      }
    }
    return result;
  }

  private static DenseRows identity() {
    DenseRows rows = DenseRows.zeros(INPUTS, INPUTS);
    for (int j = 0; j < INPUTS; j++) {
      rows.values()[j * INPUTS + j] = 1;
    }
    return rows;
  }

  private static float[] transposed(float[] filters, int units) {
    float[] result = new float[filters.length];
    for (int unit = 0; unit < units; unit++) {
      for (int j = 0; j < INPUTS; j++) {
        result[j * units + unit] = filters[unit * INPUTS + j];
      }
    }
    return result;
  }

  private static float[] dense(Rows rows) {
    float[] values = new float[rows.rows() * rows.columns()];
    for (int i = 0; i < rows.rows(); i++) {
      if (rows instanceof DenseRows dense) {
        System.arraycopy(
            dense.values(), dense.rowOffset(i), values, i * rows.columns(), rows.columns());
      } else {
        ((SparseRows) rows).copyRow(i, values, i * rows.columns());
      }
    }
    return values;
  }
}
