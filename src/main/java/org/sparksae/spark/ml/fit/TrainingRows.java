package org.sparksae.spark.ml.fit;

import org.sparksae.spark.data.RowStore;

/**
 * What a stage trains on.
 *
 * @param training rows
 * @param held validation rows, or null
 */
public record TrainingRows(RowStore training, RowStore held) implements AutoCloseable {

  /** The rows as other values; to be closed on their own. */
  TrainingRows map(RowStore.RowsMap map) {
    RowStore mapped = training.map(map);
    try {
      return new TrainingRows(mapped, held == null ? null : held.map(map));
    } catch (Throwable failed) {
      mapped.close();
      throw failed;
    }
  }

  /** Number of invalid rows that were left out, those for validation included. */
  public long skippedRows() {
    return training.skippedRows() + (held == null ? 0 : held.skippedRows());
  }

  @Override
  public void close() {
    training.close();
    if (held != null) {
      held.close();
    }
  }
}
