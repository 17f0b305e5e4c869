package org.sparksae.core.nn.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.BatchTopK;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Precision;
import org.sparksae.core.nn.LatentCases;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.DenseProducts;

/** The search for the threshold of a batch, by the questions that it asks. */
class BatchTopKCodeTest {
  private static final int INPUTS = 8;
  private static final int UNITS = 3000;
  private static final int ROWS = 40;
  private static final BatchTopK FORM = new BatchTopK(2);

  private final AutoencoderSpec spec = LatentCases.spec(INPUTS, UNITS, FORM, false);
  private final float[] parameters = InitialParameters.of(spec, 1);
  private final DenseRows rows = rows();

  private static DenseRows rows() {
    SplittableRandom random = new SplittableRandom(3);
    DenseRows rows = DenseRows.zeros(ROWS, INPUTS);
    for (int i = 0; i < rows.values().length; i++) {
      rows.values()[i] = (float) random.nextDouble(-1, 1);
    }
    return rows;
  }

  private BatchTopKCode code(Team team) {
    var tensors = spec.layout().tensors();
    DenseLayer encoder =
        new DenseLayer(
            DenseProducts.of(Precision.FLOAT32, tensors.get(0)),
            false,
            tensors.get(1),
            spec.code().activation());
    return new BatchTopKCode(encoder, FORM, ROWS, team);
  }

  /** Returns the threshold and the number of questions. */
  private static float[] search(BatchTopKCode code, float last, int digitBits) {
    BatchThreshold search = new BatchThreshold(FORM.k(), last, digitBits, false);
    int questions = 0;
    while (!search.isDone()) {
      BatchThreshold.Digit question = search.next();
      double[] sums = new double[question.sums()];
      code.answer(question, null, ROWS, sums);
      search.take(sums);
      questions++;
    }
    return new float[] {search.found()[0], questions};
  }

  @Test
  void everyWayEndsAtTheSameThreshold() {
    try (Team team = new Team(3)) {
      BatchTopKCode code = code(team);
      SparseRows begun = code.encodeForTraining(parameters, rows, CodeMemory.NONE);
      assertEquals(0, begun.entries());
      // Half of all activations by 16 bits, the rest by two questions of 8.
      float[] unknown = search(code, 0, 8);
      assertEquals(3, unknown[1]);
      float t = unknown[0];
      SparseRows kept = code.keep(begun, new float[] {t});
      assertEquals(2 * ROWS, kept.entries());
      float[] values = Arrays.copyOf(kept.values(), kept.entries());
      int[] indices = Arrays.copyOf(kept.indices(), kept.entries());
      // A good guess; one that is too high, and is followed by the same as without; one that is so
      // low that nothing is stored.
      float[][] guesses = {{t, 4}, {2 * t, 1 + 3}, {1e-6f * t, 4}, {Float.MAX_VALUE, 1 + 3}};
      for (float[] guess : guesses) {
        SparseRows again = code.encodeForTraining(parameters, rows, CodeMemory.NONE);
        assertArrayEquals(new float[] {t, guess[1]}, search(code, guess[0], 8));
        SparseRows same = code.keep(again, new float[] {t});
        assertArrayEquals(values, Arrays.copyOf(same.values(), same.entries()));
        assertArrayEquals(indices, Arrays.copyOf(same.indices(), same.entries()));
      }
      code.encodeForTraining(parameters, rows, CodeMemory.NONE);
      assertArrayEquals(new float[] {t, 2}, search(code, 0, 16));
    }
  }

  @Test
  void theThresholdIsThatOfSortingAllActivations() {
    BatchTopKCode code = code(Team.SOLO);
    code.encodeForTraining(parameters, rows, CodeMemory.NONE);
    float t = search(code, 0, 8)[0];
    DenseRows z = DenseRows.zeros(ROWS, UNITS);
    DenseLayer encoder =
        new DenseLayer(
            DenseProducts.of(Precision.FLOAT32, spec.layout().tensors().get(0)),
            false,
            spec.layout().tensors().get(1),
            spec.code().activation());
    encoder.forward(parameters, rows, z, 0);
    float[] sorted = z.values().clone();
    Arrays.sort(sorted);
    assertEquals(sorted[sorted.length - 2 * ROWS], t, 1e-6f);
  }

  @Test
  void itDoesNotEncodeForATrainedModel() {
    String refused =
        assertThrows(IllegalStateException.class, () -> code(Team.SOLO).encode(parameters, rows))
            .getMessage();
    assertTrue(refused.contains("encode with the model that it results in"), refused);
  }
}
