package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.data.Stored;

/** A model that Spark would not let the driver have is refused before it is trained. */
@ExtendWith(LocalSpark.class)
class ResultSizeTest {
  private static final String LIMIT = "spark.driver.maxResultSize";

  /** 100 x 200 weights each way, and biases: 40 300 parameters. */
  private static final int HIDDEN = 200;

  private SparkContext context;

  @BeforeEach
  void context() {
    context = LocalSpark.session().sparkContext();
  }

  @AfterEach
  void noLimit() {
    context.conf().remove(LIMIT);
  }

  private static SparseAutoencoder estimator(String solver, String aggregation) {
    return Fixtures.estimator()
        .setHiddenLayers(HIDDEN)
        .setSolver(solver)
        .setAggregation(aggregation)
        .setMaxIter(1);
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(TestFrames.rows(60, 100, 3), 2);
  }

  private String refusal(SparseAutoencoder estimator, String limit) {
    context.conf().set(LIMIT, limit);
    String message =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame())).getMessage();
    Stored.awaitFiles(0);
    return message;
  }

  /** 12 x 4 120 bytes are 49 KB, which workers send in their results. */
  @Test
  void theStateOfASmallModelIsTwelveBytesAParameter() {
    SparseAutoencoder estimator = estimator("adam", "allReduce").setHiddenLayers(20);
    assertEquals(
        "spark.driver.maxResultSize = 47k is too small for this model: a job brings 1 MB to the"
            + " driver, 12 bytes for each of 4120 parameters, from 2 workers; set it to 1m or more"
            + " (0: no limit)",
        refusal(estimator, "47k"));
    context.conf().set(LIMIT, "70k");
    estimator.fit(frame());
  }

  /** 12 x 40 300 bytes are 473 KiB, which stay on the workers' disks until the driver has them. */
  @Test
  void theStateOfALargeModelPassesTheLimitBy() {
    SparseAutoencoder estimator = estimator("adam", "allReduce");
    SparseAutoencoderModel unlimited = estimator.fit(frame());
    context.conf().set(LIMIT, "70k");
    assertArrayEquals(unlimited.parameters(), estimator.fit(frame()).parameters());
    Stored.awaitFiles(0);
  }

  /** Two partitions bring a gradient in double each: 16 x 40 300 bytes are 630 KiB. */
  @Test
  void aTreeBringsAGradientFromEachPartitionOfItsLastLevel() {
    SparseAutoencoder estimator = estimator("l-bfgs", "auto");
    String message = refusal(estimator, "625k");
    assertTrue(message.contains("8 bytes for each of 40304 sums, from 2 partitions; "), message);
    context.conf().set(LIMIT, "640k");
    estimator.fit(frame());
  }

  /** With the slopes of its penalty, half as many again: 944 KiB. */
  @Test
  void aMiniBatchOfATreeBringsTheSumsOfBothPhases() {
    SparseAutoencoder estimator = estimator("adam", "tree");
    String message = refusal(estimator, "940k");
    assertTrue(message.contains(" sums, from 2 partitions; "), message);
    context.conf().set(LIMIT, "960k");
    estimator.fit(frame());
  }

  @Test
  void zeroIsNoLimit() {
    SparseAutoencoder estimator = estimator("adam", "allReduce").setHiddenLayers(20);
    refusal(estimator, "1k");
    context.conf().set(LIMIT, "0");
    assertEquals(1, estimator.fit(frame()).summary().totalIterations());
  }
}
