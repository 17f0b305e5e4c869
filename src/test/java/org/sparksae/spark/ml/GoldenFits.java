package org.sparksae.spark.ml;

import static org.sparksae.spark.ml.SmallFits.HELD;
import static org.sparksae.spark.ml.SmallFits.INPUTS;
import static org.sparksae.spark.ml.SmallFits.SIDE;
import static org.sparksae.spark.ml.SmallFits.WEIGHT;
import static org.sparksae.spark.ml.SmallFits.batchTopK;
import static org.sparksae.spark.ml.SmallFits.convolution;
import static org.sparksae.spark.ml.SmallFits.deep;
import static org.sparksae.spark.ml.SmallFits.dense;
import static org.sparksae.spark.ml.SmallFits.frame;
import static org.sparksae.spark.ml.SmallFits.gated;
import static org.sparksae.spark.ml.SmallFits.jumpRelu;
import static org.sparksae.spark.ml.SmallFits.kSparse;
import static org.sparksae.spark.ml.SmallFits.lifetime;
import static org.sparksae.spark.ml.SmallFits.selecting;
import static org.sparksae.spark.ml.SmallFits.strided;
import static org.sparksae.spark.ml.SmallFits.tiedTanh;
import static org.sparksae.spark.ml.SmallFits.transcoder;
import static org.sparksae.spark.ml.SmallFits.withLosses;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/**
 * A JVM of its own that makes a small seeded fit of every kind and prints a line for each: its
 * name, and digests of its parameters, its objectives and what transform writes: the first 8 bytes
 * of SHA-256.
 *
 * <p>Every Param that decides bits is set here, so a changed default moves no digest.
 */
final class GoldenFits {
  /** What each line of a fit begins with. */
  static final String LINE = "golden ";

  /** The argument that asks for the same kinds by other engines, on other rows and in stages. */
  static final String ENGINES = "engines";

  private final Map<String, Fit> fits = new LinkedHashMap<>();
  private final SparkSession spark;
  private final Dataset<Row> rows;
  private final Dataset<Row> sparse;
  private final Dataset<Row> images;

  /** An estimator and its rows. */
  private record Fit(AutoencoderEstimator<?, ?> estimator, Dataset<Row> rows) {}

  private GoldenFits(SparkSession spark) {
    this.spark = spark;
    this.rows = frame(spark, InputType.DENSE_VECTOR, INPUTS);
    this.sparse = frame(spark, InputType.SPARSE_VECTOR, 3 * INPUTS);
    this.images = frame(spark, InputType.NULLABLE_FLOATS, SIDE * SIDE);
  }

  public static void main(String[] args) {
    SparkSession spark = LocalSpark.withoutCallSites(LocalSpark.builder("local[3]").getOrCreate());
    GoldenFits golden = new GoldenFits(spark);
    golden.penalties();
    golden.selections();
    golden.sparseRows();
    golden.convolutions();
    if (List.of(args).contains(ENGINES)) {
      golden.engines();
      golden.depths();
    }
    for (Map.Entry<String, Fit> fit : golden.fits.entrySet()) {
      System.out.println(LINE + fit.getKey() + " " + digests(fit.getValue()));
    }
    spark.stop();
  }

  private void penalties() {
    for (String solver : List.of("l-bfgs", "adam")) {
      for (String scope : List.of("unit", "example")) {
        for (String sparsity : List.of("kl", "targetL2")) {
          add(
              "%s %s by %s".formatted(sparsity, scope, solver),
              dense(solver).setSparsity(sparsity).setSparsityScope(scope));
        }
      }
      for (String sparsity : List.of("l1", "l2", "none")) {
        add("%s by %s".formatted(sparsity, solver), dense(solver).setSparsity(sparsity));
      }
      add("tied, tanh by " + solver, tiedTanh(solver));
    }
    add(
        "decoderL1, warm-up",
        dense("adam").setActivation("relu").setSparsity("decoderL1").setSparsityWarmupSteps(3));
    add("targetL1 by adam", dense("adam").setSparsity("targetL1"));
    add(
        "targetL1 example by adam",
        dense("adam").setSparsity("targetL1").setSparsityScope("example"));
  }

  private void selections() {
    add("k by value, kStart", kSparse().setTopKBy("value").setActivation("relu").setKStart(9));
    add("k by magnitude", kSparse().setTopKBy("magnitude").setEncodeK(6));
    add("k tied", kSparse().setTiedWeights(true));
    add("k, pre-bias at the mean, tied start", kSparse().setPreBias("mean").setInitMode("tied"));
    add("k by l-bfgs", kSparse().setSolver("l-bfgs"));
    add("lifetime", lifetime(0.1));
    add("batchTopK", batchTopK());
    add("batchTopK, auxK, nested", withLosses(batchTopK()));
    add("k, auxK, nested, tied", withLosses(kSparse()).setTiedWeights(true));
    add("k, multiTopK", kSparse().setK(2).setMultiTopK(true));
    add("jumpRelu", jumpRelu().setSparsity("l0").setSparsityWeights(0.05));
    add("jumpRelu to a target, pre-bias, warm-up", withFrame(jumpRelu()));
    add("jumpRelu of scaled rows", withFrame(jumpRelu()).setInputNorm("sqrtSize"));
    add("jumpRelu, tanh", jumpRelu().setSparsity("tanh").setPreActivationWeight(0.01));
    add("gated", gated());
    add("gated, pre-bias, warm-up, tied", withFrame(gated()).setTiedWeights(true));
    add("lifetime, large share, tied", lifetime(0.4).setTiedWeights(true));
    add("transcoder", transcoder(kSparse(), TestFrames.FEATURES));
  }

  private static SparseAutoencoder withFrame(SparseAutoencoder estimator) {
    return estimator.setPreBias("mean").setInitMode("tied").setSparsityWarmupSteps(5);
  }

  private void engines() {
    addImages("convolution by 3 workers", selecting().setSpatialSparsity(true).setNumWorkers(3));
    for (int workers : new int[] {1, 3}) {
      add("kl by %d workers".formatted(workers), dense("adam").setNumWorkers(workers));
      add("k by %d workers".formatted(workers), kSparse().setNumWorkers(workers).setKStart(9));
      add("lifetime by %d workers".formatted(workers), lifetime(0.1).setNumWorkers(workers));
    }
    add("kl by tree", dense("adam").setAggregation("tree"));
    add("k by tree", kSparse().setAggregation("tree").setKStart(9));
    add("batchTopK, auxK, nested by tree", withLosses(batchTopK()).setAggregation("tree"));
    add("jumpRelu to a target by tree", jumpRelu().setAggregation("tree"));
    add("gated by tree", gated().setAggregation("tree"));
    add("lifetime by tree", lifetime(0.1).setAggregation("tree"));
    add(
        "transcoder, batchTopK by tree",
        transcoder(batchTopK(), TestFrames.FEATURES).setAggregation("tree"));
    for (String solver : List.of("l-bfgs", "adam")) {
      for (String corruption : List.of("masking", "gaussian", "saltAndPepper")) {
        add(
            "%s by %s".formatted(corruption, solver),
            dense(solver).setCorruption(corruption).setCorruptionLevel(0.2));
      }
      add(
          "weights and validation by " + solver,
          dense(solver).setWeightCol(WEIGHT).setValidationIndicatorCol(HELD));
    }
    add("outlier threshold", dense("l-bfgs").setContamination(0.05));
  }

  private void sparseRows() {
    for (String solver : List.of("l-bfgs", "adam")) {
      fits.put("sparse rows by " + solver, new Fit(dense(solver), sparse));
      fits.put(
          "sparse rows, masking by " + solver,
          new Fit(dense(solver).setCorruption("masking").setCorruptionLevel(0.2), sparse));
    }
    fits.put("sparse rows, k", new Fit(kSparse(), sparse));
  }

  private void depths() {
    for (String training : List.of("joint", "greedy", "greedyThenJoint")) {
      for (String solver : List.of("l-bfgs", "adam")) {
        add("%s by %s".formatted(training, solver), deep(solver).setLayerTraining(training));
      }
    }
    add(
        "greedy, k",
        deep("adam")
            .setHiddenLayers(7, 10)
            .setActivation("relu")
            .setSparsity("none")
            .setK(3)
            .setKStart(6)
            .setTopKBy("value")
            .setLayerTraining("greedy"));
  }

  private void convolutions() {
    addImages("convolution", convolution("adam"));
    addImages("convolution by l-bfgs", convolution("l-bfgs"));
    addImages("convolution, valid, stride 2, tied", strided());
    addImages("convolution of two layers", convolution("adam").setFilters(3, 2).setKernelSizes(3));
    addImages("convolution, spatial", selecting().setSpatialSparsity(true));
    addImages("convolution, lifetime", selecting().setLifetimeSparsity(0.1));
    addImages(
        "convolution, spatial and lifetime",
        selecting().setSpatialSparsity(true).setLifetimeSparsity(0.2));
    addImages("convolution, k", selecting().setK(2).setTopKBy("value"));
    addImages("convolution, pooled", convolution("adam").setPooling("max").setPoolSize(2));
  }

  private void add(String name, AutoencoderEstimator<?, ?> estimator) {
    fits.put(name, new Fit(estimator, rows));
  }

  private void addImages(String name, AutoencoderEstimator<?, ?> estimator) {
    fits.put(name, new Fit(estimator, images));
  }

  private static String digests(Fit fit) {
    AutoencoderModel<?> model = fit.estimator().fit(fit.rows());
    StringBuilder outputs = new StringBuilder();
    if (model.isDefined(model.outlierThreshold())) {
      outputs.append(model.getOutlierThreshold());
    }
    for (Row row : model.transform(fit.rows()).select("code", "error").collectAsList()) {
      outputs.append(row.get(0)).append(row.getDouble(1));
    }
    return "parameters=%s objectives=%s outputs=%s"
        .formatted(
            Digests.of(model.parameters()),
            Digests.ofObjectives(model.summary().stages()),
            Digests.of(outputs.toString()));
  }
}
