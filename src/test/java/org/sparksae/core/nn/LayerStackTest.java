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
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.LayerStack;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.TopK;

/** A deep model is its layers, and its layers are autoencoders. */
class LayerStackTest {
  private static final HiddenLayer FIRST = new HiddenLayer(5, Activation.TANH, Sparsity.NONE);
  private static final HiddenLayer SECOND =
      new HiddenLayer(
          7, Activation.RELU, new Sparsity(SparsityKind.L1, SparsityScope.UNIT, 0.5, 0.25));

  static Stream<AutoencoderSpec> specs() {
    List<AutoencoderSpec> specs = new ArrayList<>();
    for (boolean tied : new boolean[] {false, true}) {
      for (CodeForm topK : new CodeForm[] {CodeForm.ALL, new TopK(2, TopK.By.VALUE)}) {
        HiddenLayer code = new HiddenLayer(4, Activation.LINEAR, Sparsity.NONE, topK);
        specs.add(
            new AutoencoderSpec(6, List.of(FIRST, SECOND, code), Activation.SIGMOID, tied, 0.125));
      }
    }
    return specs.stream();
  }

  private static float[] parameters(AutoencoderSpec spec) {
    float[] parameters = InitialParameters.of(spec, 3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += 0.01f * (i % 7);
    }
    return parameters;
  }

  @ParameterizedTest
  @MethodSource("specs")
  void aStackOfTheLayersIsTheModel(AutoencoderSpec spec) {
    float[] parameters = parameters(spec);
    List<float[]> layers = new ArrayList<>();
    for (int k = 1; k <= spec.depth(); k++) {
      layers.add(LayerStack.layer(spec, parameters, k));
    }
    assertArrayEquals(parameters, LayerStack.stack(spec, layers));
  }

  /** Encoding goes through the layers inwards, decoding through them outwards. */
  @ParameterizedTest
  @MethodSource("specs")
  void layersOneAfterTheOtherComputeWhatTheModelDoes(AutoencoderSpec spec) {
    float[] parameters = parameters(spec);
    DenseRows x = DenseRows.of(new float[] {.1f, -.2f, .3f, .4f, -.5f, .6f}, 1, 6);
    Autoencoder whole = new Autoencoder(spec, 1);
    EncodedBatch all = whole.encode(parameters, x);
    float[] reconstruction = dense(all.reconstruct());
    for (int k = 1; k <= spec.depth(); k++) {
      Autoencoder layer = new Autoencoder(spec.layer(k), 1);
      float[] own = LayerStack.layer(spec, parameters, k);
      EncodedBatch alone = layer.encode(own, k == 1 ? x : all.hidden(k - 1));
      assertArrayEquals(dense(all.hidden(k)), dense(alone.code()));
    }
    // From the same code outwards: each layer's decoder takes what the one above it gives.
    Rows outwards = all.code();
    for (int k = spec.depth(); k >= 1; k--) {
      Network layer = new Network(spec.layer(k), 1, Team.SOLO);
      outwards = layer.decode(LayerStack.layer(spec, parameters, k), x, outwards).get(0);
    }
    assertArrayEquals(reconstruction, dense(outwards));
  }

  private static float[] dense(Rows rows) {
    float[] values = new float[rows.columns()];
    if (rows instanceof DenseRows dense) {
      System.arraycopy(dense.values(), dense.rowOffset(0), values, 0, values.length);
    } else {
      ((SparseRows) rows).copyRow(0, values, 0);
    }
    return values;
  }

  @Test
  void aLayerReconstructsByTheActivationOfTheOneBefore() {
    AutoencoderSpec spec = specs().skip(1).findFirst().orElseThrow();
    assertEquals(
        new AutoencoderSpec(6, List.of(FIRST), Activation.SIGMOID, false, 0.125), spec.layer(1));
    assertEquals(
        new AutoencoderSpec(5, List.of(SECOND), Activation.TANH, false, 0.125), spec.layer(2));
    AutoencoderSpec code = spec.layer(3);
    assertEquals(Activation.RELU, code.outputActivation());
    assertEquals(7, code.inputSize());
    assertEquals(spec.code().form(), code.code().form());
    assertEquals(code, code.layer(1));
  }

  @Test
  void thereAreNoOtherLayers() {
    AutoencoderSpec spec = specs().findFirst().orElseThrow();
    for (int k : new int[] {0, 4, -1}) {
      assertEquals(
          "the layer must be in [1, 3], got " + k,
          assertThrows(IllegalArgumentException.class, () -> spec.layer(k)).getMessage());
    }
  }
}
