package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.ml.fit.RoundNeed;
import org.sparksae.spark.ml.param.SpecBuilder;

/** As many models are trained together as memory permits. */
@ExtendWith(LocalSpark.class)
class RoundNeedTest {
  private static List<List<Integer>> groups(RoundNeed limit, RoundNeed... needs) {
    List<Integer> models = IntStream.range(0, needs.length).boxed().toList();
    return RoundNeed.groups(models, model -> needs[model], limit);
  }

  private static RoundNeed driver(long bytes) {
    return new RoundNeed(bytes, 1, 1);
  }

  @Test
  void aGroupEndsWhereOneOfTheThreeIsShort() {
    RoundNeed limit = new RoundNeed(10, 10, 10);
    RoundNeed three = new RoundNeed(3, 1, 1);
    assertEquals(List.of(List.of(0, 1, 2), List.of(3)), groups(limit, three, three, three, three));
    RoundNeed onExecutors = new RoundNeed(1, 6, 1);
    assertEquals(List.of(List.of(0), List.of(1)), groups(limit, onExecutors, onExecutors));
    RoundNeed inResults = new RoundNeed(1, 1, 6);
    assertEquals(List.of(List.of(0), List.of(1)), groups(limit, inResults, inResults));
    assertEquals(List.of(List.of(0, 1)), groups(limit, driver(5), driver(5)));
    assertEquals(List.of(), groups(limit));
  }

  /** It is trained as ever, since the limit leaves half of the heap. */
  @Test
  void aModelThatExceedsTheLimitIsAlone() {
    RoundNeed limit = new RoundNeed(10, 10, 10);
    assertEquals(
        List.of(List.of(0), List.of(1), List.of(2, 3)),
        groups(limit, driver(2), driver(11), driver(2), driver(2)));
    assertEquals(
        List.of(List.of(0), List.of(1)), groups(new RoundNeed(-5, 10, 10), driver(1), driver(1)));
  }

  /**
   * In local mode all is on the driver: 36 bytes for each of 4120 parameters (with two workers),
   * and for each worker 9/8 of its 40 rows of 100 values and 20 units, four times. Short arrays of
   * parameters and moments come with the results of tasks.
   */
  @Test
  void aNeedCountsTheArraysAndTheBuffers() {
    SparseAutoencoder estimator = Fixtures.estimator().setHiddenLayers(20);
    AutoencoderSpec spec = SpecBuilder.build(estimator, 100, 0);
    RoundNeed need = RoundNeed.of(spec, 80, 2, false, LocalSpark.session().sparkContext());
    assertEquals(36 * 4120 + 2 * 45 * 4 * 4 * 120, need.driver());
    assertEquals(0, need.executor());
    assertEquals(12 * 4120, need.results());
    RoundNeed validated = RoundNeed.of(spec, 80, 2, true, LocalSpark.session().sparkContext());
    assertTrue(validated.results() > need.results());
  }

  @Test
  void theLimitIsHalfOfWhatIsNotKept() {
    long kept = 1000;
    RoundNeed limit = RoundNeed.limit(LocalSpark.session().sparkContext(), kept);
    assertEquals((Runtime.getRuntime().maxMemory() - kept) / 2, limit.driver());
  }
}
