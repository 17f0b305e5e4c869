package org.sparksae.core.train;

import java.io.Serializable;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Corruption;
import org.sparksae.core.rows.Noise;
import org.sparksae.core.rows.RowOrder;

/**
 * Everything that decides which rows each mini-batch of a training has, in which order, times which
 * factor and with which noise. Trainings with equal ones, on the same rows, visit the same batches.
 *
 * @param rows number of training rows, 1 or more
 * @param batchSize rows of a mini-batch, 1 or more
 * @param shuffleWindow rows among which a mini-batch is drawn, 1 or more; 0 for all rows
 * @param seed seed of the row order and of the noise
 * @param corruption corruption of the encoder's input
 * @param inputScale factor of the rows, above 0
 */
public record BatchOrder(
    long rows, int batchSize, int shuffleWindow, long seed, Corruption corruption, float inputScale)
    implements Serializable {

  /** Number of batches in an epoch; the last may be smaller. */
  long batchesOfEpoch() {
    return (rows + batchSize - 1) / batchSize;
  }

  /** Returns a reader of the batches. */
  Batches batches() {
    return new Batches();
  }

  /** The batches, one after another. All batches of an epoch share one order. */
  final class Batches {
    private long epoch;
    private RowOrder order;
    private Noise noise;

    private Batches() {}

    /**
     * Returns the batch of the next step.
     *
     * @param steps number of steps before it
     */
    Batch after(long steps) {
      begin(steps / batchesOfEpoch() + 1);
      long from = steps % batchesOfEpoch() * batchSize;
      return Batch.of(order, from, Math.min(from + batchSize, rows))
          .with(noise)
          .scaledBy(inputScale);
    }

    private void begin(long number) {
      if (number != epoch) {
        epoch = number;
        order = RowOrder.of(rows, shuffleWindow, seed, Math.toIntExact(number));
        noise = corruption.at(seed, Math.toIntExact(number));
      }
    }
  }
}
