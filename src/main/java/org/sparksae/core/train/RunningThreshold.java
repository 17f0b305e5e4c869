package org.sparksae.core.train;

import java.util.Map;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;

/**
 * The threshold with which a model encodes after training with {@link
 * org.sparksae.core.model.BatchTopK}: the running mean of the smallest activation that each batch
 * kept, in double.
 *
 * <pre>
 * theta = t of the first step;   then, in step n, (1 - r) theta + r t
 * r     = max({@value #RATE}, {@value #SHARE} / (n + {@value #SHARE} - 1))
 * </pre>
 *
 * <p>So the mean reaches over about a tenth of the steps made, and over some hundred at most: with
 * a constant rate, a training of some hundred steps would keep a threshold of its beginning. A
 * batch without an activation above 0 does not count. With validation rows, the threshold that
 * belongs to the best parameters is remembered, too.
 */
final class RunningThreshold {
  private static final double RATE = 0.01;
  private static final int SHARE = 10;
  private static final String NOW = "threshold";
  private static final String BEST = "bestThreshold";
  private static final int MEAN = 0;
  private static final int LAST = 1;

  private final double[] now;
  private final double[] best;

  /** Continues the mean of a training. */
  RunningThreshold(AutoencoderSpec spec, TrainingBuffers start) {
    CodeForm form = spec.code().form();
    boolean exists = !form.hasThresholds() && form.trained().hasThresholds();
    this.now = start.copyOf(NOW, exists ? 2 : 0);
    this.best = start.copyOf(BEST, exists ? 1 : 0);
  }

  /**
   * Adds the threshold of a step.
   *
   * @param step number of the step in the training, from 1
   * @param found the smallest activation that the batch kept, infinite if there was none; null if
   *     the code needs no threshold
   */
  void add(long step, float[] found) {
    if (now.length == 0 || !Float.isFinite(found[0])) {
      return;
    }
    double t = found[0];
    double rate = Math.max(RATE, (double) SHARE / (step + SHARE - 1));
    now[MEAN] = now[LAST] == 0 ? t : (1 - rate) * now[MEAN] + rate * t;
    now[LAST] = t;
  }

  /** Remembers the present mean as that of the best parameters. */
  void isBest() {
    if (now.length > 0) {
      best[0] = now[MEAN];
    }
  }

  /** Returns the threshold of the last step; 0 if there is none. */
  float last() {
    return now.length == 0 ? 0f : (float) now[LAST];
  }

  /** Returns the threshold as buffers of the training. */
  TrainingBuffers buffers() {
    return now.length == 0
        ? TrainingBuffers.NONE
        : new TrainingBuffers(Map.of(NOW, now.clone(), BEST, best.clone()));
  }

  /**
   * Returns the threshold of a trained model; 0 if its kind of code has none, or no step was made.
   *
   * @param ofBest whether the model has the best parameters, not the last
   */
  static double of(TrainingBuffers buffers, boolean ofBest) {
    double[] threshold = buffers.arrays().get(ofBest ? BEST : NOW);
    return threshold == null ? 0 : threshold[0];
  }
}
