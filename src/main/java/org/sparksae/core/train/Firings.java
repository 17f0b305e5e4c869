package org.sparksae.core.train;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.sparksae.core.model.AutoencoderSpec;

/**
 * Counts in how many rows of an epoch each unit of the code was active, and for how many rows it
 * has been silent. A unit is active if training keeps its activation. Every row of a weight above 0
 * counts as one.
 *
 * <pre>
 * firings_j = rows so far of the last epoch with h_j other than 0 (for a map: at some position)
 * silent_j  = rows since the last batch in which unit j was active
 * </pre>
 *
 * <p>Each global batch is counted with the parameters of its step.
 */
final class Firings {
  private static final String ROWS = "epochRows";
  private static final String FIRINGS = "firings";
  private static final String SILENT = "silentRows";
  private static final String CANDIDATES = "candidateRows";

  private final double[] rows;
  private final double[] firings;
  private final double[] silent;

  /** Rows whose code was selected from candidates, and those of them that fell back. */
  private final double[] candidates;

  /** Continues the counts of a training. */
  Firings(AutoencoderSpec spec, TrainingBuffers start) {
    int units = spec.code().canBeSilent() ? spec.code().units() : 0;
    this.rows = start.copyOf(ROWS, units == 0 ? 0 : 1);
    this.firings = start.copyOf(FIRINGS, units);
    this.silent = start.copyOf(SILENT, units);
    this.candidates = start.copyOf(CANDIDATES, 2);
  }

  void beginEpoch() {
    Arrays.fill(rows, 0);
    Arrays.fill(firings, 0);
  }

  /**
   * Adds the counts of a step.
   *
   * @param counts those of {@link org.sparksae.core.model.ObjectiveLayout#firingsIn}
   */
  void add(double[] counts) {
    if (rows.length == 0) {
      return;
    }
    double batchRows = counts[firings.length];
    rows[0] += batchRows;
    candidates[0] += counts[firings.length + 1];
    candidates[1] += counts[firings.length + 2];
    for (int j = 0; j < firings.length; j++) {
      firings[j] += counts[j];
      silent[j] = counts[j] > 0 ? 0 : silent[j] + batchRows;
    }
  }

  /** Returns the units that have been silent for a number of rows or more, ascending. */
  int[] silentFor(long least) {
    return IntStream.range(0, silent.length).filter(j -> silent[j] >= least).toArray();
  }

  /** Returns the counts as buffers of the training. */
  TrainingBuffers buffers() {
    return rows.length == 0
        ? TrainingBuffers.NONE
        : new TrainingBuffers(
            Map.of(
                ROWS,
                rows.clone(),
                FIRINGS,
                firings.clone(),
                SILENT,
                silent.clone(),
                CANDIDATES,
                candidates.clone()));
  }

  /** Returns the unit activity for a summary, from the buffers of a training. */
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
    double[] candidates = buffers.copyOf(CANDIDATES, 2);
    return new UnitActivity(
        frequencies,
        silent,
        Resampling.replaced(buffers),
        (long) candidates[0],
        (long) candidates[1]);
  }
}
