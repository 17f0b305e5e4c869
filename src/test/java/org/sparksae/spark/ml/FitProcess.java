package org.sparksae.spark.ml;

import java.util.Arrays;
import org.apache.spark.sql.SparkSession;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/**
 * A driver of its own: fits with the checkpoint directory that it is given. Says when it begins,
 * and in the end a digest of the parameters and of the objectives.
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
            .setHiddenLayers(48)
            .setBatchSize(50)
            .setMaxIter(150)
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
            + Arrays.hashCode(model.summary().objectiveHistory()));
    spark.stop();
  }
}
