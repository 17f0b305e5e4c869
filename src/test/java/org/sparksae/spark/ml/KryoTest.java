package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** Many clusters set {@code spark.serializer} to Kryo; blocks and sums must pass through it. */
class KryoTest {
  private static final float[][] ROWS = TestFrames.rows(300, 6, 17);
  private static SparseAutoencoderModel expected;
  private static SparkSession kryo;

  @BeforeAll
  static void fitWithJavaSerialisationFirst() {
    expected = Fixtures.estimator().fit(TestFrames.frame(ROWS, 1));
    LocalSpark.stop();
    kryo =
        LocalSpark.builder("local[2]")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    if (kryo != null) {
      kryo.stop();
    }
  }

  @Test
  void fitsAndTransformsAsWithJavaSerialisation() {
    assertEquals("org.apache.spark.serializer.KryoSerializer", kryo.conf().get("spark.serializer"));
    Dataset<Row> frame = TestFrames.frame(ROWS, 1);
    SparseAutoencoderModel model = Fixtures.estimator().fit(frame);
    assertArrayEquals(expected.parameters(), model.parameters());
    assertEquals(300, model.transform(frame).count());
  }
}
