package org.sparksae.spark.exchange;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.train.TrainingProgress;
import scala.reflect.ClassTag$;

/** What one worker brings home from a round: the range of the parameters that it owns. */
final class RoundPart implements Serializable {
  private static final long serialVersionUID = 1L;

  private final BulkFloats parameters;
  private final int steps;
  private final BulkFloats firstMoment;
  private final BulkFloats secondMoment;
  private final byte[] progress;
  private final String divergence;

  private RoundPart(float[] parameters, Adam.State optimizer, byte[] progress, String divergence) {
    this.parameters = new BulkFloats(parameters);
    this.steps = optimizer.steps();
    this.firstMoment = new BulkFloats(optimizer.firstMoment());
    this.secondMoment = new BulkFloats(optimizer.secondMoment());
    this.progress = progress;
    this.divergence = divergence;
  }

  /**
   * Of a round that went well.
   *
   * @param parameters this worker's range
   * @param optimizer Adam's moments of that range
   * @param progress how far all have come; one of the workers tells
   */
  static RoundPart of(float[] parameters, Adam.State optimizer, TrainingProgress progress) {
    return new RoundPart(parameters, optimizer, progress == null ? null : bytes(progress), null);
  }

  /** Of a round in which the training diverged. */
  static RoundPart diverged(String message) {
    return new RoundPart(new float[0], Adam.State.start(0), null, message);
  }

  /** This worker's range of the parameters. */
  float[] parameters() {
    return parameters.values();
  }

  Adam.State optimizer() {
    return new Adam.State(steps, firstMoment.values(), secondMoment.values());
  }

  /** How far all have come; null if this worker does not tell. */
  TrainingProgress progress() {
    return progress == null
        ? null
        : SparkEnv.get()
            .closureSerializer()
            .newInstance()
            .deserialize(
                ByteBuffer.wrap(progress), ClassTag$.MODULE$.apply(TrainingProgress.class));
  }

  /** Why the training diverged; null if it did not. */
  String divergence() {
    return divergence;
  }

  /** By Java's serialisation, since results go by Spark's serialiser: Kryo cannot read records. */
  private static byte[] bytes(TrainingProgress progress) {
    ByteBuffer bytes =
        SparkEnv.get()
            .closureSerializer()
            .newInstance()
            .serialize(progress, ClassTag$.MODULE$.apply(TrainingProgress.class));
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);
    return array;
  }
}
