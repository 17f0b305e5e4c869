package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sparksae.spark.ml.CancelledWork.Cause;
import org.sparksae.spark.ml.CancelledWork.Work;

/** A round of workers on executors that is told to end is no lost one, and not made again. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class CancelledClusterWork {
  /** Other ways to name the jobs are the driver's alone; its own test has them. */
  private static final List<Cause> UNLIKE =
      List.of(
          Cause.GROUP_CANCELLED,
          Cause.GROUP_CANCELLED_WITH_INTERRUPTS,
          Cause.INTERRUPTED,
          Cause.TAG_CANCELLED_AND_INTERRUPTED);

  private static SparkSession cluster;

  @BeforeAll
  static void takeTheCluster() {
    cluster = ClusterTest.cluster();
    // New executors take long to load what a first fit needs.
    Fixtures.estimator().fit(CancelledWork.frame(cluster));
  }

  @Test
  void workEndsAtOnceAndLeavesNothing() throws Exception {
    CancelledWork.endsAndLeavesNothing(cluster, Work.LBFGS, Cause.INTERRUPTED);
    List<LeftBehind.Holdings> before = LeftBehind.settled(cluster);
    for (Cause cause : UNLIKE) {
      CancelledWork.endsAndLeavesNothing(cluster, Work.ALL_REDUCE, cause);
    }
    CancelledWork.endsAndLeavesNothing(cluster, Work.LBFGS, Cause.GROUP_CANCELLED);
    CancelledWork.endsAndLeavesNothing(cluster, Work.TREE, Cause.INTERRUPTED);
    CancelledWork.endsAndLeavesNothing(cluster, Work.ONE_WORKER, Cause.GROUP_CANCELLED);
    CancelledWork.endsAndLeavesNothing(cluster, Work.GREEDY, Cause.INTERRUPTED);
    LeftBehind.assertNoMoreIsHeld(cluster, before);
    CancelledWork.endsAndLeavesNothing(cluster, Work.ALL_REDUCE, Cause.STOPPED);
    assertTrue(cluster.sparkContext().isStopped());
  }
}
