package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.BlockId;
import org.junit.jupiter.api.Test;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.ml.transform.SharedValue;
import scala.jdk.javaapi.CollectionConverters;

/** A model's parameters go to the executors once, and are removed with it. */
class SharedValueTest {
  /** Spark removes broadcasts some time after a collection has found them. */
  private static final int PATIENCE_S = 30;

  /** A plan that is executed has broadcasts of its own; these frames are only made. */
  private static Set<BlockId> broadcasts() {
    return new HashSet<>(
        CollectionConverters.asJava(
            SparkEnv.get().blockManager().getMatchingBlockIds(block -> block.isBroadcast())));
  }

  private static Set<BlockId> newSince(Set<BlockId> before) {
    Set<BlockId> now = broadcasts();
    now.removeAll(before);
    return now;
  }

  @Test
  void manyTransformsOfAModelAndItsCopiesShareOneBroadcast() throws InterruptedException {
    Dataset<Row> frame = TestFrames.frame(TestFrames.rows(4, 2, 1), 1);
    Set<BlockId> before = broadcasts();
    Set<BlockId> added = transformOften(frame, before);
    // The value and one piece of it.
    assertEquals(2, added.size(), added.toString());
    for (int tries = 0; tries < PATIENCE_S && !disjoint(added); tries++) {
      System.gc();
      TimeUnit.SECONDS.sleep(1);
    }
    assertTrue(disjoint(added), "left are some of " + added);
  }

  private static boolean disjoint(Set<BlockId> blocks) {
    return broadcasts().stream().noneMatch(blocks::contains);
  }

  /** In a method of its own, so that the model can be collected after it. */
  private static Set<BlockId> transformOften(Dataset<Row> frame, Set<BlockId> before) {
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    for (int i = 0; i < 5; i++) {
      model.transform(frame);
      model.transform(frame, new ParamMap());
      model.copy(new ParamMap()).setOutputCol("other").transform(frame);
    }
    return newSince(before);
  }

  @Test
  void aWhiteningIsBroadcastOnceToo() {
    Dataset<Row> frame = TestFrames.frame(TestFrames.rows(4, 2, 1), 1);
    Set<BlockId> before = broadcasts();
    ZcaWhiteningModel model =
        new ZcaWhiteningModel("white", new double[2], new double[] {1, 0, 0, 1})
            .setInputCol(TestFrames.FEATURES)
            .setOutputCol("white");
    for (int i = 0; i < 3; i++) {
      model.transform(frame);
      model.copy(new ParamMap()).transform(frame);
    }
    assertEquals(2, newSince(before).size());
  }

  @Test
  void anotherContextGetsABroadcastOfItsOwn() {
    SharedValue<float[]> shared = new SharedValue<>();
    float[] value = {1, 2};
    SparkContext first = LocalSpark.session().sparkContext();
    Object broadcast = shared.in(first, value);
    assertSame(broadcast, shared.in(first, value));
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    model.transform(TestFrames.frame(TestFrames.rows(4, 2, 1), 1));
    LocalSpark.stop();
    SparkContext second = LocalSpark.session().sparkContext();
    assertNotSame(first, second);
    assertNotSame(broadcast, shared.in(second, value));
    assertEquals(4, model.transform(TestFrames.frame(TestFrames.rows(4, 2, 1), 1)).count());
  }
}
