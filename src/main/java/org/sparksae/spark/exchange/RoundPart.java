package org.sparksae.spark.exchange;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.sparksae.core.optim.Adam;
import scala.reflect.ClassTag$;

/** What one worker brings home from a round: the range of the parameters that it owns. */
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
   * The part of a worker whose round went well.
   *
   * @param parameters this worker's range
   * @param optimizer Adam's moments of that range
   * @param reached what all workers know now; one of them tells, the others have null
   */
  static RoundPart of(float[] parameters, Adam.State optimizer, RoundStart reached) {
    return new RoundPart(parameters, optimizer, reached == null ? null : bytes(reached), null);
  }

  /** The part of a worker whose training diverged. */
  static RoundPart diverged(String message) {
    return new RoundPart(new float[0], Adam.State.start(0), null, message);
  }

  /** This worker's range of the parameters. */
  float[] parameters() {
    return parameters.floats();
  }

  Adam.State optimizer() {
    return new Adam.State(steps, firstMoment.floats(), secondMoment.floats());
  }

  /** What all workers know now; null if this worker does not tell. */
  RoundStart reached() {
    return reached == null
        ? null
        : SparkEnv.get()
            .closureSerializer()
            .newInstance()
            .deserialize(ByteBuffer.wrap(reached), ClassTag$.MODULE$.apply(RoundStart.class));
  }

  /** Why the training diverged; null if it did not. */
  String divergence() {
    return divergence;
  }

  /** By Java's serialisation, since results go by Spark's serialiser: Kryo cannot read records. */
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
