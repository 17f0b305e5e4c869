package org.sparksae.spark.ml;

import static org.sparksae.spark.ml.SmallFits.HELD;
import static org.sparksae.spark.ml.SmallFits.TARGET;
import static org.sparksae.spark.ml.SmallFits.WEIGHT;
import static org.sparksae.spark.ml.SmallFits.batchTopK;
import static org.sparksae.spark.ml.SmallFits.convolution;
import static org.sparksae.spark.ml.SmallFits.deep;
import static org.sparksae.spark.ml.SmallFits.dense;
import static org.sparksae.spark.ml.SmallFits.gated;
import static org.sparksae.spark.ml.SmallFits.jumpRelu;
import static org.sparksae.spark.ml.SmallFits.kSparse;
import static org.sparksae.spark.ml.SmallFits.lifetime;
import static org.sparksae.spark.ml.SmallFits.selecting;
import static org.sparksae.spark.ml.SmallFits.strided;
import static org.sparksae.spark.ml.SmallFits.tiedTanh;
import static org.sparksae.spark.ml.SmallFits.transcoder;
import static org.sparksae.spark.ml.SmallFits.withLosses;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What {@link EarlierFiles} fits for each directory. */
enum EarlierFits {
  /** Every kind of the format up to version 4, and all stages. */
  CLASSIC("2026-11") {
    @Override
    Map<String, AutoencoderEstimator<?, ?>> kinds() {
      return classicKinds();
    }

    @Override
    Map<String, Training> trainings(Path directory, Dataset<Row> rows, Dataset<Row> images) {
      return classicTrainings(directory, rows, images);
    }
  },

  /** What format version 5 has brought. */
  WIDE("2026-11-wide") {
    @Override
    Map<String, AutoencoderEstimator<?, ?>> kinds() {
      return wideKinds();
    }

    @Override
    Map<String, Training> trainings(Path directory, Dataset<Row> rows, Dataset<Row> images) {
      Map<String, Training> trainings = new LinkedHashMap<>();
      wideTrainings().forEach((name, fit) -> trainings.put(name, new Training(fit, rows, CUT)));
      return trainings;
    }
  },

  /** Models with a target, of the same version. */
  TRANSCODER("2026-11-transcoder") {
    @Override
    Map<String, AutoencoderEstimator<?, ?>> kinds() {
      Map<String, AutoencoderEstimator<?, ?>> kinds = new LinkedHashMap<>();
      kinds.put("skip", transcoder(kSparse(), TARGET));
      kinds.put("plain", transcoder(batchTopK(), TARGET).setSkipConnection(false));
      kinds.values().forEach(kind -> kind.setReconstructionCol("reconstruction"));
      return kinds;
    }

    @Override
    Map<String, Training> trainings(Path directory, Dataset<Row> rows, Dataset<Row> images) {
      return Map.of("skip", new Training(transcoder(kSparse(), TARGET), rows, CUT));
    }
  };

  /** Iterations of a training. */
  static final int ITERATIONS = 5;

  private static final int CUT = 4;

  private final String directory;

  EarlierFits(String directory) {
    this.directory = directory;
  }

  /** A training that was cut off, and after how many iterations of each of its stages. */
  record Training(AutoencoderEstimator<?, ?> estimator, Dataset<Row> rows, int... cuts) {}

  /** Name of the directory. */
  String directory() {
    return directory;
  }

  /** Estimators whose models are saved, by name. */
  abstract Map<String, AutoencoderEstimator<?, ?>> kinds();

  /** Trainings that are cut off, by name. */
  abstract Map<String, Training> trainings(Path directory, Dataset<Row> rows, Dataset<Row> images);

  private static Map<String, AutoencoderEstimator<?, ?>> classicKinds() {
    Map<String, AutoencoderEstimator<?, ?>> kinds = new LinkedHashMap<>();
    kinds.put("kl", dense("l-bfgs"));
    kinds.put("kl-example", dense("l-bfgs").setSparsityScope("example"));
    for (String sparsity : List.of("targetL1", "targetL2", "l1", "l2", "none")) {
      kinds.put(sparsity, dense("adam").setSparsity(sparsity));
    }
    kinds.put("tied", tiedTanh("adam"));
    kinds.put("deep", deep("adam"));
    kinds.put("greedy", deep("l-bfgs").setLayerTraining("greedy").setOutputLayer(1));
    kinds.put("k-by-value", kSparse().setTopKBy("value").setActivation("relu").setKStart(9));
    kinds.put("k-by-magnitude", kSparse().setEncodeK(6));
    kinds.put("k-tied", kSparse().setTiedWeights(true));
    kinds.put("lifetime", lifetime(0.1));
    kinds.put("lifetime-large-share", lifetime(0.4).setTiedWeights(true));
    kinds.put("corruption", dense("adam").setCorruption("gaussian").setCorruptionLevel(0.2));
    kinds.put("outliers", dense("l-bfgs").setContamination(0.05).setOutlierCol("outlier"));
    kinds.put("convolution", convolution("adam"));
    kinds.put("convolution-strided-tied", strided());
    kinds.put("convolution-deep", convolution("adam").setFilters(3, 2).setKernelSizes(3));
    kinds.put("convolution-spatial", selecting().setSpatialSparsity(true));
    kinds.put("convolution-lifetime", selecting().setLifetimeSparsity(0.1));
    kinds.put(
        "convolution-spatial-lifetime",
        selecting().setSpatialSparsity(true).setLifetimeSparsity(0.2));
    kinds.put("convolution-k", selecting().setK(2).setTopKBy("value"));
    kinds.put("convolution-pooled", convolution("adam").setPooling("max").setPoolSize(2));
    kinds.values().forEach(kind -> kind.setReconstructionCol("reconstruction"));
    return kinds;
  }

  private static Map<String, AutoencoderEstimator<?, ?>> wideKinds() {
    Map<String, AutoencoderEstimator<?, ?>> kinds = new LinkedHashMap<>();
    kinds.put("pre-bias", dense("adam").setPreBias("mean").setInitMode("tied"));
    kinds.put("decoder-l1", dense("adam").setActivation("relu").setSparsity("decoderL1"));
    kinds.put("k-losses-tied", withLosses(kSparse()).setTiedWeights(true));
    kinds.put("k-multi", kSparse().setK(2).setMultiTopK(true));
    kinds.put("batch-top-k", batchTopK());
    kinds.put("matryoshka", withLosses(batchTopK()).setPreBias("none"));
    kinds.put("jump-relu", jumpRelu());
    kinds.put("jump-relu-tanh", jumpRelu().setSparsity("tanh").setTiedWeights(true));
    kinds.put("gated", gated());
    kinds.values().forEach(kind -> kind.setReconstructionCol("reconstruction"));
    return kinds;
  }

  private static Map<String, AutoencoderEstimator<?, ?>> wideTrainings() {
    Map<String, AutoencoderEstimator<?, ?>> fits = new LinkedHashMap<>();
    fits.put(
        "pre-bias", validated("adam").setPreBias("geometricMedian").setSparsityWarmupSteps(20));
    fits.put("k-multi", kSparse().setK(2).setMultiTopK(true).setAuxK(2).setDeadAfterRows(40));
    fits.put("matryoshka", withLosses(batchTopK()).setValidationIndicatorCol(HELD));
    fits.put("matryoshka-tree", withLosses(batchTopK()).setAggregation("tree"));
    fits.put("jump-relu", jumpRelu());
    fits.put("jump-relu-tanh", jumpRelu().setSparsity("tanh").setAggregation("tree"));
    fits.put("gated", gated());
    return fits;
  }

  private static Map<String, Training> classicTrainings(
      Path directory, Dataset<Row> rows, Dataset<Row> images) {
    Map<String, Training> trainings = new LinkedHashMap<>();
    trainings.put("adam-all-reduce", new Training(validated("adam"), rows, CUT));
    trainings.put("adam-tree", new Training(validated("adam").setAggregation("tree"), rows, CUT));
    trainings.put("l-bfgs", new Training(validated("l-bfgs"), rows, CUT));
    trainings.put("k-start", new Training(kSparse().setKStart(9), rows, CUT));
    trainings.put(
        "k-start-tree", new Training(kSparse().setKStart(9).setAggregation("tree"), rows, CUT));
    trainings.put("lifetime", new Training(lifetime(0.1), rows, CUT));
    trainings.put(
        "corruption",
        new Training(dense("adam").setCorruption("masking").setCorruptionLevel(0.2), rows, CUT));
    trainings.put(
        "initial-model",
        new Training(
            dense("adam").setInitialModel(directory.resolve("models/kl").toString()), rows, CUT));
    trainings.put("greedy-in-layer-2", new Training(greedy("adam"), rows, ITERATIONS, CUT));
    trainings.put(
        "greedy-joint", new Training(greedy("l-bfgs"), rows, ITERATIONS, ITERATIONS, CUT));
    trainings.put(
        "convolution",
        new Training(selecting().setSpatialSparsity(true).setLifetimeSparsity(0.2), images, CUT));
    trainings.put(
        "convolution-k", new Training(selecting().setK(2).setTopKBy("value"), images, CUT));
    return trainings;
  }

  private static SparseAutoencoder validated(String solver) {
    return dense(solver).setWeightCol(WEIGHT).setValidationIndicatorCol(HELD);
  }

  private static SparseAutoencoder greedy(String solver) {
    return deep(solver).setLayerTraining("greedyThenJoint");
  }
}
