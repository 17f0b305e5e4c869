package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;

class FullBatchDivergenceTest {
  private static final AutoencoderSpec SPEC =
      new AutoencoderSpec(
          2,
          List.of(new HiddenLayer(1, Activation.LINEAR, Sparsity.NONE)),
          Activation.LINEAR,
          false,
          0);

  /** Finite at the start, and not a number wherever the line search looks. */
  @Test
  void aLineSearchThatFindsNoFiniteObjectiveIsADivergence() {
    RowBlock rows = new RowBlock(DenseRows.of(new float[] {1, 2, 3, 4}, 2, 2), null);
    PartitionSum whole = new LocalPartitionSum(List.of(List.of(rows)));
    float[] start = InitialParameters.of(SPEC, 1);
    PartitionSum wall = parameters -> nanBeyond(start, parameters, whole);
    FullBatchLoop loop =
        new FullBatchLoop(
            new GradientSource(SPEC, wall),
            null,
            new TrainingSettings(5, 0, 1, 1, 1),
            iteration -> {},
            FullBatchState.start(start));
    DivergedException diverged = assertThrows(DivergedException.class, loop::run);
    assertTrue(diverged.getMessage().contains("diverged at iteration 1"), diverged.getMessage());
  }

  private static PartitionSum.Evaluator nanBeyond(
      float[] start, float[] parameters, PartitionSum whole) {
    boolean atStart = Arrays.equals(start, parameters);
    PartitionSum.Evaluator evaluator = whole.with(parameters);
    return new PartitionSum.Evaluator() {
      @Override
      public double[] sum(PartitionFunction function) {
        double[] sums = evaluator.sum(function);
        if (!atStart) {
          sums[ObjectiveLayout.RECONSTRUCTION] = Double.NaN;
        }
        return sums;
      }

      @Override
      public void close() {
        evaluator.close();
      }
    };
  }
}
