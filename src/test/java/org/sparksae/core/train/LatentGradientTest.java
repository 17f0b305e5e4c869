package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.collective.LocalRanks;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.AuxK;
import org.sparksae.core.model.BatchTopK;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.CodeLoss;
import org.sparksae.core.model.TopK;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.LatentCases;
import org.sparksae.core.nn.ReferenceLatents;
import org.sparksae.core.nn.TargetCases;
import org.sparksae.core.nn.code.CodeMemory;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;

/** Auxiliary loss, nested widths and the competition of a batch, against the reference. */
class LatentGradientTest {
  private static final int INPUTS = 13;
  private static final int UNITS = 29;
  private static final int ROWS = 60;
  private static final int[][] CUT = {{20, 11}, {}, {1}, {28}};
  private static final int[] DEAD = {0, 3, 4, 11, 20, 28};
  private static final double TOLERANCE = 1e-5;

  static Stream<Cases.Case> grid() {
    Stream<Cases.Case> some = LatentCases.grid(INPUTS, UNITS);
    return Stream.concat(some, TargetCases.of(LatentCases.grid(INPUTS, UNITS), 10));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grid")
  void objectiveAndGradientAreTheReferences(Cases.Case of) {
    Cases.Data data = Cases.random(of, ROWS, 1);
    for (int[] dead : List.of(DEAD, new int[] {7}, IntStream.range(0, UNITS).toArray())) {
      ReferenceLatents.Result expected = expected(of, data, dead);
      RowBlock all = Blocks.block(data.rows(), data.weights(), data.rows()[0].length);
      for (RowBlock rows : List.of(all, Blocks.sparse(all))) {
        assertEqual(expected, evaluate(of, data, List.of(List.of(rows)), dead, 0f));
      }
      Evaluation cut = evaluate(of, data, Blocks.cut(all, CUT), dead, 0f);
      assertEqual(expected, cut);
    }
  }

  /** The threshold of an earlier batch is a hint, whether it is too low, too high or right. */
  @Test
  void theLastThresholdChangesNoBit() {
    for (Cases.Case of : LatentCases.few(INPUTS, UNITS).skip(1).limit(2).toList()) {
      Cases.Data data = Cases.random(of, ROWS, 1);
      RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
      Evaluation cut = evaluate(of, data, Blocks.cut(all, CUT), DEAD, 0f);
      for (float hint : new float[] {1e-3f, cut.found()[0], 1.3f * cut.found()[0], 1e30f}) {
        Evaluation hinted = evaluate(of, data, Blocks.cut(all, CUT), DEAD, hint);
        assertArrayEquals(cut.gradient(), hinted.gradient());
      }
    }
  }

  private static ReferenceLatents.Result expected(Cases.Case of, Cases.Data data, int[] dead) {
    return new ReferenceLatents(of.spec())
        .evaluate(data.parameters(), data.rows(), data.weights(), dead);
  }

  private static Evaluation evaluate(
      Cases.Case of, Cases.Data data, List<List<RowBlock>> rows, int[] dead, float threshold) {
    return new GradientSource(of.spec(), new LocalPartitionSum(rows))
        .evaluate(
            Cases.floats(data.parameters()), Batch.ALL, new CodeMemory(dead, threshold), false);
  }

  private static void assertEqual(ReferenceLatents.Result expected, Evaluation actual) {
    assertEquals(List.copyOf(expected.terms().keySet()), actual.terms().names());
    expected
        .terms()
        .forEach(
            (term, value) ->
                assertTrue(
                    Blocks.difference(value, actual.terms().get(term)) < TOLERANCE,
                    () -> term + ": " + value + ", " + actual.terms().get(term)));
    double difference = Cases.difference(expected.gradient(), actual.gradient());
    assertTrue(difference < TOLERANCE, () -> "the gradient differs by " + difference);
  }

  private static Evaluation evaluate(AutoencoderSpec spec, RowBlock rows, int... dead) {
    Cases.Case of = new Cases.Case("", spec, false);
    Cases.Data data = Cases.random(of, 1, 3);
    return evaluate(of, data, List.of(List.of(rows)), dead, 0f);
  }

  private static RowBlock rows(long seed) {
    Cases.Case of = new Cases.Case("", topK(CodeLoss.PLAIN), false);
    Cases.Data data = Cases.random(of, ROWS, seed);
    return Blocks.block(data.rows(), data.weights(), INPUTS);
  }

  private static AutoencoderSpec topK(CodeLoss loss) {
    CodeForm form = new TopK(3, TopK.By.VALUE, loss);
    return LatentCases.spec(INPUTS, UNITS, form, false);
  }

  private static CodeLoss auxK(int k) {
    return new CodeLoss(new AuxK(k, 1.0 / 32, 10), List.of());
  }

  @Test
  void withoutDeadLatentsTheTermIsZeroAndTheGradientThatOfThePlainModel() {
    Evaluation plain = evaluate(topK(CodeLoss.PLAIN), rows(1));
    Evaluation none = evaluate(topK(auxK(5)), rows(1));
    assertEquals(0, none.terms().get("auxiliary"));
    assertArrayEquals(plain.gradient(), none.gradient());
    assertEquals(List.of("reconstruction", "weightDecay", "sparsity1"), plain.terms().names());
  }

  @Test
  void moreThanTheDeadLatentsAreAllOfThem() {
    Evaluation all = evaluate(topK(auxK(3)), rows(1), 2, 9, 17);
    Evaluation more = evaluate(topK(auxK(1000)), rows(1), 2, 9, 17);
    assertTrue(all.terms().get("auxiliary") > 0);
    assertArrayEquals(all.gradient(), more.gradient());
  }

  /** One row, or equal rows: the residual does not vary, and 0 / 0 is not a number. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void equalResidualsHaveNoAuxiliaryLoss(int count) {
    RowBlock one = rows(1).slice(0, 1);
    float[] row = Arrays.copyOf(((DenseRows) one.rows()).values(), INPUTS);
    float[] values = new float[count * INPUTS];
    for (int i = 0; i < count; i++) {
      System.arraycopy(row, 0, values, i * INPUTS, INPUTS);
    }
    RowBlock equal = new RowBlock(DenseRows.of(values, count, INPUTS), null);
    Evaluation evaluation = evaluate(topK(auxK(5)), equal, DEAD);
    assertEquals(0, evaluation.terms().get("auxiliary"));
    assertTrue(evaluation.hasFiniteGradient());
  }

  /** A dead latent with a bias of -100 still has a gradient: it is ranked before the rectifier. */
  @Test
  void deadLatentsAreRankedByTheirPreActivations() {
    AutoencoderSpec spec = topK(auxK(1));
    Cases.Case of = new Cases.Case("", spec, false);
    Cases.Data data = Cases.random(of, ROWS, 1);
    int bias = spec.layout().tensors().get(1).offset();
    data.parameters()[bias + 7] = -100;
    data.parameters()[bias + 8] = -200;
    RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
    double[] gradient = evaluate(of, data, List.of(List.of(all)), new int[] {7, 8}, 0f).gradient();
    assertTrue(gradient[bias + 7] != 0, "the larger of the two");
    assertEquals(0, gradient[bias + 8]);
  }

  /**
   * The residual is constant for the gradient: latents that are not dead get nothing of the term.
   */
  @Test
  void onlyDeadLatentsLearnFromTheResidual() {
    AutoencoderSpec spec = topK(auxK(2));
    double[] without = evaluate(spec, rows(1)).gradient();
    double[] with = evaluate(spec, rows(1), 5, 6).gradient();
    for (int j = 0; j < UNITS; j++) {
      int row = j * INPUTS;
      boolean same = Arrays.equals(without, row, row + INPUTS, with, row, row + INPUTS);
      assertEquals(j != 5 && j != 6, same, "latent " + j);
    }
    int outputBias = spec.layout().tensors().get(3).offset();
    assertArrayEquals(
        Arrays.copyOfRange(without, outputBias, without.length),
        Arrays.copyOfRange(with, outputBias, with.length));
  }

  @Test
  void theWholeWidthAloneIsThePlainModel() {
    CodeLoss whole = new CodeLoss(null, List.of(UNITS));
    Evaluation plain = evaluate(topK(CodeLoss.PLAIN), rows(1));
    Blocks.assertEqual(plain, evaluate(topK(whole), rows(1)), 1e-6);
  }

  @Test
  void lossesOfNestedWidthsAreAddedUp() {
    // W = (1, 1), V = (2, 3), no biases and x = 1: prefixes reconstruct 2 and 5
    CodeLoss loss = new CodeLoss(null, List.of(1, 2));
    AutoencoderSpec spec = LatentCases.spec(1, 2, new TopK(2, TopK.By.VALUE, loss), false);
    float[] parameters = {1, 1, 0, 0, 2, 3, 0};
    RowBlock row = new RowBlock(DenseRows.of(new float[] {1}, 1, 1), null);
    Evaluation evaluation =
        new GradientSource(spec, Blocks.onePartition(row)).evaluate(parameters, Batch.ALL);
    // 1/2 1^2 + 1/2 4^2
    assertEquals(8.5, evaluation.terms().get("reconstruction"), 1e-6);
    // deltas 1 + 4 and 4; decay of 0.01
    double[] gradient = evaluation.gradient();
    assertEquals(5 + 0.02, gradient[4], 1e-6);
    assertEquals(4 + 0.03, gradient[5], 1e-6);
    assertEquals(5, gradient[6], 1e-6);
  }

  @Test
  void moreLatentsThanTheCodeReconstructWithAnEighthOfTheLoss() {
    // W = (1, 2), V = (2, 3), no biases and x = 1: the code is (0, 2) and reconstructs 6, both 8
    CodeLoss loss = new CodeLoss(null, List.of(), true);
    AutoencoderSpec spec = LatentCases.spec(1, 2, new TopK(1, TopK.By.VALUE, loss), false);
    float[] parameters = {1, 2, 0, 0, 2, 3, 0};
    RowBlock row = new RowBlock(DenseRows.of(new float[] {1}, 1, 1), null);
    Evaluation evaluation = evaluation(spec, parameters, row, 0f);
    // 1/2 5^2 + 1/8 1/2 7^2
    assertEquals(15.5625, evaluation.terms().get("reconstruction"), 1e-6);
    // deltas 7 / 8 and 5 + 7 / 8; decay of 0.01
    double[] gradient = evaluation.gradient();
    assertEquals(0.875 + 0.02, gradient[4], 1e-6);
    assertEquals(2 * 5.875 + 0.03, gradient[5], 1e-6);
    assertEquals(5.875, gradient[6], 1e-6);
    assertArrayEquals(
        new double[] {0, 1, 1, 0, 0}, evaluation.firings(), "the code alone is active");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 1.5, 3, 29})
  void aBatchKeepsRoundOfKTimesItsRows(double k) {
    AutoencoderSpec spec = LatentCases.spec(INPUTS, UNITS, new BatchTopK(k), false);
    RowBlock all = rows(1);
    for (int n : new int[] {1, 7, ROWS}) {
      long positive = kept(LatentCases.spec(INPUTS, UNITS, new BatchTopK(29), false), all, n);
      long wanted = Math.max(1, Math.round(k * n));
      assertEquals(Math.min(wanted, positive), kept(spec, all, n), "of " + n + " rows");
    }
  }

  /** Counts what is kept by the firings of a step. */
  private static long kept(AutoencoderSpec spec, RowBlock all, int n) {
    Cases.Data data = Cases.random(new Cases.Case("", spec, false), 1, 3);
    Evaluation evaluation =
        new GradientSource(spec, Blocks.onePartition(all.slice(0, n)))
            .evaluate(
                Cases.floats(data.parameters()),
                Batch.of(new RowPermutation(n, 1, 0), 0, n),
                CodeMemory.NONE,
                false);
    return (long) Arrays.stream(evaluation.firings(), 0, UNITS).sum();
  }

  @Test
  void activationsEqualToTheLastAreAllKept() {
    // Every latent has the same weights: one value in a row.
    AutoencoderSpec spec = LatentCases.spec(1, 4, new BatchTopK(1), false);
    float[] parameters = {1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0};
    RowBlock rows = new RowBlock(DenseRows.of(new float[] {3, 2, 1, -1}, 4, 1), null);
    Evaluation one = evaluation(spec, parameters, rows, 1f);
    // Four of 16: all of the first row.
    assertArrayEquals(new double[] {1, 1, 1, 1, 4, 0, 0}, one.firings());
    assertArrayEquals(new float[] {3}, one.found());
    AutoencoderSpec more = LatentCases.spec(1, 4, new BatchTopK(1.25), false);
    // The fifth ties with three others.
    assertArrayEquals(
        new double[] {2, 2, 2, 2, 4, 0, 0}, evaluation(more, parameters, rows, 1f).firings());
    AutoencoderSpec all = LatentCases.spec(1, 4, new BatchTopK(4), false);
    Evaluation positive = evaluation(all, parameters, rows, 1f);
    assertArrayEquals(new double[] {3, 3, 3, 3, 4, 0, 0}, positive.firings());
    assertArrayEquals(new float[] {1}, positive.found());
  }

  /** Rows of weight 0 neither count nor take a place; others count by their weight. */
  @Test
  void rowsCompeteByTheirWeights() {
    AutoencoderSpec spec = LatentCases.spec(1, 1, new BatchTopK(0.4), false);
    float[] parameters = {1, 0, 1, 0};
    DenseRows rows = DenseRows.of(new float[] {5, 4, 3, 2, 1}, 5, 1);
    Evaluation zero =
        evaluation(spec, parameters, new RowBlock(rows, new float[] {0, 1, 1, 1, 1}), 0f);
    // round(0.4 4) of four rows.
    assertArrayEquals(new float[] {3}, zero.found());
    assertArrayEquals(new double[] {2, 4, 0, 0}, zero.firings());
    Evaluation heavy =
        evaluation(spec, parameters, new RowBlock(rows, new float[] {1, 1, 1, 1, 4}), 0f);
    // round(0.4 5) 8 / 5 = 3.2
    assertArrayEquals(new float[] {2}, heavy.found());
  }

  @Test
  void aBatchWithoutActivationsKeepsNone() {
    AutoencoderSpec spec = LatentCases.spec(1, 2, new BatchTopK(1), false);
    float[] parameters = {1, 1, 0, 0, 1, 1, 0};
    RowBlock rows = new RowBlock(DenseRows.of(new float[] {-1, -2}, 2, 1), null);
    for (float hint : new float[] {0f, 1f}) {
      Evaluation none = evaluation(spec, parameters, rows, hint);
      assertArrayEquals(new double[] {0, 0, 2, 0, 0}, none.firings());
      assertArrayEquals(new float[] {Float.POSITIVE_INFINITY}, none.found());
      assertTrue(none.hasFiniteGradient());
    }
  }

  /** Integers, so that no rounding depends on who has a row. */
  @Test
  void oneTwoAndFiveWorkersKeepTheSameEntries() {
    AutoencoderSpec spec = LatentCases.spec(3, 8, new BatchTopK(1.5), false);
    SplittableRandom random = new SplittableRandom(5);
    RowBlock all = new RowBlock(DenseRows.of(integers(random, 3 * ROWS), ROWS, 3), null);
    float[] parameters = integers(random, spec.layout().size());
    Batch batch = Batch.of(new RowPermutation(ROWS, 1, 0), 0, 41);
    for (float hint : new float[] {0f, 5f}) {
      StepPlan plan = StepPlan.of(spec, 0).with(new CodeMemory(new int[0], hint));
      BatchStep.Result one = step(spec, all, parameters, plan, batch, ROWS).get(0);
      assertTrue(Arrays.stream(one.firings(), 0, 8).sum() >= 62, "round(1.5 41), and ties");
      assertEquals(41, one.firings()[8]);
      for (int[] sizes : new int[][] {{20, 40}, {31, 0, 1, 10, 18}}) {
        for (BatchStep.Result other : step(spec, all, parameters, plan, batch, sizes)) {
          assertArrayEquals(one.firings(), other.firings());
          assertArrayEquals(one.found(), other.found());
        }
      }
    }
  }

  private static float[] integers(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(-2, 3);
    }
    return values;
  }

  /** What each worker says of a step, whose rows are the next of a block. */
  private static List<BatchStep.Result> step(
      AutoencoderSpec spec,
      RowBlock all,
      float[] parameters,
      StepPlan plan,
      Batch batch,
      int... sizes) {
    return LocalRanks.run(
        sizes.length,
        collective -> {
          int from = Arrays.stream(sizes, 0, collective.rank()).sum();
          RowBlock own = all.slice(from, from + sizes[collective.rank()]);
          int first = collective.from(parameters.length);
          int last = collective.to(parameters.length);
          return new WorkerStep(
                  new PartitionRows(List.of(own), from),
                  parameters,
                  Adam.State.start(last - first),
                  Adam.Settings.DEFAULT,
                  collective,
                  Team.SOLO)
              .step(plan, batch);
        });
  }

  /** A worker's rows beyond its buffers go in parts, which are encoded again for each question. */
  @Test
  void batchesBeyondTheBuffersGoInParts() {
    CodeLoss loss = LatentCases.few(INPUTS, 8).toList().get(2).spec().code().form().loss();
    AutoencoderSpec spec = LatentCases.spec(3, 8, new BatchTopK(1.5, loss), false);
    int rows = 2 * spec.tileRows() + 300;
    Cases.Data data = Cases.random(new Cases.Case("", spec, false), rows, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), 3);
    float[] parameters = Cases.floats(data.parameters());
    CodeMemory memory = new CodeMemory(new int[] {1, 6}, 0.1f);
    Batch batch = Batch.of(new RowPermutation(rows, 1, 0), 0, rows);
    Evaluation expected =
        new GradientSource(spec, Blocks.onePartition(all))
            .evaluate(parameters, batch, memory, false);
    BatchStep.Result actual =
        WorkerStep.alone(new PartitionRows(List.of(all), 0), parameters, Team.SOLO)
            .step(StepPlan.of(spec, 0).with(memory), batch);
    assertArrayEquals(expected.found(), actual.found());
    assertArrayEquals(expected.firings(), actual.firings());
    for (String term : expected.terms().names()) {
      double left = expected.terms().get(term);
      assertTrue(Blocks.difference(left, actual.terms().get(term)) < TOLERANCE, term);
    }
  }

  private static Evaluation evaluation(
      AutoencoderSpec spec, float[] parameters, RowBlock rows, float hint) {
    int n = rows.rows().rows();
    return new GradientSource(spec, Blocks.onePartition(rows))
        .evaluate(
            parameters,
            Batch.of(new RowPermutation(n, 1, 0), 0, n),
            new CodeMemory(new int[0], hint),
            false);
  }
}
