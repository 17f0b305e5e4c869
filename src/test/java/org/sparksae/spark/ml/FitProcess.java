package org.sparksae.spark.ml;

import java.util.Arrays;
import org.apache.spark.sql.SparkSession;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/**
 * A driver of its own: fits in three stages, with the checkpoint directory that it is given. Says
 * when it begins, and in the end a digest of the parameters and of the objectives.
 */
final class FitProcess {
  static final String BEGINS = "fit begins";
  static final String DONE = "fit done ";

  private FitProcess() {}

  public static void main(String[] args) {
    float[][] rows = TestFrames.rows(2000, 32, 17);
    SparkSession spark = LocalSpark.builder("local[2]").getOrCreate();
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setSolver("adam")
            .setAggregation("allReduce")
            .setNumWorkers(2)
            .setHiddenLayers(48, 16)
            .setLayerTraining("greedyThenJoint")
            .setBatchSize(50)
            .setMaxIter(25)
            .setTol(0)
            .setCheckpointDir(args[0])
            .setCheckpointInterval(5);
    System.out.println(BEGINS);
    SparseAutoencoderModel model =
        estimator.fit(
            TestFrames.frame(
                spark, InputType.DENSE_VECTOR, TestFrames.splitBySize(rows, 900, 1100)));
    System.out.println(
        DONE
            + Arrays.hashCode(model.parameters())
            + " "
            + model.summary().stages().stream()
                .map(stage -> Arrays.hashCode(stage.objectiveHistory()))
                .toList());
    spark.stop();
    // Spark 3.5 leaves a thread where a task of a barrier stage has run.
    System.exit(0);
  }
}
