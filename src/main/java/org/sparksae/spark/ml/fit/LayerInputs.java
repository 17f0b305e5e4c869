package org.sparksae.spark.ml.fit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.job.SparkJobs;

/**
 * The rows that each layer of a greedy training learns from: the input, then the codes of each
 * layer in turn, computed where the rows are.
 *
 * <p>Besides the input, the codes of one layer are kept, and of two while the second is computed.
 * The parameters of all layers stay on the executors until the end, since lost codes are recomputed
 * from the input.
 */
final class LayerInputs implements AutoCloseable {
  private final TrainingRows input;
  private final List<Broadcast<float[]>> broadcasts = new ArrayList<>();
  private TrainingRows current;

  /** Begins with the input, which is not closed. */
  LayerInputs(TrainingRows input) {
    this.input = input;
    this.current = input;
  }

  /** The rows of the next layer. */
  TrainingRows rows() {
    return current;
  }

  /** Goes on to the codes of a layer that was trained on {@link #rows()}. */
  void encode(AutoencoderSpec layer, float[] parameters) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(input.training().context());
    Broadcast<float[]> broadcast = context.broadcast(parameters);
    broadcasts.add(broadcast);
    TrainingRows codes = current.map(new LayerEncoder(layer, broadcast));
    closeCurrent();
    current = codes;
  }

  private void closeCurrent() {
    if (current != input) {
      current.close();
    }
  }

  @Override
  public void close() {
    closeCurrent();
    SparkContext context = input.training().context();
    broadcasts.forEach(broadcast -> SparkJobs.destroy(context, broadcast));
  }
}
