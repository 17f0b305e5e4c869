package org.sparksae.core.train;

import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.nn.code.CodeMemory;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.RowBlock;

/**
 * A worker's rows of one batch after another, as one model encodes them. If they exceed the
 * buffers, they come in parts.
 */
final class EncodedRows {
  private final WorkerRows rows;
  private final Team team;
  private AutoencoderSpec spec;
  private Autoencoder autoencoder;
  private CodeMemory memory;
  private int capacity;
  private int count;
  private RowBlock whole;
  private EncodedBatch encoded;

  /** Processes some rows and their activations. */
  interface Part {
    void run(RowBlock rows, EncodedBatch encoded);
  }

  /**
   * The rows of a worker, for one model.
   *
   * @param rows may be those of other models, too
   */
  EncodedRows(WorkerRows rows, Team team) {
    this.rows = rows;
    this.team = team;
  }

  /**
   * Begins with the worker's rows of a batch. The buffers are rebuilt only if the model's k changes
   * or the batch needs more room.
   *
   * @param ofTraining what the training remembers of earlier batches
   */
  void begin(AutoencoderSpec next, CodeMemory ofTraining, Batch batch) {
    memory = ofTraining;
    count = rows.select(batch);
    whole = null;
    int wanted = Math.max(1, count);
    if (capacity < Math.min(wanted, maxRows(next))) {
      capacity = Math.min(rows.withRoom(wanted), maxRows(next));
      autoencoder = null;
    }
    if (autoencoder == null || !autoencoder.takeSparsityWeights(next)) {
      autoencoder = new Autoencoder(next, capacity, team);
    }
    spec = next;
  }

  /**
   * Calls {@code part} for each part of the batch. If there is only one, its rows are copied and
   * encoded once for all calls.
   */
  void forParts(float[] parameters, Part part) {
    if (whole != null) {
      part.run(whole, encoded);
      return;
    }
    int most = Math.min(capacity, maxRows(spec));
    for (int at = 0; at < count; at += most) {
      RowBlock block = rows.gather(at, Math.min(at + most, count), capacity, spec.cut());
      encoded = autoencoder.encodeForTraining(parameters, block.inputs(), memory);
      part.run(block, encoded);
      whole = count <= most ? block : null;
    }
  }

  /** Tells that the next batch meets other parameters. */
  void parametersChanged() {
    if (autoencoder != null) {
      autoencoder.parametersChanged();
    }
  }

  private int maxRows(AutoencoderSpec of) {
    return rows.withRoom(Math.multiplyExact(of.tileRows(), team.size()));
  }
}
