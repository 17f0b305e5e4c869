package org.sparksae.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;

@ExtendWith(LocalSpark.class)
class ResultArrayTest {
  private final SparkContext context = LocalSpark.session().sparkContext();

  private static float[] counted(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i + 1;
    }
    return values;
  }

  private static int blocksOf(int rdd) {
    return CollectionConverters.asJava(blocks().getMatchingBlockIds(isOf(rdd)).toSet()).size();
  }

  private static Function1<BlockId, Object> isOf(int rdd) {
    return id -> id.isRDD() && id.asRDDId().get().rddId() == rdd;
  }

  private static BlockManager blocks() {
    return SparkEnv.get().blockManager();
  }

  private static File directory(int rdd) {
    return blocks().diskBlockManager().getFile("rdd_" + rdd + "_0").getParentFile();
  }

  @Test
  void aLongArrayComesInPiecesToItsPlace() {
    int rdd = context.newRddId();
    for (int length : new int[] {1, 9, 10, 11, 20, 25}) {
      float[] target = new float[length + 3];
      ResultArray.stored(counted(length), 10, rdd, length).copyTo(target, 2);
      float[] expected = new float[length + 3];
      System.arraycopy(counted(length), 0, expected, 2, length);
      assertArrayEquals(expected, target);
    }
    assertEquals(1 + 1 + 1 + 2 + 2 + 3, blocksOf(rdd));
    blocks().removeRdd(rdd);
    assertEquals(0, blocksOf(rdd));
  }

  @Test
  void anArrayThatWasLostIsSaidToBe() {
    int rdd = context.newRddId();
    ResultArray array = ResultArray.stored(counted(5), 10, rdd, 0);
    blocks().removeRdd(rdd);
    String message =
        assertThrows(IllegalStateException.class, () -> array.copyTo(new float[5], 0)).getMessage();
    assertTrue(message.contains("an executor was lost"), message);
  }

  /** As where somebody cleans the disk while Spark runs. */
  @Test
  void aDiskThatCannotBeWrittenIsNamed() {
    // Other blocks may be in the same directory.
    int rdd =
        IntStream.generate(context::newRddId)
            .filter(id -> directory(id).delete())
            .findFirst()
            .orElseThrow();
    String message =
        assertThrows(UncheckedIOException.class, () -> ResultArray.stored(counted(5), 10, rdd, 0))
            .getMessage();
    assertTrue(directory(rdd).mkdir());
    assertTrue(
        message.matches(
            "a part of a round's result \\(20 bytes\\) cannot be written to .*/blockmgr-.*"
                + " \\(\\d+ bytes free\\): .*; make room, or let spark.local.dir name other"
                + " directories"),
        message);
    assertEquals(0, blocksOf(rdd));
  }

  @Test
  void aShortArrayNeedsNoBlock() {
    int rdd = context.newRddId();
    float[] target = new float[7];
    ResultArray.of(counted(7), rdd, 0).copyTo(target, 0);
    assertArrayEquals(counted(7), target);
    assertEquals(0, blocksOf(rdd));
  }
}
