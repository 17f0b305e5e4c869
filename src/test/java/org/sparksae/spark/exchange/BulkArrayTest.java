package org.sparksae.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.reflect.ClassTag$;

/** Arrays arrive as they were sent, whichever serialiser Spark is told to use. */
class BulkArrayTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8191, 8192, 8193, 16384, 100_003})
  void everyBitArrives(int length) {
    SparkConf conf = new SparkConf(false);
    for (Serializer serializer : List.of(new JavaSerializer(conf), new KryoSerializer(conf))) {
      SerializerInstance instance = serializer.newInstance();
      double[] doubles = new double[length];
      float[] floats = new float[length];
      for (int i = 0; i < length; i++) {
        doubles[i] = i % 7 == 0 ? -0.0 : Math.sqrt(i);
        floats[i] = i % 5 == 0 ? Float.NEGATIVE_INFINITY : (float) Math.sqrt(i);
      }
      ByteBuffer bytes =
          instance.serialize(new BulkArray(doubles), ClassTag$.MODULE$.apply(BulkArray.class));
      assertTrue(bytes.remaining() < 1000 + 8.1 * length);
      BulkArray other = instance.deserialize(bytes, ClassTag$.MODULE$.apply(BulkArray.class));
      assertArrayEquals(doubles, other.doubles());
      BulkArray more =
          instance.deserialize(
              instance.serialize(new BulkArray(floats), ClassTag$.MODULE$.apply(BulkArray.class)),
              ClassTag$.MODULE$.apply(BulkArray.class));
      assertArrayEquals(floats, more.floats());
    }
  }
}
