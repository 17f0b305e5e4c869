package org.sparksae.spark.exchange;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.sparksae.core.optim.Adam;
import scala.reflect.ClassTag$;

/** One worker's result of a round: the range of the parameters that it owns. */
final class RoundPart implements Serializable {
  private static final long serialVersionUID = 1L;

  private final BulkArray parameters;
  private final int steps;
  private final BulkArray firstMoment;
  private final BulkArray secondMoment;
  private final byte[] reached;
  private final String divergence;

  private RoundPart(float[] parameters, Adam.State optimizer, byte[] reached, String divergence) {
    this.parameters = new BulkArray(parameters);
    this.steps = optimizer.steps();
    this.firstMoment = new BulkArray(optimizer.firstMoment());
    this.secondMoment = new BulkArray(optimizer.secondMoment());
    this.reached = reached;
    this.divergence = divergence;
  }

  /**
   * Returns the part of a worker whose round succeeded.
   *
   * @param parameters the parameters in this worker's range
   * @param optimizer Adam's moments of that range
   * @param reached progress and buffers, which all workers share; null for all workers but one
   */
  static RoundPart of(float[] parameters, Adam.State optimizer, RoundStart reached) {
    return new RoundPart(parameters, optimizer, reached == null ? null : bytes(reached), null);
  }

  /** Returns the part of a worker whose training diverged. */
  static RoundPart diverged(String message) {
    return new RoundPart(new float[0], Adam.State.start(0), null, message);
  }

  /** Returns the parameters in this worker's range. */
  float[] parameters() {
    return parameters.floats();
  }

  Adam.State optimizer() {
    return new Adam.State(steps, firstMoment.floats(), secondMoment.floats());
  }

  /** Returns progress and buffers; null if this worker did not send them. */
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
