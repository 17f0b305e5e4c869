package org.sparksae.spark.ml;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
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

  private static final int INPUTS = 12;
  private static final int SIDE = 6;
  private static final int[] PARTS = {37, 0, 50, 33};
  private static final String WEIGHT = "weight";
  private static final String HELD = "held";

  private final Map<String, Fit> fits = new LinkedHashMap<>();
  private final SparkSession spark;
  private final Dataset<Row> rows;
  private final Dataset<Row> sparse;
  private final Dataset<Row> images;

  /** An estimator and its rows. */
  private record Fit(AutoencoderEstimator<?, ?> estimator, Dataset<Row> rows) {}

  private GoldenFits(SparkSession spark) {
    this.spark = spark;
    this.rows = frame(InputType.DENSE_VECTOR, INPUTS);
    this.sparse = frame(InputType.SPARSE_VECTOR, 3 * INPUTS);
    this.images = frame(InputType.NULLABLE_FLOATS, SIDE * SIDE);
  }

  public static void main(String[] args) throws Exception {
    SparkSession spark = LocalSpark.builder("local[3]").getOrCreate();
    GoldenFits golden = new GoldenFits(spark);
    golden.penalties();
    golden.selections();
    golden.engines();
    golden.depths();
    golden.convolutions();
    for (Map.Entry<String, Fit> fit : golden.fits.entrySet()) {
      System.out.println(LINE + fit.getKey() + " " + digests(fit.getValue()));
    }
    spark.stop();
    // Spark 3.5 leaves a thread where a task of a barrier stage has run.
    System.exit(0);
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
    add("targetL1 by adam", dense("adam").setSparsity("targetL1"));
    add(
        "targetL1 example by adam",
        dense("adam").setSparsity("targetL1").setSparsityScope("example"));
  }

  private static SparseAutoencoder tiedTanh(String solver) {
    return dense(solver)
        .setSparsity("l1")
        .setActivation("tanh")
        .setOutputActivation("sigmoid")
        .setTiedWeights(true);
  }

  private void selections() {
    add("k by value, kStart", kSparse().setTopKBy("value").setActivation("relu").setKStart(9));
    add("k by magnitude", kSparse().setTopKBy("magnitude").setEncodeK(6));
    add("k tied", kSparse().setTiedWeights(true));
    add("k by l-bfgs", kSparse().setSolver("l-bfgs"));
    add("k by tree", kSparse().setAggregation("tree").setKStart(9));
    add("lifetime", lifetime(0.1));
    add("lifetime, large share, tied", lifetime(0.4).setTiedWeights(true));
    add("lifetime by tree", lifetime(0.1).setAggregation("tree"));
  }

  private void engines() {
    for (int workers : new int[] {1, 3}) {
      add("kl by %d workers".formatted(workers), dense("adam").setNumWorkers(workers));
      add("k by %d workers".formatted(workers), kSparse().setNumWorkers(workers).setKStart(9));
      add("lifetime by %d workers".formatted(workers), lifetime(0.1).setNumWorkers(workers));
    }
    add("kl by tree", dense("adam").setAggregation("tree"));
    for (String solver : List.of("l-bfgs", "adam")) {
      for (String corruption : List.of("masking", "gaussian", "saltAndPepper")) {
        add(
            "%s by %s".formatted(corruption, solver),
            dense(solver).setCorruption(corruption).setCorruptionLevel(0.2));
      }
      add(
          "weights and validation by " + solver,
          dense(solver).setWeightCol(WEIGHT).setValidationIndicatorCol(HELD));
      fits.put("sparse rows by " + solver, new Fit(dense(solver), sparse));
      fits.put(
          "sparse rows, masking by " + solver,
          new Fit(dense(solver).setCorruption("masking").setCorruptionLevel(0.2), sparse));
    }
    fits.put("sparse rows, k", new Fit(kSparse(), sparse));
    add("outlier threshold", dense("l-bfgs").setContamination(0.05));
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
    addImages("convolution by 3 workers", selecting().setSpatialSparsity(true).setNumWorkers(3));
    addImages("convolution, pooled", convolution("adam").setPooling("max").setPoolSize(2));
  }

  private void add(String name, AutoencoderEstimator<?, ?> estimator) {
    fits.put(name, new Fit(estimator, rows));
  }

  private void addImages(String name, AutoencoderEstimator<?, ?> estimator) {
    fits.put(name, new Fit(estimator, images));
  }

  private static SparseAutoencoder dense(String solver) {
    SparseAutoencoder estimator =
        new SparseAutoencoder()
            .setHiddenLayers(7)
            .setActivation("sigmoid")
            .setSparsity("kl")
            .setSparsityScope("unit")
            .setSparsityTargets(0.1)
            .setSparsityWeights(0.3);
    common(estimator, solver);
    return estimator;
  }

  private static SparseAutoencoder kSparse() {
    return dense("adam")
        .setHiddenLayers(15)
        .setActivation("linear")
        .setSparsity("none")
        .setK(4)
        .setTopKBy("magnitude");
  }

  private static SparseAutoencoder lifetime(double share) {
    return dense("adam")
        .setHiddenLayers(15)
        .setActivation("relu")
        .setSparsity("none")
        .setLifetimeSparsity(share);
  }

  private static SparseAutoencoder deep(String solver) {
    return dense(solver).setHiddenLayers(7, 5).setSparsityTargets(0.1, 0.2);
  }

  private static ConvolutionalSparseAutoencoder convolution(String solver) {
    ConvolutionalSparseAutoencoder estimator =
        new ConvolutionalSparseAutoencoder()
            .setImageShape(1, SIDE, SIDE)
            .setFilters(4)
            .setKernelSizes(3)
            .setStrides(1)
            .setPadding("same")
            .setActivation("sigmoid")
            .setSparsity("kl")
            .setSparsityScope("unit")
            .setSparsityTargets(0.1)
            .setSparsityWeights(0.3);
    common(estimator, solver);
    return estimator;
  }

  private static ConvolutionalSparseAutoencoder selecting() {
    return convolution("adam").setActivation("relu").setSparsity("none");
  }

  private static ConvolutionalSparseAutoencoder strided() {
    return convolution("adam")
        .setImageShape(1, SIDE, SIDE)
        .setKernelSizes(2)
        .setStrides(2)
        .setPadding("valid")
        .setTiedWeights(true);
  }

  private static void common(AutoencoderEstimator<?, ?> estimator, String solver) {
    estimator
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code")
        .setReconstructionErrorCol("error")
        .setOutputActivation("linear")
        .setTiedWeights(false)
        .setRegParam(1e-3)
        .setSolver(solver)
        .setAggregation(solver.equals("adam") ? "allReduce" : "auto")
        .setNumWorkers(2)
        .setBatchSize(32)
        .setStepSize(0.02)
        .setMaxIter(3)
        .setTol(0)
        .setSeed(7)
        .setAggregationDepth(2)
        .setLayerTraining("joint")
        .setActivationThreshold(0.01);
  }

  /** Rows in uneven partitions, one of them empty, with weights and a few held out. */
  private Dataset<Row> frame(InputType type, int columns) {
    StructType schema =
        new StructType()
            .add(TestFrames.FEATURES, type.type())
            .add(WEIGHT, DataTypes.DoubleType)
            .add(HELD, DataTypes.BooleanType);
    float[][] values = TestFrames.rows(120, columns, 5);
    List<List<Row>> partitions = new ArrayList<>();
    int i = 0;
    for (float[][] part : TestFrames.splitBySize(values, PARTS)) {
      List<Row> list = new ArrayList<>();
      for (float[] row : part) {
        if (type == InputType.SPARSE_VECTOR) {
          keepFew(row, i);
        }
        list.add(RowFactory.create(type.form(row), 0.25 * (i % 5), i % 7 == 3));
        i++;
      }
      partitions.add(list);
    }
    return TestFrames.frame(spark, schema, partitions);
  }

  /** Few enough values that blocks stay sparse. */
  private static void keepFew(float[] row, int i) {
    for (int j = 0; j < row.length; j++) {
      row[j] = (i + j) % 10 == 1 ? row[j] : 0;
    }
  }

  private static String digests(Fit fit) throws Exception {
    AutoencoderModel<?> model = fit.estimator().fit(fit.rows());
    MessageDigest parameters = MessageDigest.getInstance("SHA-256");
    for (float value : model.parameters()) {
      parameters.update(ByteBuffer.allocate(Float.BYTES).putFloat(value).flip());
    }
    MessageDigest objectives = MessageDigest.getInstance("SHA-256");
    for (TrainingStage stage : model.summary().stages()) {
      for (double value : stage.objectiveHistory()) {
        objectives.update(ByteBuffer.allocate(Double.BYTES).putDouble(value).flip());
      }
    }
    MessageDigest outputs = MessageDigest.getInstance("SHA-256");
    if (model.isDefined(model.outlierThreshold())) {
      outputs.update(text(model.getOutlierThreshold()));
    }
    for (Row row : model.transform(fit.rows()).select("code", "error").collectAsList()) {
      outputs.update(text(((Vector) row.get(0)).toString()));
      outputs.update(text(row.getDouble(1)));
    }
    return "parameters=%s objectives=%s outputs=%s"
        .formatted(hex(parameters), hex(objectives), hex(outputs));
  }

  private static byte[] text(Object value) {
    return value.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }
}
