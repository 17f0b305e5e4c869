package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.function.Executable;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.TopK;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.train.FullBatchLoop;
import org.sparksae.core.train.FullBatchState;
import org.sparksae.core.train.GradientSource;
import org.sparksae.core.train.MiniBatchLoop;
import org.sparksae.core.train.SourceStep;
import org.sparksae.core.train.TrainingResult;
import org.sparksae.core.train.TrainingSettings;
import org.sparksae.core.train.TrainingState;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.ml.param.SpecBuilder;

/** What the tests of the MLlib face share. */
final class Fixtures {
  private Fixtures() {}

  /** A small estimator on {@link TestFrames#FEATURES}; few iterations. */
  static SparseAutoencoder estimator() {
    return new SparseAutoencoder()
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code")
        .setHiddenLayers(4)
        .setSparsityTargets(0.2)
        .setSparsityWeights(0.3)
        .setMaxIter(3)
        .setBatchSize(32)
        .setStepSize(0.02)
        .setTol(0)
        .setSeed(7);
  }

  /** An estimator whose every Param is set, and none to its default. */
  static SparseAutoencoder everyParamSet() {
    return new SparseAutoencoder("everyParam")
        .setInputCol(TestFrames.FEATURES)
        .setTargetCol("target")
        .setSkipConnection(true)
        .setOutputCol("code")
        .setReconstructionCol("reconstruction")
        .setReconstructionErrorCol("error")
        .setHiddenLayers(5, 3)
        .setActivation("relu")
        .setOutputActivation("sigmoid")
        .setSparsity("targetL2", "none")
        .setSparsityWeights(0.5, 0.01)
        .setSparsityTargets(0.25, 0.125)
        .setSparsityScope("example")
        .setSparsityWarmupSteps(2)
        .setTiedWeights(true)
        .setDecoderNorm("unit")
        .setPreBias("mean")
        .setInputNorm("sqrtSize")
        .setInitMode("tied")
        .setInitDecoderNorm(0.5)
        .setRegParam(0.002)
        .setSolver("adam")
        .setMaxIter(2)
        .setMaxSteps(3)
        .setBatchSize(50)
        .setShuffleWindow(70)
        .setPrecision("bfloat16")
        .setStoragePrecision("bfloat16")
        .setStepSize(0.005)
        .setWarmupSteps(1)
        .setDecaySteps(1)
        .setGradientClip(3.5)
        .setAdamBeta1(0.875)
        .setAdamBeta2(0.99)
        .setAdamEpsilon(1e-6)
        .setTol(1e-5)
        .setSeed(-3)
        .setWeightCol("weight")
        .setValidationIndicatorCol("held")
        .setAggregation("allReduce")
        .setNumWorkers(2)
        .setAggregationDepth(3)
        .setCheckpointDir("target/checkpoints/every-param")
        .setCheckpointInterval(3)
        .setCheckpointMinutes(2.5)
        .setHandleInvalid("skip")
        .setActivationThreshold(0.01)
        .setK(1)
        .setKStart(3)
        .setEncodeK(2)
        .setTopKBy("value")
        .setLifetimeSparsity(0.07)
        .setBatchTopK(1.5)
        .setResampleSteps(2)
        .setJumpReluThreshold(0.5)
        .setJumpReluBandwidth(0.25)
        .setPreActivationWeight(0.125)
        .setGated(true)
        .setAuxK(2)
        .setAuxKWeight(0.25)
        .setDeadAfterRows(77)
        .setMatryoshkaWidths(1, 3)
        .setMultiTopK(true)
        .setLayerTraining("greedyThenJoint")
        .setInitialModel("target/models/every-param")
        .setOutputLayer(1)
        .setCorruption("masking")
        .setCorruptionLevel(0.125)
        .setContamination(0.0625)
        .setOutlierThreshold(0.5)
        .setOutlierCol("outlier");
  }

  /** Clears what k excludes, and what needs a model of one layer. */
  static void clearOthersThanK(SparseAutoencoder estimator) {
    estimator.clear(estimator.lifetimeSparsity());
    estimator.clear(estimator.batchTopK());
    estimator.clear(estimator.jumpReluThreshold());
    estimator.clear(estimator.preActivationWeight());
    estimator.clear(estimator.gated());
    estimator.clear(estimator.auxK());
    estimator.clear(estimator.matryoshkaWidths());
    estimator.clear(estimator.resampleSteps());
    estimator.clear(estimator.multiTopK());
    estimator.clear(estimator.targetCol());
    estimator.clear(estimator.skipConnection());
  }

  /**
   * A model of 2 inputs and 3 relu units whose numbers floats hold exactly.
   *
   * <pre>
   * x = (2, 3):  z = (2, 3 - 1, 2 - 3 + 0.5) = (2, 2, -0.5), h = (2, 2, 0)
   *              x_hat = (2 + 0.25, 2) = (2.25, 2), error = (0.25^2 + 1^2) / 2 = 0.53125
   * x = (0, 0):  z = (0, -1, 0.5), h = (0, 0, 0.5)
   *              x_hat = (0.5 * 0.5 + 0.25, 0) = (0.5, 0), error = 0.5^2 / 2 = 0.125
   * </pre>
   */
  static SparseAutoencoderModel handModel(String uid) {
    AutoencoderSpec spec =
        new AutoencoderSpec(
            2,
            List.of(new HiddenLayer(3, Activation.RELU, Sparsity.NONE)),
            Activation.LINEAR,
            false,
            0);
    float[] parameters = {1, 0, 0, 1, 1, -1, 0, -1, 0.5f, 1, 0, 0.5f, 0, 1, 0, 0.25f, 0};
    assertEquals(
        List.of("encoder.0.weight", "encoder.0.bias", "decoder.0.weight", "decoder.0.bias"),
        spec.layout().tensors().stream().map(tensor -> tensor.name()).toList());
    return new SparseAutoencoderModel(uid, spec, parameters)
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code");
  }

  /**
   * A k-sparse model of 2 inputs and 5 units, of which 2 are kept; floats hold its numbers exactly.
   *
   * <pre>
   * x = (a, b):  z = (a, b, -a, -b, a + b - 1)
   * units 0 to 3 write (1, 0), (0, 1), (-1, 0), (0, -1), unit 4 (0.5, 0.5), and the bias is (0.25, -0.25)
   * </pre>
   */
  static SparseAutoencoderModel kSparseModel(String uid, Activation activation, TopK.By by) {
    AutoencoderSpec spec =
        new AutoencoderSpec(
            2,
            List.of(new HiddenLayer(5, activation, Sparsity.NONE, new TopK(2, by))),
            Activation.LINEAR,
            false,
            0);
    float[] parameters = {
      1,
      0,
      0,
      1,
      -1,
      0,
      0,
      -1,
      1,
      1, // encoder.0.weight [5, 2]
      0,
      0,
      0,
      0,
      -1, // encoder.0.bias
      1,
      0,
      0,
      1,
      -1,
      0,
      0,
      -1,
      0.5f,
      0.5f, // decoder.0.weight [5, 2], by unit
      0.25f,
      -0.25f // decoder.0.bias
    };
    return new SparseAutoencoderModel(uid, spec, parameters)
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code");
  }

  /** What an estimator's fit by a tree comes to on rows in these partitions, without Spark. */
  static TrainingResult sparkFree(SparseAutoencoder estimator, List<float[][]> partitions) {
    int inputs = partitions.get(0)[0].length;
    AutoencoderSpec spec = SpecBuilder.build(estimator, inputs, 0);
    GradientSource source = new GradientSource(spec, sparkFree(partitions));
    TrainingSettings settings = settings(estimator);
    float[] initial = InitialParameters.of(spec, estimator.getSeed());
    return estimator.getSolver().equals("adam")
        ? new MiniBatchLoop(
                spec,
                new SourceStep(source, TrainingState.start(initial), settings.optimizer().adam()),
                partitions.stream().mapToInt(rows -> rows.length).sum(),
                null,
                settings,
                iteration -> {})
            .run()
        : new FullBatchLoop(source, null, settings, iteration -> {}, FullBatchState.start(initial))
            .run();
  }

  /** What an estimator tells the loops. */
  static TrainingSettings settings(SparseAutoencoder estimator) {
    return new TrainingSettings(
        estimator.getMaxIter(),
        estimator.isDefined(estimator.maxSteps()) ? estimator.getMaxSteps() : 0,
        estimator.getTol(),
        estimator.getBatchSize(),
        estimator.isDefined(estimator.shuffleWindow()) ? estimator.getShuffleWindow() : 0,
        TrainingSettings.Optimizer.of(estimator.getStepSize()),
        estimator.getSeed(),
        estimator.isDefined(estimator.kStart()) ? estimator.getKStart() : 0,
        SpecBuilder.corruption(estimator));
  }

  /** The Spark-free counterpart of a frame: one block a partition. */
  static LocalPartitionSum sparkFree(List<float[][]> partitions) {
    return new LocalPartitionSum(partitions.stream().map(Fixtures::blocks).toList());
  }

  static List<RowBlock> blocks(float[][] rows) {
    if (rows.length == 0) {
      return List.of();
    }
    int columns = rows[0].length;
    float[] values = new float[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, values, i * columns, columns);
    }
    return List.of(new RowBlock(DenseRows.of(values, rows.length, columns), null));
  }

  /** Every Param that has a value, by name, as text: defaults and set ones. */
  static Map<String, String> values(Params params) {
    Map<String, String> values = new TreeMap<>();
    for (Param<?> param : params.params()) {
      if (params.isDefined(param)) {
        Object value = params.getOrDefault(param);
        values.put(param.name(), Arrays.deepToString(new Object[] {value}));
      }
    }
    return values;
  }

  /** The first cause of a type. */
  static <T extends Throwable> T cause(Class<T> type, Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " among the causes", thrown);
  }

  /** Number of Spark jobs that an action starts. */
  static int jobsOf(Executable action) throws Throwable {
    SparkContext context = LocalSpark.session().sparkContext();
    AtomicInteger jobs = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.incrementAndGet();
          }
        };
    context.listenerBus().waitUntilEmpty();
    context.addSparkListener(counter);
    try {
      action.execute();
      context.listenerBus().waitUntilEmpty();
    } finally {
      context.removeSparkListener(counter);
    }
    return jobs.get();
  }
}
