package org.sparksae.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.Cases;

class AutoencoderSpecTest {

  static Stream<Arguments> invalidPairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      for (SparsityScope scope : SparsityScope.values()) {
        if (!Cases.isValid(activation, SparsityKind.KL)) {
          pairs.add(Arguments.of(activation, scope));
        }
      }
    }
    return pairs.stream();
  }

  @ParameterizedTest(name = "{0}, scope {1}")
  @MethodSource("invalidPairs")
  void klNeedsProbabilities(Activation activation, SparsityScope scope) {
    String message = refusal(activation, new Sparsity(SparsityKind.KL, scope, 3, 0.05));
    assertEquals(
        "sparsity 'kl' of hidden layer 1 needs activations in (0, 1), but activation is '%s', with range %s;"
                .formatted(activation.paramName(), activation.range())
            + " use activation = sigmoid, or sparsity = targetL1, targetL2, l1 or l2",
        message);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
  void targetOfASigmoidLiesStrictlyBetween0And1(double target) {
    for (SparsityKind kind :
        List.of(SparsityKind.KL, SparsityKind.TARGET_L1, SparsityKind.TARGET_L2)) {
      String message =
          refusal(Activation.SIGMOID, new Sparsity(kind, SparsityScope.UNIT, 3, target));
      assertEquals(
          "sparsityTargets[1] must lie in the range (0, 1) of activation 'sigmoid', got " + target,
          message);
    }
  }

  @Test
  void targetsOfOtherActivationsLieInTheirRanges() {
    Sparsity negative = new Sparsity(SparsityKind.TARGET_L2, SparsityScope.UNIT, 3, -0.1);
    assertEquals(
        "sparsityTargets[1] must lie in the range [0, inf) of activation 'relu', got -0.1",
        refusal(Activation.RELU, negative));
    Sparsity one = new Sparsity(SparsityKind.TARGET_L1, SparsityScope.EXAMPLE, 3, 1);
    assertEquals(
        "sparsityTargets[1] must lie in the range (-1, 1) of activation 'tanh', got 1.0",
        refusal(Activation.TANH, one));
    assertDoesNotThrow(() -> twoLayers(Activation.TANH, negative));
    assertDoesNotThrow(() -> twoLayers(Activation.LINEAR, negative));
    assertDoesNotThrow(
        () ->
            twoLayers(
                Activation.RELU, new Sparsity(SparsityKind.TARGET_L1, SparsityScope.UNIT, 3, 0)));
  }

  @ParameterizedTest
  @EnumSource(names = {"L1", "L2", "NONE"})
  void penaltiesWithoutATargetDoNotLookAtIt(SparsityKind kind) {
    assertDoesNotThrow(
        () -> twoLayers(Activation.RELU, new Sparsity(kind, SparsityScope.UNIT, 3, Double.NaN)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void weightsAreFiniteAndNotNegative(double weight) {
    assertEquals(
        "sparsityWeights[1] must be 0 or more and finite, got " + weight,
        refusal(
            Activation.SIGMOID, new Sparsity(SparsityKind.KL, SparsityScope.UNIT, weight, 0.1)));
    assertEquals(
        "regParam must be 0 or more and finite, got " + weight,
        assertThrows(
                IllegalArgumentException.class,
                () -> new AutoencoderSpec(3, List.of(plain(2)), Activation.LINEAR, false, weight))
            .getMessage());
  }

  @Test
  void sizesAreAtLeastOne() {
    assertEquals(
        "the input must have at least 1 column, got 0",
        refusal(() -> new AutoencoderSpec(0, List.of(plain(2)), Activation.LINEAR, false, 0)));
    assertEquals(
        "hiddenLayers must name at least one layer, got none",
        refusal(() -> new AutoencoderSpec(3, List.of(), Activation.LINEAR, false, 0)));
    assertEquals(
        "hiddenLayers[1] must be 1 or more, got 0",
        refusal(
            () ->
                new AutoencoderSpec(3, List.of(plain(2), plain(0)), Activation.LINEAR, false, 0)));
  }

  /** As a layer of a deep model it may have to reconstruct the code of any. */
  @ParameterizedTest
  @EnumSource
  void theOutputHasAnyActivation(Activation output) {
    AutoencoderSpec spec = new AutoencoderSpec(3, List.of(plain(2)), output, false, 0);
    assertEquals(output, spec.outputActivation());
  }

  @Test
  void aPreBiasNeedsARowToSubtract() {
    assertEquals(
        "preBias needs one hidden layer, got 2; set preBias = none, or train an estimator for each"
            + " layer",
        refusal(() -> spec(false, 13, 7, 5).withPreBias(true)));
    AutoencoderSpec sigmoid =
        new AutoencoderSpec(3, List.of(plain(2)), Activation.SIGMOID, false, 0);
    assertEquals(
        "preBias needs outputActivation 'linear', got 'sigmoid'; set preBias = none, or"
            + " outputActivation = linear",
        refusal(() -> sigmoid.withPreBias(true)));
    HiddenLayer maps =
        new HiddenLayer(
            new Convolution(new ImageShape(1, 3, 4), 2, 2, 1, Padding.SAME),
            Activation.RELU,
            Sparsity.NONE,
            CodeForm.ALL);
    AutoencoderSpec images = new AutoencoderSpec(12, List.of(maps), Activation.LINEAR, false, 0);
    assertEquals(
        "preBias needs a fully connected layer, got maps of a convolution; set preBias = none",
        refusal(() -> images.withPreBias(true)));
  }

  @Test
  void decoderL1IsForFullyConnectedLayers() {
    HiddenLayer maps =
        new HiddenLayer(
            new Convolution(new ImageShape(1, 3, 4), 2, 2, 1, Padding.SAME),
            Activation.RELU,
            new Sparsity(SparsityKind.DECODER_L1, SparsityScope.UNIT, 1, 0),
            CodeForm.ALL);
    assertEquals(
        "sparsity 'decoderL1' needs a fully connected layer, but hidden layer 1 has maps of a"
            + " convolution; use l1",
        refusal(() -> new AutoencoderSpec(12, List.of(maps), Activation.LINEAR, false, 0)));
  }

  /** Every form of a model that has one keeps it. */
  @Test
  void aPreBiasStays() {
    AutoencoderSpec spec = spec(false, 13, 7).withPreBias(true);
    assertTrue(spec.with(DecoderNorm.UNIT).preBias());
    assertTrue(spec.withoutKinks().preBias());
    assertTrue(spec.encoding().preBias());
    assertTrue(spec.layer(1).preBias());
    assertEquals(spec(false, 13, 7), spec.withPreBias(false));
  }

  @Test
  void layoutNamesEveryTensorInwardsThenOutwards() {
    AutoencoderSpec untied = spec(false, 13, 7, 5);
    assertEquals(
        List.of(
            "encoder.0.weight [7, 13]",
            "encoder.0.bias [7]",
            "encoder.1.weight [5, 7]",
            "encoder.1.bias [5]",
            "decoder.1.weight [7, 5]",
            "decoder.1.bias [7]",
            "decoder.0.weight [13, 7]",
            "decoder.0.bias [13]"),
        untied.layout().tensors().stream().map(AutoencoderSpecTest::describe).toList());
    // 91 + 7 + 35 + 5 + 35 + 7 + 91 + 13
    assertEquals(284, untied.layout().size());
    AutoencoderSpec tied = spec(true, 13, 7, 5);
    assertEquals(
        List.of(
            "encoder.0.weight [7, 13]",
            "encoder.0.bias [7]",
            "encoder.1.weight [5, 7]",
            "encoder.1.bias [5]",
            "decoder.1.bias [7]",
            "decoder.0.bias [13]"),
        tied.layout().tensors().stream().map(AutoencoderSpecTest::describe).toList());
    assertEquals(284 - 35 - 91, tied.layout().size());
  }

  private static String describe(Tensor tensor) {
    return tensor.name() + " " + Arrays.toString(tensor.shape());
  }

  @Test
  void sizesByLayer() {
    AutoencoderSpec spec = spec(false, 13, 7, 5);
    assertArrayEquals(new int[] {13, 7, 5}, new int[] {spec.size(0), spec.size(1), spec.size(2)});
    assertEquals(2, spec.depth());
    assertEquals(5, spec.codeSize());
    assertEquals(12, spec.hiddenUnits());
  }

  @Test
  void tilesAreAtMost2048RowsAndSmallerForWideModels() {
    assertEquals(2048, spec(false, 13, 7, 5).tileRows());
    assertEquals(512, spec(false, 13, 8192).tileRows());
    // 2^22 / 10000 = 419.4
    assertEquals(419, spec(false, 13, 10000).tileRows());
    assertEquals(419, spec(false, 10000, 7).tileRows());
    assertEquals(1, spec(false, 1 << 23, 7).tileRows());
  }

  @Test
  void meansAreNeededIfAnyLayerNeedsThem() {
    Sparsity kl = new Sparsity(SparsityKind.KL, SparsityScope.UNIT, 3, 0.1);
    assertTrue(twoLayers(Activation.SIGMOID, kl).needsMeans());
    Sparsity ofExamples = new Sparsity(SparsityKind.KL, SparsityScope.EXAMPLE, 3, 0.1);
    assertTrue(!twoLayers(Activation.SIGMOID, ofExamples).needsMeans());
  }

  private static AutoencoderSpec spec(boolean tied, int inputSize, int... sizes) {
    List<HiddenLayer> layers = new ArrayList<>();
    for (int size : sizes) {
      layers.add(plain(size));
    }
    return new AutoencoderSpec(inputSize, layers, Activation.LINEAR, tied, 0);
  }

  private static HiddenLayer plain(int size) {
    return new HiddenLayer(size, Activation.SIGMOID, Sparsity.NONE);
  }

  private static AutoencoderSpec twoLayers(Activation activation, Sparsity sparsity) {
    List<HiddenLayer> layers = List.of(plain(4), new HiddenLayer(2, activation, sparsity));
    return new AutoencoderSpec(5, layers, Activation.LINEAR, false, 0);
  }

  private static String refusal(Activation activation, Sparsity sparsity) {
    return refusal(() -> twoLayers(activation, sparsity));
  }

  private static String refusal(Executable executable) {
    return assertThrows(IllegalArgumentException.class, executable).getMessage();
  }
}
