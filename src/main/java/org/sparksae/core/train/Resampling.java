package org.sparksae.core.train;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.RowReservoir;

/**
 * Replaces dead latents every {@code resampleSteps} steps by rows that the model reconstructs
 * badly.
 *
 * <pre>
 * before step n r + 1, n = 1, 2, ..:   a latent is dead if it was active in none of the last r steps
 * P(row i) ~ weight_i |x_hat_i - x_i|^4   over the visits of the last r steps, without replacement
 * </pre>
 *
 * <p>{@link Replacement} gives a latent the direction of its row; its moments of Adam become 0. Two
 * latents never get the same direction: they would stay equal. If there are fewer rows than dead
 * latents, the others stay.
 *
 * <p>Source: Bricken et al., Towards Monosemanticity (2023).
 */
final class Resampling {
  private static final String ROWS = "resamplingRows";
  private static final String COUNTS = "resamplingCounts";

  /** Index of the number of rows since the last resampling, as firings count them. */
  private static final int SINCE = 0;

  /** Index of the number of latents replaced so far. */
  private static final int REPLACED = 1;

  /** Doubles of the rows that are collected at once. */
  private static final int PICKED_DOUBLES = 1 << 20;

  private final AutoencoderSpec spec;
  private final int interval;
  private final float inputScale;
  private final RowReservoir reservoir;
  private final double[] counts;

  /** Continues the resampling of a training. */
  Resampling(AutoencoderSpec spec, TrainingSettings settings, TrainingBuffers start) {
    this.spec = spec;
    this.interval = settings.optimizer().resampleSteps();
    this.inputScale = settings.inputScale();
    int capacity = exists() ? spec.code().units() : 0;
    this.reservoir = new RowReservoir(capacity, settings.seed());
    this.reservoir.restore(start.copyOf(ROWS, 2 * capacity));
    this.counts = start.copyOf(COUNTS, exists() ? 2 : 0);
  }

  /** Whether the training resamples latents, and so needs the losses of rows. */
  boolean exists() {
    return interval > 0;
  }

  /**
   * Whether to resample now.
   *
   * @param made number of steps made
   */
  boolean isDue(long made) {
    return exists() && made > 0 && made % interval == 0;
  }

  /**
   * Adds a step.
   *
   * @param number of the step, from 1
   * @param batch its rows
   */
  void add(long number, Batch batch, BatchStep.Result result) {
    if (!exists()) {
      return;
    }
    counts[SINCE] += result.firings()[spec.code().units()];
    double[] losses = result.rowLosses();
    for (int i = 0; i < losses.length; i++) {
      reservoir.offer(number, batch.order().rowAt(batch.from() + i), losses[i]);
    }
  }

  /** Replaces what is dead. */
  void run(BatchStep steps, Firings firings) {
    int[] dead = counts[SINCE] > 0 ? firings.silentFor((long) counts[SINCE]) : new int[0];
    if (dead.length > 0) {
      replace(dead, steps);
    }
    reservoir.clear();
    counts[SINCE] = 0;
  }

  private void replace(int[] dead, BatchStep steps) {
    Replacement replacement = new Replacement(spec, steps.parameters(), dead);
    // Hashes are enough: directions that share one cost a row, not a wrong latent.
    Set<Integer> seen = new HashSet<>();
    long[] picks = reservoir.rows();
    int d = spec.inputSize();
    int together = Math.max(1, PICKED_DOUBLES / d);
    int next = 0;
    for (int from = 0; from < picks.length && next < dead.length; ) {
      int wanted = Math.min(together, dead.length - next);
      long[] some = Arrays.copyOfRange(picks, from, Math.min(picks.length, from + wanted));
      // All workers are past the last step then, so parameters may change.
      double[] rows = steps.sum(new PickedRows(some, d, inputScale));
      for (int i = 0; i < some.length; i++) {
        double[] u = replacement.direction(rows, i * d);
        if (u != null && seen.add(Arrays.hashCode(u))) {
          steps.restart(replacement.replace(dead[next++], u));
        }
      }
      from += some.length;
    }
    counts[REPLACED] += next;
  }

  /** Returns the state as buffers of the training. */
  TrainingBuffers buffers() {
    return exists()
        ? new TrainingBuffers(Map.of(ROWS, reservoir.state(), COUNTS, counts.clone()))
        : TrainingBuffers.NONE;
  }

  /** Returns the number of latents replaced, from the buffers of a training; 0 without any. */
  static long replaced(TrainingBuffers buffers) {
    double[] counts = buffers.arrays().get(COUNTS);
    return counts == null ? 0 : (long) counts[REPLACED];
  }
}
