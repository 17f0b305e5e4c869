package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;

/** How k comes down, and that training does not end before it is down. */
class KScheduleTest {
  private static final AutoencoderSpec SPEC =
      KSparseCases.oneLayer(1, KSparseCases.codes(40, 3).get(0));

  private static int[] ks(int kStart, int maxIter) {
    KSchedule schedule = new KSchedule(SPEC, kStart, maxIter);
    return IntStream.rangeClosed(1, maxIter)
        .map(p -> schedule.specAt(p).code().form().unitsKept().getAsInt())
        .toArray();
  }

  /**
   * By hand: over P = 5 of 10 epochs 23 - 20 (p - 1) / 5; over 2 of 3 epochs 10 - 7 (p - 1) / 2 =
   * 6.5, which rounds to 7.
   */
  @Test
  void kFallsOverTheFirstHalfOfTheEpochs() {
    assertArrayEquals(new int[] {23, 19, 15, 11, 7, 3, 3, 3, 3, 3}, ks(23, 10));
    assertArrayEquals(new int[] {10, 7, 3}, ks(10, 3));
    assertArrayEquals(new int[] {40}, ks(40, 1));
    assertArrayEquals(new int[] {40, 3}, ks(40, 2));
    assertArrayEquals(new int[] {3, 3, 3}, ks(3, 3));
    assertArrayEquals(new int[] {4, 4, 3, 3, 3, 3}, ks(4, 6));
    assertArrayEquals(new int[] {3, 3, 3}, ks(0, 3));
  }

  @Test
  void onlyKChangesAndTheLastModelIsTheModel() {
    KSchedule schedule = new KSchedule(SPEC, 23, 10);
    assertEquals(SPEC.withK(19), schedule.specAt(2));
    assertSame(SPEC, schedule.specAt(6));
    assertFalse(schedule.isOver(5));
    assertTrue(schedule.isOver(6));
    assertTrue(new KSchedule(SPEC, 0, 10).isOver(1));
    assertEquals(OptionalInt.of(7), schedule.kAt(5));
    assertEquals(OptionalInt.empty(), schedule.kAt(6));
    assertEquals(OptionalInt.empty(), new KSchedule(SPEC, 0, 10).kAt(1));
  }

  /** Objectives epoch by epoch; the first {@code unsettled} have another k after them. */
  private static List<IterationRecord> epochs(int unsettled, double tol, double... objectives) {
    TrainingMonitor monitor =
        new TrainingMonitor(
            null, new TrainingSettings(9, tol, 1, 1, 1), iteration -> {}, TrainingProgress.START);
    boolean goOn = true;
    for (int p = 0; goOn && p < objectives.length; p++) {
      goOn = monitor.iterationDone(terms(objectives[p]), new float[0], 1, p >= unsettled);
    }
    return monitor.progress().result(new float[0], TrainingBuffers.NONE).history();
  }

  private static ObjectiveTerms terms(double objective) {
    return new ObjectiveTerms(ObjectiveLayout.of(SPEC).terms(), new double[] {objective, 0, 0});
  }

  @ParameterizedTest(name = "k comes down for {0} epochs: stops after {1}")
  @CsvSource({"0, 2", "1, 3", "2, 4", "4, 6"})
  void equalObjectivesEndTheTrainingWhenKIsDown(int unsettled, int epochs) {
    assertEquals(epochs, epochs(unsettled, 1e-3, 5, 5, 5, 5, 5, 5, 5, 5).size());
  }

  @Test
  void objectivesOfAnotherKAreNotCompared() {
    // 5 is the last objective of a larger k, and by chance the first of this one.
    assertEquals(5, epochs(2, 1e-3, 7, 5, 5, 4, 4).size());
  }

  /**
   * The validation objective rises all the time: after the first epoch none is better. With
   * patience of 5 epochs that is too long after epoch 6; while k comes down it does not count.
   */
  @ParameterizedTest(name = "k comes down for {0} epochs: stops after {1}")
  @CsvSource({"0, 6", "3, 8", "10, 15"})
  void patienceWithTheValidationRowsBeginsWhenKIsDown(int unsettled, int epochs) {
    // W = V = 0: x_hat is the decoder's bias, the last parameter, and the row is 0.
    PartitionSum rows = Blocks.onePartition(new RowBlock(DenseRows.zeros(1, 1), null));
    GradientSource validation = new GradientSource(SPEC, rows);
    TrainingMonitor monitor =
        new TrainingMonitor(
            validation,
            new TrainingSettings(9, 0, 1, 1, 1),
            iteration -> {},
            TrainingProgress.START);
    float[] parameters = new float[SPEC.layout().size()];
    boolean goOn = true;
    for (int p = 0; goOn && p < 20; p++) {
      parameters[parameters.length - 1] = 1 + p;
      goOn = monitor.iterationDone(terms(100 - p), parameters, 1, p >= unsettled);
    }
    TrainingResult result = monitor.progress().result(parameters, TrainingBuffers.NONE);
    assertEquals(epochs, result.history().size());
    assertEquals(StopReason.EARLY_STOPPING, result.stopReason());
    assertEquals(1, result.parameters()[parameters.length - 1], "the best are the result");
  }
}
