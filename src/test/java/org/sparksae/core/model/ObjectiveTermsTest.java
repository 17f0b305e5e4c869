package org.sparksae.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectiveTermsTest {
  private static final HiddenLayer LAYER = new HiddenLayer(2, Activation.SIGMOID, Sparsity.NONE);
  private static final AutoencoderSpec SPEC =
      new AutoencoderSpec(3, List.of(LAYER, LAYER), Activation.LINEAR, false, 0);

  private final ObjectiveTerms terms =
      new ObjectiveTerms(ObjectiveTerms.namesOf(SPEC), new double[] {12.5, 0.125, 0.75, 1e-9});

  @Test
  void everyHiddenLayerHasATerm() {
    assertEquals(List.of("reconstruction", "weightDecay", "sparsity1", "sparsity2"), terms.names());
    assertEquals(0.75, terms.get("sparsity1"));
  }

  @Test
  void totalIsTheSum() {
    assertEquals(13.375000001, terms.total(), 1e-14);
  }

  @Test
  void describesAllTermsInEveryLocale() {
    assertEquals(
        "reconstruction 12.5000, weightDecay 0.125000, sparsity1 0.750000, sparsity2 1.00000e-09",
        terms.describe());
  }

  @Test
  void unknownTermsAreRefusedWithTheKnownOnes() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> terms.get("sparsity3")).getMessage();
    assertTrue(message.contains("'sparsity3'") && message.contains("weightDecay"), message);
  }
}
