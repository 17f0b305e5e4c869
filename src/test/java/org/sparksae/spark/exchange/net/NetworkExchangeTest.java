package org.sparksae.spark.exchange.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.collective.RankOrderCollective;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.data.CopiedRows;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;

/** Tasks of a barrier stage as ranks. */
@Timeout(180)
class NetworkExchangeTest {
  private static final int LENGTH = 100_003;

  @BeforeEach
  void endOtherApplications() {
    LocalSpark.stop();
  }

  /** What a task saw. */
  private record Seen(String address, float[] first, float[] second) implements Serializable {}

  private static SparkConf conf(String master) {
    return new SparkConf()
        .setMaster(master)
        .setAppName("exchange")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1");
  }

  /** A rank's work, in its task. */
  private static Iterator<Seen> exchange(String token) {
    BarrierTaskContext task = BarrierTaskContext.get();
    int size = task.getTaskInfos().length;
    try (Membership member =
        NetworkExchange.join(token, task.partitionId(), size, 60_000, task::isInterrupted)) {
      List<String> addresses = Arrays.asList(task.allGather(member.address()));
      Collective collective = new RankOrderCollective(member.connect(addresses));
      float[] first = ExchangeTest.allReduced(collective, LENGTH);
      float[] second = ExchangeTest.allReduced(collective, 17);
      return Collections.singleton(new Seen(member.address(), first, second)).iterator();
    }
  }

  private static List<Seen> run(JavaSparkContext spark, int ranks) {
    List<Seen> seen = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      String token = "round " + round;
      RDD<Integer> partitions = spark.parallelize(Collections.nCopies(ranks, 0), ranks).rdd();
      RDD<Seen> results =
          partitions.barrier().mapPartitions(new Task(token), false, ClassTag.apply(Seen.class));
      seen.addAll(results.toJavaRDD().collect());
    }
    for (Seen one : seen) {
      assertArrayEquals(ExchangeTest.sumInRankOrder(LENGTH, ranks), one.first());
      assertArrayEquals(ExchangeTest.sumInRankOrder(17, ranks), one.second());
    }
    assertEquals(2 * ranks, seen.size());
    return seen;
  }

  private static final class Task
      extends AbstractFunction1<scala.collection.Iterator<Integer>, scala.collection.Iterator<Seen>>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String token;

    Task(String token) {
      this.token = token;
    }

    @Override
    public scala.collection.Iterator<Seen> apply(scala.collection.Iterator<Integer> rows) {
      return CollectionConverters.asScala(exchange(token));
    }
  }

  @Test
  void tasksOfOneProcessShareItsServerAndLeaveNothingBehind() throws Exception {
    for (int application = 0; application < 2; application++) {
      List<Seen> seen;
      try (JavaSparkContext spark = new JavaSparkContext(conf("local[3]"))) {
        seen = run(spark, 3);
      }
      for (int round = 0; round < 2; round++) {
        Set<String> addresses = new HashSet<>();
        for (int rank = 0; rank < 3; rank++) {
          addresses.add(seen.get(3 * round + rank).address());
        }
        assertEquals(1, addresses.size());
      }
      for (Seen one : seen) {
        Strangers.awaitRefusal(one.address());
      }
    }
    Strangers.awaitEndOfThreads();
  }

  /** The cluster encrypts its disks as well, which copies of rows need (see {@link CopiedRows}). */
  @Test
  void executorsExchangeWithAuthenticationAndEncryption() {
    SparkConf conf =
        conf("local-cluster[2,2,1024]")
            .set("spark.scheduler.minRegisteredResourcesRatio", "1")
            .set("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
            .set("spark.executor.extraJavaOptions", LocalSpark.executorOptions())
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .set("spark.authenticate", "true")
            .set("spark.authenticate.secret", "a secret")
            .set("spark.network.crypto.enabled", "true")
            .set("spark.io.encryption.enabled", "true")
            // One executor reads another's files on the same host, the others use the network.
            .set("spark.storage.localDiskByExecutors.cacheSize", "1");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      Set<String> addresses = new HashSet<>();
      run(spark, 4).subList(0, 4).forEach(one -> addresses.add(one.address()));
      assertEquals(2, addresses.size());
      CopiedRows.check(spark, 4);
    }
  }

  @Test
  void joiningTakesAnApplicationAndARank() {
    assertThrows(
        IllegalStateException.class, () -> NetworkExchange.join("token", 0, 1, 1000, () -> false));
    assertThrows(
        IllegalArgumentException.class,
        () -> NetworkExchange.join("token", 2, 2, 1000, () -> false));
  }
}
