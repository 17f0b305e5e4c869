package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.train.checkpoint.Checkpoint;
import org.sparksae.core.train.checkpoint.CheckpointFile;
import org.sparksae.core.train.checkpoint.RunIdentity;

/**
 * L-BFGS that pauses, and goes on from a file after any iteration, makes the iterations of one that
 * did not.
 */
class FullBatchResumeTest {
  private static final int INPUTS = 7;
  private static final AutoencoderSpec SPEC =
      new AutoencoderSpec(
          INPUTS,
          List.of(new HiddenLayer(3, Activation.TANH, Sparsity.NONE)),
          Activation.LINEAR,
          false,
          1e-3);
  private static final float[] INITIAL = InitialParameters.of(SPEC, 3);

  private final List<Long> evaluatedRows = new ArrayList<>();

  private static GradientSource source(int rows, int seed) {
    float[] values = new float[rows * INPUTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(seed + i * 0.37 + i % INPUTS);
    }
    RowBlock block = new RowBlock(DenseRows.of(values, rows, INPUTS), null);
    return new GradientSource(SPEC, Blocks.onePartition(block));
  }

  private FullBatchLoop loop(FullBatchState start, double tol, boolean validated) {
    return new FullBatchLoop(
        source(40, 1),
        validated ? source(6, 5) : null,
        new TrainingSettings(40, tol, 1, 1, 1),
        record -> evaluatedRows.add(record.rows()),
        start);
  }

  private static FullBatchState throughAFile(FullBatchState state) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CheckpointFile.write(out, new Checkpoint(new RunIdentity(Map.of()), 0, state));
    return (FullBatchState)
        CheckpointFile.read(new ByteArrayInputStream(out.toByteArray()), out.size()).state();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pausesChangeNoBit(boolean validated) throws IOException {
    double tol = validated ? 1e-3 : 0;
    TrainingResult whole = loop(FullBatchState.start(INITIAL), tol, validated).run();
    int iterations = whole.history().size();
    assertTrue(iterations > 12, "iterations " + iterations);
    List<Long> rows = List.copyOf(evaluatedRows);
    assertTrue(rows.stream().distinct().count() > 1, "a line search looked twice: " + rows);

    for (int every : new int[] {1, 3, 7}) {
      evaluatedRows.clear();
      FullBatchLoop paused = loop(FullBatchState.start(INITIAL), tol, validated);
      while (paused.state().progress().goesOn(TrainingLength.ofIterations(40))) {
        paused.run(iteration -> iteration % every == 0);
      }
      assertSame(whole, paused.state().result(), rows);

      evaluatedRows.clear();
      FullBatchState state = FullBatchState.start(INITIAL);
      while (state.progress().goesOn(TrainingLength.ofIterations(40))) {
        FullBatchLoop next = loop(state, tol, validated);
        next.run(iteration -> iteration % every == 0);
        state = throughAFile(next.state());
      }
      assertSame(whole, state.result(), rows);
    }
  }

  private void assertSame(TrainingResult expected, TrainingResult actual, List<Long> rows) {
    assertArrayEquals(expected.parameters(), actual.parameters());
    assertEquals(expected.stopReason(), actual.stopReason());
    assertEquals(rows, evaluatedRows);
    assertEquals(expected.history().size(), actual.history().size());
    for (int i = 0; i < expected.history().size(); i++) {
      IterationRecord before = expected.history().get(i);
      IterationRecord after = actual.history().get(i);
      assertArrayEquals(before.terms().values(), after.terms().values());
      assertEquals(before.validationObjective(), after.validationObjective());
      assertEquals(before.rows(), after.rows());
    }
  }
}
