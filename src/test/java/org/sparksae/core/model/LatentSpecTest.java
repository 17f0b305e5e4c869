package org.sparksae.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What models with an auxiliary loss, other reconstructions or BatchTopK must be. */
class LatentSpecTest {
  private static final CodeLoss AUX = new CodeLoss(new AuxK(4, 0.1, 100), List.of());

  private static AutoencoderSpec spec(CodeForm form) {
    HiddenLayer code = new HiddenLayer(8, Activation.RELU, Sparsity.NONE, form);
    return new AutoencoderSpec(3, List.of(code), Activation.LINEAR, false, 0);
  }

  private static AutoencoderSpec maps(CodeForm form) {
    Convolution convolution = new Convolution(new ImageShape(1, 4, 4), 8, 3, 1, Padding.SAME);
    HiddenLayer code = new HiddenLayer(convolution, Activation.RELU, Sparsity.NONE, form);
    return new AutoencoderSpec(16, List.of(code), Activation.LINEAR, false, 0);
  }

  private static String refusal(Executable executable) {
    return assertThrows(IllegalArgumentException.class, executable).getMessage();
  }

  @Test
  void mapsAreRefused() {
    assertEquals(
        "batchTopK needs a fully connected layer, not maps; use k",
        refusal(() -> maps(new BatchTopK(2))));
    assertEquals(
        "auxK needs a fully connected layer, not maps",
        refusal(() -> maps(new TopK(2, TopK.By.VALUE, AUX))));
    assertEquals(
        "jumpRelu needs a fully connected layer, not maps; use k",
        refusal(() -> maps(new JumpRelu())));
  }

  /** Whatever penalty it brings to the layers below, where that has no place. */
  @Test
  void deepModelsAreRefused() {
    Sparsity l0 = new Sparsity(SparsityKind.L0, SparsityScope.UNIT, 1, 0.05);
    HiddenLayer first = new HiddenLayer(5, Activation.RELU, l0);
    HiddenLayer code = new HiddenLayer(8, Activation.RELU, l0, new JumpReluTraining(1, 0.1));
    assertEquals(
        "jumpReluThreshold needs one hidden layer, got 2; use k for a deep model",
        refusal(() -> new AutoencoderSpec(3, List.of(first, code), Activation.LINEAR, false, 0)));
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertEquals(
        "auxK must be 1 or more where there is one, got 0", refusal(() -> new AuxK(0, 1, 1)));
    assertEquals(
        "auxKWeight must be above 0 and finite, got -1.0", refusal(() -> new AuxK(1, -1, 1)));
    assertEquals("deadAfterRows must be 1 or more, got 0", refusal(() -> new AuxK(1, 1, 0)));
    assertEquals(
        "batchTopK must be above 0 and at most 8, the units of the last of the hiddenLayers; got"
            + " NaN",
        refusal(() -> spec(new BatchTopK(Double.NaN))));
  }

  @Test
  void fourTimesTheLatentsNeedARanking() {
    CodeLoss multi = new CodeLoss(null, List.of(), true);
    assertEquals(
        "multiTopK needs k, which ranks the latents of a row, while batchTopK ranks those of a"
            + " batch; clear one of them",
        refusal(() -> spec(new BatchTopK(2, multi))));
    assertEquals(
        "multiTopK needs k, which ranks the latents of a row; set one, or clear multiTopK",
        refusal(() -> CodeForm.ALL.with(multi)));
    assertEquals(
        "multiTopK and matryoshkaWidths exclude each other, as both add losses of other"
            + " reconstructions; clear one",
        refusal(() -> spec(new TopK(2, TopK.By.VALUE, new CodeLoss(null, List.of(2, 8), true)))));
    assertEquals(8, spec(new TopK(2, TopK.By.VALUE, multi)).code().form().valuesHeld(9, 1));
    assertEquals(8, multi.most(3, 8), "all latents, if there are no more");
  }

  /** A training's parameters lie where those of its model lie; the thresholds come last. */
  @Test
  void aTrainedModelHasThresholdsAtTheEnd() {
    AutoencoderSpec training = spec(new BatchTopK(1.5, AUX));
    AutoencoderSpec model = training.trained();
    assertEquals(new JumpRelu(), model.code().form());
    assertEquals(training.layout().size() + 8, model.layout().size());
    int tensors = training.layout().tensors().size();
    assertEquals(training.layout().tensors(), model.layout().tensors().subList(0, tensors));
    assertEquals(
        new ParameterLayout.Tensor(
            "encoder.0.threshold", TensorRole.THRESHOLD, training.layout().size(), 8, 0, 0),
        model.layout().tensors().get(tensors));
    assertEquals(model, model.trained());
    AutoencoderSpec topK = spec(new TopK(2, TopK.By.VALUE, AUX));
    assertEquals(topK, topK.trained());
  }
}
