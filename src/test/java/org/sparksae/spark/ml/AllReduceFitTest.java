package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.collective.LocalRanks;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.TrainingResult;
import org.sparksae.core.train.TrainingSettings;
import org.sparksae.core.train.TrainingState;
import org.sparksae.core.train.TrainingWorker;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.ml.param.SpecBuilder;

/** Workers that exchange their gradients within one stage. */
@ExtendWith(LocalSpark.class)
class AllReduceFitTest {
  private static final int INPUTS = 9;
  private static final float[][] ROWS = TestFrames.rows(120, INPUTS, 2);
  private static final List<float[][]> HALVES = TestFrames.splitBySize(ROWS, 70, 50);

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator()
        .setSolver("adam")
        .setAggregation("allReduce")
        .setBatchSize(37)
        .setMaxIter(5);
  }

  private static SparseAutoencoder kSparse() {
    return estimator().setHiddenLayers(20).setK(3).setKStart(9);
  }

  private static Dataset<Row> frame(int... sizes) {
    return TestFrames.frame(InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, sizes));
  }

  /** What an estimator's fit comes to with a worker for each partition, without Spark. */
  private static TrainingResult sparkFree(SparseAutoencoder estimator) {
    AutoencoderSpec spec = SpecBuilder.build(estimator, INPUTS, 0);
    TrainingSettings settings = Fixtures.settings(estimator);
    float[] initial = InitialParameters.of(spec, estimator.getSeed());
    return LocalRanks.run(
            HALVES.size(),
            collective -> {
              List<RowBlock> blocks = Fixtures.blocks(HALVES.get(collective.rank()));
              int first = collective.rank() == 0 ? 0 : HALVES.get(0).length;
              int from = collective.from(initial.length);
              Adam.State optimizer = Adam.State.start(collective.to(initial.length) - from);
              TrainingWorker.Start start =
                  TrainingWorker.Start.of(
                      new TrainingWorker.Job(spec, settings, ROWS.length),
                      new TrainingState(initial, optimizer, TrainingProgress.START),
                      settings.maxIter());
              TrainingWorker worker =
                  new TrainingWorker(
                      List.of(start),
                      new PartitionRows(blocks, first),
                      null,
                      collective,
                      Team.SOLO);
              return worker.run(Double.POSITIVE_INFINITY).get(0).state().result();
            })
        .get(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesTheBitsOfTheSparkFreeWorkers(boolean kSparse) {
    SparseAutoencoder estimator = kSparse ? kSparse() : estimator();
    SparseAutoencoderModel model = estimator.fit(frame(70, 50));
    TrainingResult expected = sparkFree(estimator);
    assertArrayEquals(expected.parameters(), model.parameters());
    double[] objectives =
        expected.history().stream().mapToDouble(iteration -> iteration.terms().total()).toArray();
    assertArrayEquals(objectives, model.summary().objectiveHistory());
    assertTrue(objectives[4] < 0.8 * objectives[0], () -> Arrays.toString(objectives));
    assertArrayEquals(model.parameters(), estimator.fit(frame(70, 50)).parameters());
  }

  /** Rounding apart, neither how nor among how many the sums are made shows. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aggregationWorkersAndPartitionsMakeNoDifference(boolean kSparse) {
    SparseAutoencoder estimator = kSparse ? kSparse() : estimator();
    SparseAutoencoderModel expected = estimator.setAggregation("tree").fit(frame(70, 50));
    List<SparseAutoencoderModel> others = new ArrayList<>();
    estimator.setAggregation("allReduce");
    others.add(estimator.fit(frame(120)));
    others.add(estimator.fit(frame(1, 0, 30, 40, 49)));
    others.add(estimator.fit(frame(50, 40, 30).coalesce(2)));
    Dataset<Row> united =
        TestFrames.frame(Arrays.copyOfRange(ROWS, 0, 70), 1)
            .union(TestFrames.frame(Arrays.copyOfRange(ROWS, 70, 120), 1));
    others.add(estimator.fit(united));
    others.add(estimator.setNumWorkers(1).fit(frame(70, 50)));
    for (SparseAutoencoderModel other : others) {
      assertClose(expected.parameters(), other.parameters());
      assertClose(
          floats(expected.summary().objectiveHistory()),
          floats(other.summary().objectiveHistory()));
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static void assertClose(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-4f * (1 + Math.abs(expected[i])));
    }
  }

  @Test
  void aWorkerMayHaveNoRow() {
    SparseAutoencoder estimator = estimator().setNumWorkers(2);
    Dataset<Row> oneRow = TestFrames.frame(Arrays.copyOf(ROWS, 1), 1);
    SparseAutoencoderModel model = estimator.fit(oneRow);
    assertEquals(5, model.summary().totalIterations());
    assertClose(estimator.setNumWorkers(1).fit(oneRow).parameters(), model.parameters());
  }

  @Test
  void moreWorkersThanSlotsAreRefusedOrCollectedByATree() {
    SparseAutoencoder estimator = estimator().setNumWorkers(3);
    String message =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame(70, 50)))
            .getMessage();
    assertEquals(
        "aggregation = allReduce is not possible: numWorkers = 3 needs as many free slots at once,"
            + " but the cluster has 2; lower numWorkers or add executors, or set aggregation to tree",
        message);
    float[] collected = estimator.setAggregation("auto").fit(frame(70, 50)).parameters();
    assertArrayEquals(estimator.setAggregation("tree").fit(frame(70, 50)).parameters(), collected);
  }
}
