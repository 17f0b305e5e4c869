package org.sparksae.spark.exchange;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.sparksae.core.optim.Adam;
import scala.reflect.ClassTag$;

/** One worker's result of a round for one model: the range of the parameters that it owns. */
final class RoundPart implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Arrays of each part: parameters, two moments, and the best parameters. */
  private static final int ARRAYS = 4;

  private final int steps;
  private final ResultArray parameters;
  private final ResultArray firstMoment;
  private final ResultArray secondMoment;
  private final ResultArray best;
  private final byte[] reached;
  private final String divergence;

  private RoundPart(
      int steps, List<ResultArray> arrays, ResultArray best, byte[] reached, String divergence) {
    this.steps = steps;
    this.parameters = arrays.get(0);
    this.firstMoment = arrays.get(1);
    this.secondMoment = arrays.get(2);
    this.best = best;
    this.reached = reached;
    this.divergence = divergence;
  }

  /**
   * Returns the part of a worker whose round succeeded.
   *
   * @param rdd number of the RDD whose blocks long arrays are to Spark
   * @param place number of the part among those of all models and workers
   * @param parameters the parameters in this worker's range
   * @param optimizer Adam's moments of that range
   * @param reached progress and buffers, which all workers share; null for all workers but one
   */
  static RoundPart of(
      int rdd, int place, float[] parameters, Adam.State optimizer, RoundStart reached) {
    int first = Math.multiplyExact(ARRAYS, place);
    List<ResultArray> arrays =
        List.of(
            ResultArray.of(parameters, rdd, first),
            ResultArray.of(optimizer.firstMoment(), rdd, first + 1),
            ResultArray.of(optimizer.secondMoment(), rdd, first + 2));
    if (reached == null) {
      return new RoundPart(optimizer.steps(), arrays, null, null, null);
    }
    float[] best = reached.progress().best();
    return new RoundPart(
        optimizer.steps(),
        arrays,
        best == null ? null : ResultArray.of(best, rdd, first + 3),
        bytes(new RoundStart(reached.progress().withBest(null), reached.buffers())),
        null);
  }

  /** Returns the part of a worker whose training diverged. */
  static RoundPart diverged(String message) {
    return new RoundPart(0, Arrays.asList(null, null, null), null, null, message);
  }

  /** Steps of the optimiser so far. */
  int steps() {
    return steps;
  }

  /**
   * Copies this worker's range, on the driver.
   *
   * @param from first index of the range
   * @param moments Adam's moments, [p] each
   */
  void copyTo(float[] whole, Adam.State moments, int from) {
    parameters.copyTo(whole, from);
    firstMoment.copyTo(moments.firstMoment(), from);
    secondMoment.copyTo(moments.secondMoment(), from);
  }

  /** Returns the best parameters, [p]; null if the round found none. */
  float[] best() {
    if (best == null) {
      return null;
    }
    float[] values = new float[best.length()];
    best.copyTo(values, 0);
    return values;
  }

  /**
   * Returns progress, without the best parameters, and buffers; null if it is not with this worker.
   */
  RoundStart reached() {
    return reached == null
        ? null
        : SparkEnv.get()
            .closureSerializer()
            .newInstance()
            .deserialize(ByteBuffer.wrap(reached), ClassTag$.MODULE$.apply(RoundStart.class));
  }

  /** Returns why the training diverged; null if it did not. */
  String divergence() {
    return divergence;
  }

  /**
   * Uses Java's serialisation, because results go through Spark's serialiser, and Kryo cannot read
   * records.
   */
  private static byte[] bytes(RoundStart reached) {
    ByteBuffer bytes =
        SparkEnv.get()
            .closureSerializer()
            .newInstance()
            .serialize(reached, ClassTag$.MODULE$.apply(RoundStart.class));
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);
    return array;
  }
}
