package org.sparksae.spark.ml;

import java.util.Arrays;
import org.apache.spark.sql.SparkSession;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** A driver of its own: fits in three stages, with the checkpoint directory that it is given. */
final class FitProcess {
  /** Checkpoints that the fit writes, in all stages. */
  static final int CHECKPOINTS = 15;

  private static final int STAGES = 3;
  private static final int INTERVAL = 5;

  private FitProcess() {}

  public static void main(String[] args) {
    SparkSession spark = LocalSpark.builder("local[2]").getOrCreate();
    fit(spark, args[0]);
    spark.stop();
  }

  /** The digest of a fit, which goes on from the checkpoints that are there. */
  static String fit(SparkSession spark, String checkpointDir) {
    float[][] rows = TestFrames.rows(2000, 32, 17);
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setSolver("adam")
            .setAggregation("allReduce")
            .setNumWorkers(2)
            .setHiddenLayers(48, 16)
            .setLayerTraining("greedyThenJoint")
            .setBatchSize(50)
            .setMaxIter(CHECKPOINTS / STAGES * INTERVAL)
            .setTol(0)
            .setCheckpointDir(checkpointDir)
            .setCheckpointInterval(INTERVAL);
    SparseAutoencoderModel model =
        estimator.fit(
            TestFrames.frame(
                spark, InputType.DENSE_VECTOR, TestFrames.splitBySize(rows, 900, 1100)));
    return Arrays.hashCode(model.parameters())
        + " "
        + model.summary().stages().stream()
            .map(stage -> Arrays.hashCode(stage.objectiveHistory()))
            .toList();
  }
}
