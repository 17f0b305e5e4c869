package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.ml.CancelledWork.Cause;
import org.sparksae.spark.ml.CancelledWork.Work;

/** Whatever tells work to end, it ends at once, says so once, and leaves nothing. */
@ExtendWith(LocalSpark.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancelledWorkTest {

  @AfterAll
  static void nothingStopsTheNextClass() {
    LocalSpark.stop();
  }

  /** All causes of an engine's work of each kind; of the rest, those that end it in another way. */
  static Stream<Arguments> worksAndCauses() {
    Set<Work> byEngines = EnumSet.of(Work.LBFGS, Work.ALL_REDUCE, Work.TRANSFORM);
    Set<Cause> unlike =
        EnumSet.of(Cause.GROUP_CANCELLED, Cause.INTERRUPTED, Cause.TAG_CANCELLED_AND_INTERRUPTED);
    return Arrays.stream(Work.values())
        .flatMap(
            work ->
                Arrays.stream(Cause.values())
                    .filter(cause -> cause != Cause.STOPPED)
                    .filter(cause -> byEngines.contains(work) || unlike.contains(cause))
                    // An action of the user's: that its thread waits no longer ends no job in
                    // Spark.
                    .filter(cause -> work.isFit() || cause != Cause.INTERRUPTED)
                    .map(cause -> Arguments.of(work, cause)));
  }

  @ParameterizedTest
  @MethodSource("worksAndCauses")
  void workEndsAtOnceAndLeavesNothing(Work work, Cause cause) throws Exception {
    CancelledWork.endsAndLeavesNothing(LocalSpark.session(), work, cause);
  }

  @ParameterizedTest
  @EnumSource(names = {"LBFGS", "TREE", "ALL_REDUCE"})
  void aFitOfAStoppedSparkSaysSo(Work work) throws Exception {
    CancelledWork.endsAndLeavesNothing(LocalSpark.session(), work, Cause.STOPPED);
  }

  /** What an interrupted fit has read is freed, though Spark answers no interrupted thread. */
  @Test
  void aFitThatIsInterruptedBeforeItBeginsStartsNoJob() {
    SparkContext context = LocalSpark.session().sparkContext();
    Dataset<Row> frame = TestFrames.frame(TestFrames.rows(20, 3, 1), 2);
    context.setJobGroup("none", "", false);
    Thread.currentThread().interrupt();
    try {
      List<Runnable> fits =
          List.of(
              () -> Fixtures.estimator().fit(frame),
              () -> new ZcaWhitening().setInputCol(TestFrames.FEATURES).fit(frame),
              () -> new PatchScaling().setInputCol(TestFrames.FEATURES).fit(frame));
      for (Runnable fit : fits) {
        assertThrows(CancellationException.class, fit::run);
      }
      assertTrue(Thread.currentThread().isInterrupted());
      assertEquals(0, context.statusTracker().getJobIdsForGroup("none").length);
    } finally {
      Thread.interrupted();
      context.clearJobGroup();
    }
  }
}
