package org.sparksae.core.train;

import java.util.function.IntUnaryOperator;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.GatheredRows;
import org.sparksae.core.rows.Noise;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.ReadAhead;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowOrder;
import org.sparksae.core.rows.WorkerOrder;

/**
 * A worker's rows of one batch after another, copied together and encoded. If they exceed the
 * buffers, they come in parts.
 */
final class WorkerRows {
  /** A worker's share of a batch varies: leave an eighth of headroom. */
  private static final int ROOM = 8;

  private final PartitionRows rows;
  private final boolean sharesBatches;
  private final Team team;
  private RowOrder epoch;
  private WorkerOrder order;
  private ReadAhead ahead;
  private AutoencoderSpec spec;
  private Autoencoder autoencoder;
  private GatheredRows buffer;
  private Selection batch;

  /** Processes some rows and their activations. */
  interface Part {
    void run(RowBlock rows, EncodedBatch encoded);
  }

  /**
   * The rows of a worker.
   *
   * @param rows all of its rows
   * @param sharesBatches whether other workers have a part of each batch
   */
  WorkerRows(PartitionRows rows, boolean sharesBatches, Team team) {
    this.rows = rows;
    this.sharesBatches = sharesBatches;
    this.team = team;
  }

  /** Lets rows be read before they are needed, as long as {@code by} is open; null for not. */
  void readBy(ReadAhead by) {
    ahead = by;
    order = null;
  }

  /**
   * Selects the worker's rows of a batch. The buffers are rebuilt only if the model's k changes or
   * the batch needs more room.
   */
  void begin(AutoencoderSpec next, Batch of) {
    batch = select(of);
    int wanted = Math.max(1, batch.count());
    if (buffer == null || buffer.capacity() < Math.min(wanted, maxRows(next))) {
      buffer = new GatheredRows(Math.min(withRoom(wanted), maxRows(next)));
      autoencoder = null;
    }
    if (autoencoder == null || !next.equals(spec)) {
      autoencoder = new Autoencoder(next, buffer.capacity(), team);
      spec = next;
    }
  }

  /**
   * Calls {@code part} for each part of the batch. If there is only one, its rows are copied and
   * encoded once for all calls.
   */
  void forParts(float[] parameters, Part part) {
    batch.forParts(parameters, part);
  }

  /** Tells that the next batch meets other parameters. */
  void parametersChanged() {
    autoencoder.parametersChanged();
  }

  private Selection select(Batch of) {
    if (of.isAll()) {
      return new Selection(row -> row, Math.toIntExact(rows.rows()), of.noise());
    }
    if (order == null || of.order() != epoch) {
      epoch = of.order();
      order = new WorkerOrder(epoch, rows, ahead);
    }
    int[] own = order.rowsAt(of.from(), of.to());
    return new Selection(visit -> own[visit], own.length, of.noise());
  }

  private int maxRows(AutoencoderSpec of) {
    return withRoom(Math.multiplyExact(of.tileRows(), team.size()));
  }

  private int withRoom(int count) {
    return sharesBatches ? count + count / ROOM : count;
  }

  /** The worker's rows of a batch, in their order. */
  private final class Selection {
    private final IntUnaryOperator order;
    private final int count;
    private final Noise noise;
    private RowBlock whole;
    private EncodedBatch encoded;

    Selection(IntUnaryOperator order, int count, Noise noise) {
      this.order = order;
      this.count = count;
      this.noise = noise;
    }

    int count() {
      return count;
    }

    void forParts(float[] parameters, Part part) {
      if (whole != null) {
        part.run(whole, encoded);
        return;
      }
      int capacity = Math.min(buffer.capacity(), maxRows(spec));
      for (int at = 0; at < count; at += capacity) {
        int end = Math.min(at + capacity, count);
        RowBlock block = rows.gather(order, at, end, noise, buffer, team);
        encoded = autoencoder.encode(parameters, block.inputs());
        part.run(block, encoded);
        whole = count <= capacity ? block : null;
      }
    }
  }
}
