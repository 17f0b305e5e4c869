package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.collective.LocalRanks;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.InputScaling;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.GateCases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LatentCases;
import org.sparksae.core.nn.PreBiasCases;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.Corruption;
import org.sparksae.core.rows.CorruptionKind;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;

/** A training with an {@code inputScale} is one of rows that were multiplied before. */
class ScaledTrainingTest {
  private static final int INPUTS = 13;
  private static final int ROWS = 100;
  private static final int EPOCHS = 2;
  private static final int[][] CUT = {{31}, {}, {1, 20}, {48}};
  private static final float SCALE = 3.7f;

  static Stream<Cases.Case> models() {
    AutoencoderSpec deep =
        new AutoencoderSpec(
            INPUTS,
            List.of(layer(7, SparsityKind.L1), layer(5, SparsityKind.TARGET_L2)),
            Activation.LINEAR,
            true,
            0.01);
    return Stream.of(
            Stream.of(new Cases.Case("deep", deep, true)),
            KSparseCases.few(INPUTS, 17, 3).limit(1),
            LatentCases.few(INPUTS, 17),
            LatentCases.few(INPUTS, 17).skip(2).map(PreBiasCases::with),
            GateCases.few(INPUTS, 17).limit(8))
        .flatMap(cases -> cases)
        .filter(of -> of.spec().code().activation().isHomogeneous());
  }

  private static HiddenLayer layer(int units, SparsityKind kind) {
    return new HiddenLayer(units, Activation.RELU, Cases.sparsity(kind, SparsityScope.UNIT));
  }

  private static RowBlock rows(Cases.Case of) {
    Cases.Data data = Cases.random(of, ROWS, 1);
    return Blocks.block(data.rows(), data.weights(), INPUTS);
  }

  private static RowBlock times(float factor, RowBlock block) {
    DenseRows rows = (DenseRows) block.rows();
    float[] values = new float[rows.rows() * rows.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = factor * rows.values()[rows.offset() + i];
    }
    return new RowBlock(DenseRows.of(values, rows.rows(), rows.columns()), block.weights());
  }

  private static List<List<List<RowBlock>>> partitionings(RowBlock all) {
    List<List<RowBlock>> cut = Blocks.cut(all, CUT);
    return List.of(cut, Blocks.sparse(cut, false), Blocks.sparse(cut, true));
  }

  private static TrainingSettings settings(float scale) {
    return new TrainingSettings(EPOCHS, 0, 37, 0.01, 5)
        .with(new Corruption(CorruptionKind.MASKING, 0.1))
        .scaledBy(scale);
  }

  private static float[] start(AutoencoderSpec spec) {
    return InitialParameters.of(spec, 3);
  }

  private static TrainingResult collected(
      AutoencoderSpec spec, float scale, List<List<RowBlock>> partitions) {
    GradientSource source = new GradientSource(spec, new LocalPartitionSum(partitions));
    SourceStep steps =
        new SourceStep(source, TrainingState.start(start(spec)), Adam.Settings.DEFAULT);
    return new MiniBatchLoop(spec, steps, ROWS, source, settings(scale), epoch -> {}).run();
  }

  private static TrainingResult worked(
      AutoencoderSpec spec, float scale, List<List<RowBlock>> partitions) {
    return LocalRanks.run(
            partitions.size(),
            collective -> {
              try (Team team = new Team(2)) {
                long first = 0;
                for (List<RowBlock> before : partitions.subList(0, collective.rank())) {
                  first += before.stream().mapToLong(RowBlock::size).sum();
                }
                PartitionRows rows = new PartitionRows(partitions.get(collective.rank()), first);
                TrainingWorker.Job job = new TrainingWorker.Job(spec, settings(scale), ROWS);
                int size = spec.layout().size();
                TrainingState start =
                    new TrainingState(
                        start(spec),
                        Adam.State.start(size).slice(collective.from(size), collective.to(size)),
                        TrainingProgress.START);
                TrainingWorker.Start from = TrainingWorker.Start.of(job, start, 3);
                TrainingResult result =
                    OneTraining.run(from, rows, rows, collective, team, 1e9).result();
                // Others may still be reading what this worker shows.
                collective.allReduceSum(new double[1]);
                return result;
              }
            })
        .get(0);
  }

  /** With corruption and validation rows, which see the same factor; bit for bit. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void miniBatchesAreThoseOfScaledRows(Cases.Case of) {
    RowBlock all = rows(of);
    List<List<List<RowBlock>>> here = partitionings(all);
    List<List<List<RowBlock>>> before = partitionings(times(SCALE, all));
    for (int p = 0; p < here.size(); p++) {
      assertSame(collected(of.spec(), 1, before.get(p)), collected(of.spec(), SCALE, here.get(p)));
      assertSame(worked(of.spec(), 1, before.get(p)), worked(of.spec(), SCALE, here.get(p)));
    }
    float[] unscaled = collected(of.spec(), 1, here.get(0)).parameters();
    float[] scaled = collected(of.spec(), SCALE, here.get(0)).parameters();
    assertTrue(Cases.difference(doubles(unscaled), doubles(scaled)) > 1e-3);
  }

  private static void assertSame(TrainingResult expected, TrainingResult actual) {
    assertArrayEquals(expected.parameters(), actual.parameters());
    for (int i = 0; i < EPOCHS; i++) {
      IterationRecord left = expected.history().get(i);
      IterationRecord right = actual.history().get(i);
      assertEquals(left.terms().total(), right.terms().total());
      // All rows are cut into other tiles.
      double of = Blocks.difference(left.validationObjective(), right.validationObjective());
      assertTrue(of < 1e-5, () -> "validation differs by " + of);
    }
  }

  /** And leaves the rows as they are. */
  @Test
  void fullBatchesAreThoseOfScaledRows() {
    Cases.Case of = models().findFirst().orElseThrow();
    RowBlock all = rows(of);
    FullBatchState start = FullBatchState.start(start(of.spec()));
    for (List<List<RowBlock>> partitions : partitionings(all)) {
      GradientSource here = new GradientSource(of.spec(), new LocalPartitionSum(partitions));
      GradientSource scaled = new GradientSource(of.spec(), Blocks.onePartition(times(SCALE, all)));
      TrainingSettings settings = new TrainingSettings(5, 0, 1, 1, 1);
      TrainingResult expected = new FullBatchLoop(scaled, null, settings, i -> {}, start).run();
      TrainingResult actual =
          new FullBatchLoop(here, here, settings.scaledBy(SCALE), i -> {}, start).run();
      double difference =
          Cases.difference(doubles(expected.parameters()), doubles(actual.parameters()));
      assertTrue(difference < 1e-3, () -> "parameters differ by " + difference);
      IterationRecord last = actual.history().get(4);
      assertEquals(last.terms().total(), last.validationObjective(), 1e-6 * last.terms().total());
    }
    assertArrayEquals(((DenseRows) rows(of).rows()).values(), ((DenseRows) all.rows()).values());
  }

  /** Codes and reconstructions of the rows are those of the scaled rows, divided. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void aModelOfScaledRowsIsOneOfTheRows(Cases.Case of) {
    AutoencoderSpec spec = of.spec().trained().encoding();
    float[] parameters =
        Cases.floats(Cases.random(new Cases.Case("", spec, false), ROWS, 1).parameters());
    float[] ofRows = InputScaling.ofRows(spec, parameters, SCALE);
    RowBlock rows = rows(of);
    float[] scaled = encodeAndDecode(spec, parameters, times(SCALE, rows).rows());
    float[] plain = encodeAndDecode(spec, ofRows, rows.rows());
    for (int i = 0; i < plain.length; i++) {
      assertEquals(scaled[i], SCALE * plain[i], 1e-4 * Math.max(1, Math.abs(scaled[i])));
    }
    assertArrayEquals(parameters, InputScaling.ofScaledRows(spec, ofRows, SCALE), 1e-6f);
    // Factors of powers of 2 are exact.
    float[] exact = InputScaling.ofRows(spec, parameters, 0.25f);
    assertArrayEquals(parameters, InputScaling.ofScaledRows(spec, exact, 0.25f));
  }

  private static float[] encodeAndDecode(AutoencoderSpec spec, float[] parameters, Rows rows) {
    Autoencoder autoencoder = new Autoencoder(spec, ROWS);
    return autoencoder.encode(parameters, rows).reconstruct().values().clone();
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
