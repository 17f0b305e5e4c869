package org.sparksae.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.TopK.By;
import org.sparksae.core.nn.Cases;

/** What a k-sparse model may be. */
class TopKSpecTest {
  private static final HiddenLayer DENSE = new HiddenLayer(5, Activation.SIGMOID, Sparsity.NONE);

  private static HiddenLayer code(Activation activation, Sparsity sparsity, int k) {
    return new HiddenLayer(7, activation, sparsity, new TopK(k, By.MAGNITUDE));
  }

  private static HiddenLayer code(int k) {
    return code(Activation.LINEAR, Sparsity.NONE, k);
  }

  private static AutoencoderSpec spec(boolean tied, HiddenLayer... layers) {
    return new AutoencoderSpec(13, List.of(layers), Activation.SIGMOID, tied, 0.25);
  }

  private static String refusal(Executable executable) {
    return assertThrows(IllegalArgumentException.class, executable).getMessage();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 8, Integer.MAX_VALUE})
  void kIsFrom1ToTheUnits(int k) {
    String message = "k must be in [1, 7], the units of the last of the hiddenLayers; got " + k;
    assertEquals(message, refusal(() -> spec(false, DENSE, code(k))));
    assertEquals(message, refusal(() -> spec(false, DENSE, code(3)).withK(k)));
  }

  @ParameterizedTest
  @EnumSource(names = {"SIGMOID", "TANH"})
  void activationsThatSquashAreRefused(Activation activation) {
    assertEquals(
        "k needs activation 'linear' or 'relu', got '%s'".formatted(activation.paramName()),
        refusal(() -> spec(false, code(activation, Sparsity.NONE, 3))));
  }

  @ParameterizedTest
  @EnumSource(names = {"TARGET_L1", "TARGET_L2", "L1", "L2"})
  void penaltiesAreRefused(SparsityKind kind) {
    assertEquals(
        "k makes the code sparse by itself: sparsity must be 'none' for the last of the"
            + " hiddenLayers, got '%s'".formatted(kind.paramName()),
        refusal(
            () ->
                spec(false, code(Activation.LINEAR, Cases.sparsity(kind, SparsityScope.UNIT), 3))));
  }

  @Test
  void onlyTheLastLayerHasIt() {
    assertEquals(
        "k is of the last of the hiddenLayers, the code; got it for 0",
        refusal(() -> spec(false, code(3), DENSE)));
    assertEquals(new TopK(3, By.MAGNITUDE), spec(false, DENSE, code(3)).topK());
    assertNull(spec(false, DENSE, DENSE).topK());
  }

  @Test
  void otherKsLeaveTheRestAsItIs() {
    AutoencoderSpec three = spec(true, DENSE, code(3));
    assertEquals(spec(true, DENSE, code(7)), three.withK(7));
    assertNotEquals(three, three.withK(2));
    assertEquals(three, three.withK(2).withK(3));
    assertEquals(
        "there is no k to change: all units of a code are kept",
        refusal(() -> spec(false, DENSE).withK(2)));
  }

  @Test
  void theMatrixThatTakesTheCodeLiesByUnits() {
    assertEquals(
        List.of(
            "encoder.0.weight [5, 13]",
            "encoder.0.bias [5]",
            "encoder.1.weight [7, 5]",
            "encoder.1.bias [7]",
            "decoder.1.weight [7, 5]",
            "decoder.1.bias [5]",
            "decoder.0.weight [13, 5]",
            "decoder.0.bias [13]"),
        shapes(spec(false, DENSE, code(3))));
    assertEquals(shapes(spec(true, DENSE, DENSE_OF_7)), shapes(spec(true, DENSE, code(3))));
  }

  private static final HiddenLayer DENSE_OF_7 =
      new HiddenLayer(7, Activation.LINEAR, Sparsity.NONE);

  private static List<String> shapes(AutoencoderSpec spec) {
    List<String> shapes = new ArrayList<>();
    spec.layout().tensors().forEach(t -> shapes.add(t.name() + " " + Arrays.toString(t.shape())));
    return shapes;
  }

  @Test
  void tilesAreAsManyRowsAsWhatIsHeldOfThemAllows() {
    HiddenLayer wide =
        new HiddenLayer(1 << 16, Activation.LINEAR, Sparsity.NONE, new TopK(32, By.VALUE));
    // Of 65536 units 32 are held: the input is wider. All of them are as many as in a dense layer.
    assertEquals(2048, spec(false, wide).tileRows());
    assertEquals(64, spec(false, wide).withK(1 << 16).tileRows());
  }

  @ParameterizedTest
  @EnumSource
  void namesOfOrdersReadBack(By by) {
    assertEquals(by, By.parse("topKBy", by.paramName()));
    assertEquals(
        "topKBy must be one of value, magnitude; got 'size'",
        refusal(() -> By.parse("topKBy", "size")));
  }
}
