package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;

/** The number of partitions is known before any job runs. */
@ExtendWith(LocalSpark.class)
class PartitionCountTest {
  private static final String SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions";
  private static final String PARTITION_BYTES = "spark.sql.adaptive.advisoryPartitionSizeInBytes";

  private final SparkSession spark = LocalSpark.session();
  private final AtomicInteger jobs = new AtomicInteger();
  private final SparkListener counter =
      new SparkListener() {
        @Override
        public void onJobStart(SparkListenerJobStart job) {
          jobs.incrementAndGet();
        }
      };

  private String shufflePartitions;

  @BeforeEach
  void countJobs() {
    shufflePartitions = spark.conf().get(SHUFFLE_PARTITIONS);
    spark.sparkContext().addSparkListener(counter);
  }

  @AfterEach
  void restore() {
    spark.sparkContext().removeSparkListener(counter);
    spark.conf().set(SHUFFLE_PARTITIONS, shufflePartitions);
    spark.conf().unset(PARTITION_BYTES);
  }

  private void assertPartitions(int expected, Dataset<?> rows) throws Exception {
    assertEquals(expected, CatalystRows.partitions(rows));
    SparkContext context = spark.sparkContext();
    context.listenerBus().waitUntilEmpty();
    assertEquals(0, jobs.get(), "jobs");
  }

  @Test
  void aPlanWithoutAShuffleHasThemAlready() throws Exception {
    assertPartitions(5, spark.range(0, 100, 1, 5));
    assertPartitions(2, spark.range(0, 100, 1, 5).coalesce(2).toDF());
  }

  @Test
  void aRepartitionIsTakenAtItsWord() throws Exception {
    Dataset<?> rows = spark.range(100).repartition(7).selectExpr("id + 1 AS n");
    assertPartitions(7, rows);
    assertPartitions(5, spark.range(100).repartition(5, new Column("id")).filter("id > 3"));
    assertPartitions(3, rows.coalesce(3));
    Dataset<?> cached = rows.cache();
    assertPartitions(7, cached.selectExpr("n + 1"));
    cached.unpersist();
  }

  /** Never more than the shuffle has. */
  @Test
  void anotherShuffleHasAsManyAsItsBytesSuggest() throws Exception {
    Dataset<?> counts = spark.range(100).selectExpr("id % 50 AS g").groupBy("g").count();
    double bytes = counts.queryExecution().optimizedPlan().stats().sizeInBytes().doubleValue();
    assertPartitions(1, counts);
    spark.conf().set(PARTITION_BYTES, String.valueOf((long) (bytes / 3.5)));
    assertPartitions(2, counts);
    spark.conf().set(SHUFFLE_PARTITIONS, "9");
    assertPartitions(4, spark.range(100).selectExpr("id % 50 AS g").groupBy("g").count());
  }
}
