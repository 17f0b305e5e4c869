package org.sparksae.spark.ml;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.slice;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/**
 * Small seeded estimators of every kind, and rows for them.
 *
 * <p>They set every Param that decides bits, so a changed default changes no bits.
 */
final class SmallFits {
  static final int INPUTS = 12;
  static final int SIDE = 6;
  static final String WEIGHT = "weight";
  static final String HELD = "held";
  static final String TARGET = "target";

  private static final int[] PARTS = {37, 0, 50, 33};

  private SmallFits() {}

  static SparseAutoencoder tiedTanh(String solver) {
    return dense(solver)
        .setSparsity("l1")
        .setActivation("tanh")
        .setOutputActivation("sigmoid")
        .setTiedWeights(true);
  }

  static SparseAutoencoder dense(String solver) {
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

  static SparseAutoencoder kSparse() {
    return dense("adam")
        .setHiddenLayers(15)
        .setActivation("linear")
        .setSparsity("none")
        .setK(4)
        .setTopKBy("magnitude");
  }

  static SparseAutoencoder lifetime(double share) {
    return dense("adam")
        .setHiddenLayers(15)
        .setActivation("relu")
        .setSparsity("none")
        .setLifetimeSparsity(share);
  }

  /** Of a target, whose penalty is a statistic of the whole batch. */
  static SparseAutoencoder jumpRelu() {
    return dense("adam")
        .setHiddenLayers(15)
        .setActivation("relu")
        .setJumpReluThreshold(0.05)
        .setJumpReluBandwidth(0.2)
        .setSparsity("targetL0")
        .setSparsityTargets(3);
  }

  static SparseAutoencoder gated() {
    return dense("adam")
        .setHiddenLayers(15)
        .setActivation("relu")
        .setSparsity("l1")
        .setSparsityWeights(0.05)
        .setGated(true);
  }

  static SparseAutoencoder batchTopK() {
    return dense("adam")
        .setHiddenLayers(15)
        .setActivation("relu")
        .setSparsity("none")
        .setBatchTopK(2.5);
  }

  /** An objective with everything that a code of few units may add. */
  static SparseAutoencoder withLosses(SparseAutoencoder estimator) {
    return estimator
        .setAuxK(3)
        .setAuxKWeight(0.05)
        .setDeadAfterRows(40)
        .setMatryoshkaWidths(3, 8, 15);
  }

  static SparseAutoencoder transcoder(SparseAutoencoder estimator, String targetCol) {
    return estimator
        .setTargetCol(targetCol)
        .setSkipConnection(true)
        .setPreBias("mean")
        .setInitMode("glorot");
  }

  static SparseAutoencoder deep(String solver) {
    return dense(solver).setHiddenLayers(7, 5).setSparsityTargets(0.1, 0.2);
  }

  static ConvolutionalSparseAutoencoder convolution(String solver) {
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

  static ConvolutionalSparseAutoencoder selecting() {
    return convolution("adam").setActivation("relu").setSparsity("none");
  }

  static ConvolutionalSparseAutoencoder strided() {
    return convolution("adam")
        .setImageShape(1, SIDE, SIDE)
        .setKernelSizes(2)
        .setStrides(2)
        .setPadding("valid")
        .setTiedWeights(true);
  }

  static void common(AutoencoderEstimator<?, ?> estimator, String solver) {
    estimator
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code")
        .setReconstructionErrorCol("error")
        .setOutputActivation("linear")
        .setInputNorm("none")
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
  static Dataset<Row> frame(SparkSession spark, InputType type, int columns) {
    StructType schema =
        new StructType()
            .add(TestFrames.FEATURES, type.type(), true, type.metadata(columns))
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

  /** Rows of vectors with fewer values to predict than there are. */
  static Dataset<Row> withTarget(Dataset<Row> rows) {
    return rows.withColumn(
        TARGET, slice(vector_to_array(col(TestFrames.FEATURES), "float32"), 3, 5));
  }

  /** Few enough values that blocks stay sparse. */
  static void keepFew(float[] row, int i) {
    for (int j = 0; j < row.length; j++) {
      row[j] = (i + j) % 10 == 1 ? row[j] : 0;
    }
  }
}
