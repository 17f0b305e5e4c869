package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.collective.LocalRanks;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.BatchTopK;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.Gated;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.JumpReluTraining;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.TopK;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;

/** Dead latents get the directions of rows, in every engine alike. */
class ResamplingTest {
  private static final int INPUTS = 13;
  private static final int UNITS = 17;
  private static final int ROWS = 100;
  private static final int[][] CUT = {{31}, {}, {1, 20}, {48}};

  /** Latents that start dead. */
  private static final int[] DEAD = {2, 3, 11};

  private static AutoencoderSpec spec(CodeForm form, SparsityKind kind, boolean tied) {
    HiddenLayer code =
        new HiddenLayer(
            UNITS,
            Activation.RELU,
            kind == SparsityKind.NONE
                ? Sparsity.NONE
                : new Sparsity(kind, SparsityScope.UNIT, 0.01, 3),
            form);
    return new AutoencoderSpec(INPUTS, List.of(code), Activation.LINEAR, tied, 0);
  }

  static Stream<AutoencoderSpec> models() {
    return Stream.of(
        spec(new TopK(3, TopK.By.VALUE), SparsityKind.NONE, false).withPreBias(true),
        spec(CodeForm.ALL, SparsityKind.L1, false),
        spec(CodeForm.ALL, SparsityKind.TARGET_L2, false),
        spec(new BatchTopK(2.5), SparsityKind.NONE, true).with(DecoderNorm.UNIT),
        spec(new JumpReluTraining(0.1, 0.2), SparsityKind.TARGET_L0, false)
            .with(DecoderNorm.UNIT)
            .withPreBias(true),
        spec(new Gated(), SparsityKind.L1, true).withPreBias(true));
  }

  private static RowBlock rows(boolean weighted) {
    AutoencoderSpec spec = spec(CodeForm.ALL, SparsityKind.L1, false);
    Cases.Data data = Cases.random(new Cases.Case("", spec, weighted), ROWS, 1);
    return Blocks.block(data.rows(), data.weights(), INPUTS);
  }

  /** Biases so low that three latents are dead; gates have them, too. */
  private static float[] start(AutoencoderSpec spec) {
    float[] parameters = InitialParameters.of(spec, 3);
    for (int j : DEAD) {
      parameters[spec.layout().tensor(ParameterLayout.encoderBias(1)).offset() + j] = -90;
    }
    return parameters;
  }

  /** Three batches an epoch; resampling is inside epochs and at their ends. */
  private static TrainingSettings settings(int epochs, int resampleSteps) {
    return new TrainingSettings(epochs, 0, 37, 0.01, 5)
        .with(
            new TrainingSettings.Optimizer(
                0.01,
                LearningRate.CONSTANT,
                Double.POSITIVE_INFINITY,
                Adam.Settings.DEFAULT,
                0,
                resampleSteps))
        .scaledBy(1.5f);
  }

  private static TrainingResult byTree(
      AutoencoderSpec spec, TrainingSettings settings, List<List<RowBlock>> partitions) {
    GradientSource source = new GradientSource(spec, new LocalPartitionSum(partitions));
    SourceStep steps =
        new SourceStep(source, TrainingState.start(start(spec)), Adam.Settings.DEFAULT);
    return new MiniBatchLoop(spec, steps, ROWS, null, settings, epoch -> {}).run();
  }

  /** A new worker goes on after each {@code every} steps. */
  private static TrainingResult byWorkers(
      AutoencoderSpec spec, TrainingSettings settings, List<List<RowBlock>> partitions, int every) {
    TrainingLength length = settings.length(ROWS);
    return LocalRanks.run(
            partitions.size(),
            collective -> {
              try (Team team = new Team(2)) {
                long first = 0;
                for (List<RowBlock> before : partitions.subList(0, collective.rank())) {
                  first += before.stream().mapToLong(RowBlock::size).sum();
                }
                PartitionRows rows = new PartitionRows(partitions.get(collective.rank()), first);
                int size = spec.layout().size();
                TrainingState state =
                    new TrainingState(
                        start(spec),
                        Adam.State.start(size).slice(collective.from(size), collective.to(size)),
                        TrainingProgress.START);
                while (state.progress().goesOn(length)) {
                  long until = state.progress().steps(length) + every;
                  TrainingWorker.Start from =
                      new TrainingWorker.Start(
                          new TrainingWorker.Job(spec, settings, ROWS),
                          state,
                          (epochs, made) -> epochs * length.stepsOfEpoch() + made == until);
                  state = OneTraining.run(from, rows, null, collective, team, 1e9);
                  // Others may still be reading what this worker shows.
                  collective.allReduceSum(new double[1]);
                }
                return state.result();
              }
            })
        .get(0);
  }

  private static double difference(float[] a, float[] b) {
    double[] left = new double[a.length];
    double[] right = new double[b.length];
    Arrays.setAll(left, i -> a[i]);
    Arrays.setAll(right, i -> b[i]);
    return Cases.difference(left, right);
  }

  @ParameterizedTest
  @MethodSource("models")
  void partitionsWorkersAndPausesMakeNoDifference(AutoencoderSpec spec) {
    RowBlock all = rows(spec.tiedWeights());
    TrainingSettings settings = settings(4, 4);
    TrainingResult expected = byTree(spec, settings, List.of(List.of(all)));
    assertTrue(expected.activity().resampled() >= DEAD.length);
    List<List<RowBlock>> cut = Blocks.cut(all, CUT);
    List<UnaryOperator<List<List<RowBlock>>>> forms =
        List.of(p -> p, p -> Blocks.sparse(p, true), p -> Blocks.sparse(p, false));
    for (UnaryOperator<List<List<RowBlock>>> form : forms) {
      List<List<RowBlock>> partitions = form.apply(cut);
      for (TrainingResult other :
          List.of(byTree(spec, settings, partitions), byWorkers(spec, settings, partitions, 99))) {
        assertTrue(difference(expected.parameters(), other.parameters()) < 1e-4);
        assertEquals(expected.activity().resampled(), other.activity().resampled());
      }
    }
    TrainingResult whole = byWorkers(spec, settings, cut, 99);
    for (int every : new int[] {1, 4, 5}) {
      TrainingResult paused = byWorkers(spec, settings, cut, every);
      assertArrayEquals(whole.parameters(), paused.parameters());
      assertEquals(whole.activity().resampled(), paused.activity().resampled());
    }
    TrainingResult without = byTree(spec, settings(4, 0), cut);
    double[] revived = expected.activity().firingFrequencies();
    for (int j : DEAD) {
      assertEquals(0, without.activity().firingFrequencies()[j]);
      assertTrue(revived[j] > 0, () -> "latent " + j + " is still dead");
    }
    assertEquals(0, without.activity().resampled());
    assertTrue(difference(expected.parameters(), without.parameters()) > 1e-3);
  }

  /** The step after the last resamples, so one training more does not know of it. */
  @Test
  void aTrainingThatGoesOnIsTheLongerOne() {
    AutoencoderSpec spec = models().findFirst().orElseThrow();
    RowBlock all = rows(false);
    // 12 steps, the last of them the 6th of its interval.
    TrainingResult shorter = byTree(spec, settings(4, 6), List.of(List.of(all)));
    assertTrue(shorter.activity().resampled() >= DEAD.length);
    TrainingResult none = byTree(spec, settings(2, 0), List.of(List.of(all)));
    TrainingResult first =
        byTree(spec, settings(2, 0).with(settings(2, 5).optimizer()), List.of(List.of(all)));
    assertFalse(Arrays.equals(none.parameters(), first.parameters()));
  }

  /** One resampling, looked at: directions, lengths, biases and moments. */
  @ParameterizedTest
  @MethodSource("models")
  void aDeadLatentGetsTheDirectionOfARow(AutoencoderSpec spec) {
    RowBlock all = rows(true);
    TrainingSettings settings = settings(4, 3);
    WorkerStep steps = WorkerStep.alone(new PartitionRows(List.of(all), 0), start(spec), Team.SOLO);
    Firings firings = new Firings(spec, TrainingBuffers.NONE);
    Resampling resampling = new Resampling(spec, settings, TrainingBuffers.NONE);
    BatchOrder.Batches batches = settings.batchOrder(ROWS).batches();
    for (int step = 1; step <= 3; step++) {
      StepPlan plan = StepPlan.of(spec, 0.01).measuringRows(true);
      BatchStep.Result result = steps.step(plan, batches.after(step - 1));
      firings.add(result.firings());
      resampling.add(step, batches.after(step - 1), result);
    }
    assertFalse(resampling.isDue(0) || resampling.isDue(2));
    assertTrue(resampling.isDue(3) && resampling.isDue(6));
    int[] dead = firings.silentFor(1);
    float[] before = steps.parameters().clone();
    float[] moments = steps.optimizer().secondMoment().clone();
    resampling.run(steps, firings);
    assertTrue(dead.length >= DEAD.length && dead.length < UNITS);
    assertEquals(dead.length, Resampling.replaced(resampling.buffers()));

    float[] after = steps.parameters();
    boolean[] changed = new boolean[after.length];
    Tensor encoder = spec.layout().tensor(ParameterLayout.encoderWeight(1));
    double length =
        IntStream.range(0, UNITS)
            .filter(j -> Arrays.binarySearch(dead, j) < 0)
            .mapToDouble(j -> norm(vector(before, encoder, j, false)))
            .average()
            .orElseThrow();
    CodeForm form = spec.code().form();
    double share = form instanceof TopK || form instanceof BatchTopK ? 1 : 0.2;
    boolean unit = spec.tiedWeights() && spec.decoderNorm() == DecoderNorm.UNIT;
    List<double[]> used = new ArrayList<>();
    for (int j : dead) {
      double[] w = vector(after, encoder, j, false);
      assertEquals(unit ? 1 : share * length, norm(w), 1e-5);
      assertTrue(used.stream().noneMatch(other -> cosine(other, w) > 1 - 1e-9));
      used.add(w);
      assertTrue(
          IntStream.range(0, ROWS)
              .filter(i -> all.weight(i) > 0)
              .anyMatch(i -> cosine(w, centred(spec, before, all, i)) > 1 - 1e-6));
      mark(changed, encoder, j, false);
      if (!spec.tiedWeights()) {
        Tensor decoder = spec.layout().tensor(ParameterLayout.decoderWeight(1));
        boolean columns = !spec.code().form().isDecodedByUnit();
        double[] v = vector(after, decoder, j, columns);
        assertEquals(1, norm(v), 1e-6);
        assertEquals(1, cosine(v, w), 1e-6);
        mark(changed, decoder, j, columns);
      }
      for (Tensor tensor : spec.layout().tensors()) {
        if (!tensor.isMatrix() && tensor.name().startsWith("encoder")) {
          float expected =
              tensor.name().endsWith("threshold")
                  ? (float) spec.code().form().startThreshold()
                  : 0f;
          assertEquals(expected, after[tensor.offset() + j], tensor.name());
          changed[tensor.offset() + j] = true;
        }
      }
    }
    for (int i = 0; i < after.length; i++) {
      assertTrue(changed[i] || after[i] == before[i]);
      assertEquals(changed[i] ? 0 : moments[i], steps.optimizer().secondMoment()[i]);
    }
  }

  private static void mark(boolean[] changed, Tensor matrix, int unit, boolean columns) {
    for (int i = 0; i < INPUTS; i++) {
      changed[index(matrix, unit, i, columns)] = true;
    }
  }

  private static int index(Tensor matrix, int unit, int i, boolean columns) {
    return matrix.offset() + (columns ? i * UNITS + unit : unit * INPUTS + i);
  }

  private static double[] vector(float[] parameters, Tensor matrix, int unit, boolean columns) {
    double[] vector = new double[INPUTS];
    Arrays.setAll(vector, i -> parameters[index(matrix, unit, i, columns)]);
    return vector;
  }

  private static double[] centred(AutoencoderSpec spec, float[] parameters, RowBlock all, int row) {
    float[] x = new float[INPUTS];
    all.copyRows(row, row + 1, x, 0);
    int c = spec.layout().tensor(ParameterLayout.decoderBias(1)).offset();
    double[] centred = new double[INPUTS];
    Arrays.setAll(centred, i -> 1.5f * x[i] - (spec.preBias() ? parameters[c + i] : 0));
    return centred;
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
  }

  private static double cosine(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum / (norm(a) * norm(b));
  }
}
