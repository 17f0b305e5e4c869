package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.LayerStack;
import org.sparksae.core.train.DivergedException;
import org.sparksae.core.train.StopReason;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.data.Stored;

/** Layers that are trained one after the other, and then perhaps together. */
@ExtendWith(LocalSpark.class)
class GreedyFitTest {
  private static final float[][] ROWS = TestFrames.rows(160, 8, 31);
  private static final String HELD = "held";
  private static final String WEIGHT = "weight";

  @TempDir private Path folder;

  /** The ways in which every layer is trained. */
  enum Way {
    L_BFGS(e -> e.setSolver("l-bfgs")),
    L_BFGS_TIED(e -> e.setSolver("l-bfgs").setTiedWeights(true)),
    TREE(e -> e.setSolver("adam").setAggregation("tree")),
    ALL_REDUCE(e -> e.setSolver("adam").setAggregation("allReduce")),
    ALL_REDUCE_TIED(e -> e.setSolver("adam").setAggregation("allReduce").setTiedWeights(true));

    private final Consumer<SparseAutoencoder> choice;

    Way(Consumer<SparseAutoencoder> choice) {
      this.choice = choice;
    }

    SparseAutoencoder with(SparseAutoencoder estimator) {
      choice.accept(estimator);
      return estimator.setWeightCol(WEIGHT).setValidationIndicatorCol(HELD);
    }
  }

  /** With few steps, as there are many layers. */
  private static SparseAutoencoder estimator() {
    return Fixtures.estimator().setMaxIter(2).setBatchSize(64);
  }

  /** Three layers, each with a penalty of its own. */
  private static SparseAutoencoder deep() {
    return estimator()
        .setHiddenLayers(7, 5, 3)
        .setSparsity("kl", "l1", "targetL2")
        .setSparsityWeights(0.3, 0.02, 0.5)
        .setSparsityTargets(0.2, 0.5, 0.3)
        .setLayerTraining("greedy");
  }

  /** The same as three estimators, chained as a user would do it. */
  private static Pipeline chain(Consumer<SparseAutoencoder> choice) {
    String[] kinds = {"kl", "l1", "targetL2"};
    double[] weights = {0.3, 0.02, 0.5};
    double[] targets = {0.2, 0.5, 0.3};
    int[] sizes = {7, 5, 3};
    PipelineStage[] stages = new PipelineStage[3];
    for (int k = 0; k < stages.length; k++) {
      SparseAutoencoder layer =
          estimator()
              .setInputCol(k == 0 ? TestFrames.FEATURES : "h" + k)
              .setOutputCol("h" + (k + 1))
              .setHiddenLayers(sizes[k])
              .setSparsity(kinds[k])
              .setSparsityWeights(weights[k])
              .setSparsityTargets(targets[k]);
      choice.accept(layer);
      if (k > 0) {
        layer.setOutputActivation(layer.getActivation());
      }
      stages[k] = layer;
    }
    return new Pipeline().setStages(stages);
  }

  /** Every fifth row is held out, and rows weigh differently. */
  private static Dataset<Row> frame(int partitions) {
    StructType schema =
        new StructType()
            .add(TestFrames.FEATURES, InputType.FLOATS.type())
            .add(WEIGHT, DataTypes.DoubleType)
            .add(HELD, DataTypes.BooleanType);
    List<List<Row>> values = new ArrayList<>();
    int number = 0;
    for (float[][] part : TestFrames.split(ROWS, partitions)) {
      List<Row> own = new ArrayList<>();
      for (float[] row : part) {
        double weight = 0.5 * (1 + number % 4);
        own.add(RowFactory.create(InputType.FLOATS.form(row), weight, number++ % 5 == 0));
      }
      values.add(own);
    }
    return TestFrames.frame(schema, values);
  }

  private static SparseAutoencoderModel layer(PipelineModel chain, int k) {
    return (SparseAutoencoderModel) chain.stages()[k - 1];
  }

  @ParameterizedTest
  @EnumSource
  void isThePipelineOfItsLayersBitForBit(Way way) {
    Dataset<Row> frame = frame(2);
    SparseAutoencoderModel greedy = way.with(deep()).fit(frame);
    PipelineModel chain = chain(way::with).fit(frame);
    List<float[]> layers = new ArrayList<>();
    for (int k = 1; k <= 3; k++) {
      SparseAutoencoderModel own = layer(chain, k);
      layers.add(own.parameters());
      assertEquals(own.spec(), greedy.spec().layer(k));
      assertArrayEquals(own.parameters(), greedy.layer(k).parameters());
      TrainingStage stage = greedy.summary().stages().get(k - 1);
      assertEquals("layer " + k, stage.name());
      assertArrayEquals(own.summary().objectiveHistory(), stage.objectiveHistory());
      assertEquals(own.summary().stopReason(), stage.stopReason());
      assertEquals(
          own.summary().history().get(0).validationObjective(),
          stage.history().get(0).validationObjective());
    }
    assertArrayEquals(LayerStack.stack(greedy.spec(), layers), greedy.parameters());
    assertEquals(
        chain.transform(frame).select("h3").collectAsList(),
        greedy.transform(frame).select("code").collectAsList());
    Stored.awaitFiles(0);
  }

  @Test
  void sparseCodesOfReluLayersAreTrainedOn() {
    Consumer<SparseAutoencoder> relu =
        e -> e.setActivation("relu").setSparsity("l1").setSparsityWeights(0.4).setSolver("adam");
    SparseAutoencoder greedy = deep();
    relu.accept(greedy);
    Dataset<Row> frame = frame(2);
    PipelineModel chain = chain(relu).fit(frame);
    SparseAutoencoderModel model = greedy.fit(frame);
    for (int k = 1; k <= 3; k++) {
      assertArrayEquals(layer(chain, k).parameters(), model.layer(k).parameters(), 1e-5f);
    }
  }

  @Test
  void onlyTheLastLayerIsKSparse() {
    Consumer<SparseAutoencoder> adam = e -> e.setSolver("adam").setActivation("relu");
    SparseAutoencoder greedy =
        Fixtures.estimator()
            .setHiddenLayers(6, 12)
            .setK(2)
            .setKStart(5)
            .setTiedWeights(true)
            .setLayerTraining("greedy");
    adam.accept(greedy);
    SparseAutoencoder first =
        Fixtures.estimator()
            .setHiddenLayers(6)
            .setSparsity("none")
            .setRegParam(0)
            .setTiedWeights(true)
            .setOutputCol("h1");
    adam.accept(first);
    SparseAutoencoder second =
        Fixtures.estimator()
            .setInputCol("h1")
            .setHiddenLayers(12)
            .setOutputActivation("relu")
            .setK(2)
            .setKStart(5)
            .setTiedWeights(true);
    adam.accept(second);
    Dataset<Row> frame = frame(2);
    PipelineModel chain = new Pipeline().setStages(new PipelineStage[] {first, second}).fit(frame);
    SparseAutoencoderModel model = greedy.fit(frame);
    assertArrayEquals(layer(chain, 1).parameters(), model.layer(1).parameters());
    assertArrayEquals(layer(chain, 2).parameters(), model.layer(2).parameters(), 1e-5f);
    assertEquals(2, model.summary().statistics().l0());
  }

  @ParameterizedTest
  @EnumSource
  void thenJointBeginsAtWhatGreedyCameTo(Way way) throws IOException {
    Dataset<Row> frame = frame(2);
    SparseAutoencoderModel greedy = way.with(deep()).fit(frame);
    String saved = folder.resolve("greedy").toString();
    greedy.save(saved);
    SparseAutoencoderModel tuned = way.with(deep()).setLayerTraining("greedyThenJoint").fit(frame);
    SparseAutoencoderModel joint =
        way.with(deep()).setLayerTraining("joint").setInitialModel(saved).fit(frame);
    assertArrayEquals(joint.parameters(), tuned.parameters());
    assertArrayEquals(joint.summary().objectiveHistory(), tuned.summary().objectiveHistory());
    assertEquals(
        List.of("layer 1", "layer 2", "layer 3", "joint"),
        tuned.summary().stages().stream().map(TrainingStage::name).toList());
    assertEquals(
        List.of("joint"), joint.summary().stages().stream().map(TrainingStage::name).toList());
    assertNotEquals(greedy.parameters()[0], tuned.parameters()[0]);
    assertEquals(2, tuned.summary().totalIterations());
  }

  @Test
  void ofOneLayerItIsTheJointTraining() {
    SparseAutoencoder estimator = Fixtures.estimator();
    assertArrayEquals(
        estimator.fit(frame(2)).parameters(),
        estimator.copy(ParamMap.empty()).setLayerTraining("greedy").fit(frame(2)).parameters());
  }

  /** Blocks that were dealt out to both cores are encoded in place. */
  @Test
  void partitionsThatAreSpreadGiveTheSameUpToRounding() {
    SparseAutoencoderModel one = Way.ALL_REDUCE.with(deep()).fit(frame(1));
    SparseAutoencoderModel five = Way.ALL_REDUCE.with(deep()).fit(frame(5));
    assertArrayEquals(one.parameters(), five.parameters(), 1e-5f);
  }

  @Test
  void withoutIterationsItIsTheInitialLayers() {
    SparseAutoencoderModel model = deep().setMaxIter(0).fit(frame(2));
    List<float[]> layers = new ArrayList<>();
    for (int k = 1; k <= 3; k++) {
      layers.add(InitialParameters.of(model.spec().layer(k), 7));
    }
    assertArrayEquals(LayerStack.stack(model.spec(), layers), model.parameters());
    assertEquals(0, model.summary().totalIterations());
    assertEquals(StopReason.MAX_ITER, model.summary().stopReason());
  }

  @Test
  void aStageThatDivergesIsNamed() {
    SparseAutoencoder wild =
        deep()
            .setActivation("linear")
            .setSparsity("none")
            .setSolver("adam")
            .setAggregation("tree")
            .setStepSize(1e30);
    DivergedException diverged = assertThrows(DivergedException.class, () -> wild.fit(frame(2)));
    assertTrue(
        diverged.getMessage().startsWith("layer 1: training diverged at epoch 1"),
        diverged.getMessage());
    Stored.awaitFiles(0);
  }

  @Test
  void aClassifierLearnsFromTheStackedCodes() {
    Dataset<Row> frame =
        frame(2).withColumn("label", functions.expr("cast(features[1] > 0.6 as double)"));
    PipelineModel model =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  deep().setLayerTraining("greedyThenJoint"),
                  new LogisticRegression().setFeaturesCol("code").setMaxIter(30)
                })
            .fit(frame);
    Transformer codes = model.stages()[0];
    assertEquals(4, ((SparseAutoencoderModel) codes).summary().stages().size());
    long ones = frame.filter("label = 1").count();
    long right = model.transform(frame).filter("prediction = label").count();
    assertTrue(
        right > Math.max(ones, ROWS.length - ones), right + " right, " + ones + " labels are 1");
  }
}
