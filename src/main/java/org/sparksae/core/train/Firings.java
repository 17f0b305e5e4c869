package org.sparksae.core.train;

import java.util.Arrays;
import java.util.Map;
import org.sparksae.core.model.AutoencoderSpec;

/**
 * Counts in how many rows of an epoch each unit of the code was active as training keeps it, and
 * for how many rows it has been silent. Every row counts as one, whatever its weight.
 *
 * <pre>
 * firings_j = rows of the last epoch with h_j other than 0 (of a map: at some position)
 * silent_j  = rows since the last batch in which unit j was active
 * </pre>
 *
 * <p>The counts are those of the global batches, each at the parameters of its step.
 */
final class Firings {
  private static final String ROWS = "epochRows";
  private static final String FIRINGS = "firings";
  private static final String SILENT = "silentRows";

  private final double[] rows;
  private final double[] firings;
  private final double[] silent;

  /** Goes on from what a training remembers. */
  Firings(AutoencoderSpec spec, TrainingBuffers start) {
    int units = spec.code().canBeSilent() ? spec.code().units() : 0;
    this.rows = start.copyOf(ROWS, units == 0 ? 0 : 1);
    this.firings = start.copyOf(FIRINGS, units);
    this.silent = start.copyOf(SILENT, units);
  }

  void beginEpoch() {
    Arrays.fill(rows, 0);
    Arrays.fill(firings, 0);
  }

  /**
   * Takes a step's counts.
   *
   * @param batchRows rows of the batch
   * @param counts in how many of them each unit was active, [units]
   */
  void add(double batchRows, double[] counts) {
    if (rows.length == 0) {
      return;
    }
    rows[0] += batchRows;
    for (int j = 0; j < firings.length; j++) {
      firings[j] += counts[j];
      silent[j] = counts[j] > 0 ? 0 : silent[j] + batchRows;
    }
  }

  /** What to remember. */
  TrainingBuffers buffers() {
    return rows.length == 0
        ? TrainingBuffers.NONE
        : new TrainingBuffers(
            Map.of(ROWS, rows.clone(), FIRINGS, firings.clone(), SILENT, silent.clone()));
  }

  /** What a training remembers of its units, for a summary. */
  static UnitActivity activity(TrainingBuffers buffers) {
    double[] rows = buffers.arrays().get(ROWS);
    if (rows == null || rows[0] == 0) {
      return UnitActivity.NONE;
    }
    double[] frequencies = buffers.arrays().get(FIRINGS).clone();
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] /= rows[0];
    }
    long[] silent = Arrays.stream(buffers.arrays().get(SILENT)).mapToLong(n -> (long) n).toArray();
    return new UnitActivity(frequencies, silent);
  }
}
