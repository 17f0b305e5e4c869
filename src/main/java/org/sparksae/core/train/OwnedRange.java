package org.sparksae.core.train;

import java.util.Arrays;
import java.util.List;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.AdamStep;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.optim.Adam;

/**
 * The optimiser of one worker: it has all parameters, and updates the range that the worker owns.
 *
 * <pre>
 * 1. reduceGradient  reduce-scatter; the gradient of decoder vectors of length 1 is projected
 * 2. measure         sums over the range, to be added up over the workers
 * 3. step            clipping and Adam; decoder vectors get length 1 again, thresholds stay positive;
 *                    all-gather
 * </pre>
 */
final class OwnedRange {
  /** Number of sums of {@link #measure}. */
  static final int SUMS = 4;

  private static final int DECAY = 0;
  private static final int NOT_FINITE = 1;
  private static final int SQUARES = 2;
  private static final int PRODUCT = 3;

  /** Number of floats of a gradient that fit the first-level cache. */
  private static final int UPDATE_FLOATS = 4096;

  private final Collective collective;
  private final Team team;
  private final float[] parameters;
  private final float[] gradient;
  private final int from;
  private final int to;
  private final Adam adam;
  private AutoencoderSpec spec;
  private UnitNorm unitNorm;

  /**
   * Starts from given parameters.
   *
   * @param parameters flat parameters, [p]; not changed
   * @param optimizer Adam's moments of the range; not changed
   */
  OwnedRange(
      float[] parameters,
      Adam.State optimizer,
      Adam.Settings settings,
      Collective collective,
      Team team) {
    this.collective = collective;
    this.team = team;
    this.parameters = parameters.clone();
    this.gradient = new float[parameters.length];
    this.from = collective.from(parameters.length);
    this.to = collective.to(parameters.length);
    this.adam = new Adam(from, to, settings);
    adam.restore(optimizer);
  }

  /** All parameters, [p]. */
  float[] parameters() {
    return parameters;
  }

  /** The gradient over this worker's rows, [p], until {@link #reduceGradient}. */
  float[] gradient() {
    return gradient;
  }

  Adam.State optimizer() {
    return adam.state();
  }

  /** Forgets the moments of those of the parameters that are in this range. */
  void restart(int[] changed) {
    for (int i : changed) {
      if (i >= from && i < to) {
        adam.restart(i);
      }
    }
  }

  /** Adds up the gradients of all workers in this range. */
  void reduceGradient(AutoencoderSpec ofStep) {
    if (!ofStep.equals(spec)) {
      spec = ofStep;
      unitNorm = new UnitNorm(spec.layout(), collective, team);
    }
    collective.reduceScatterSum(gradient);
    unitNorm.project(parameters, gradient);
  }

  /**
   * Writes what the workers must know of all ranges.
   *
   * @param sums gets {@value #SUMS} numbers, to be added up over the workers
   * @param at index of the first
   * @param withNorm whether the norm of the gradient will be asked for
   */
  void measure(double[] sums, int at, boolean withNorm) {
    sums[at + DECAY] = Objectives.weightDecay(spec, parameters, from, to, team);
    sums[at + NOT_FINITE] = allFinite() ? 0 : 1;
    if (withNorm) {
      sums[at + SQUARES] = squaredNorm();
      sums[at + PRODUCT] = spec.regParam() == 0 ? 0 : decayedProduct();
    }
  }

  /** The weight decay term of the objective. */
  static double weightDecay(double[] sums, int at) {
    return sums[at + DECAY];
  }

  /** Whether the gradient of all ranges is finite. */
  static boolean isFinite(double[] sums, int at) {
    return sums[at + NOT_FINITE] == 0;
  }

  /**
   * The norm of the objective's gradient, including weight decay:
   *
   * <pre>
   * |s g + lambda w|^2 = s^2 |g|^2 + 2 s lambda g.w + lambda^2 |w|^2,  s = 1 / weight
   * </pre>
   */
  private double norm(double[] sums, int at, double weight) {
    double scale = 1 / weight;
    double lambda = spec.regParam();
    return Math.sqrt(
        Math.max(
            0,
            scale * scale * sums[at + SQUARES]
                + 2 * scale * lambda * sums[at + PRODUCT]
                + 2 * lambda * sums[at + DECAY]));
  }

  /**
   * Updates this range and receives the ranges of the others.
   *
   * @param sums those of {@link #measure} over all workers
   * @param weight sum of the weights of the batch's rows, above 0
   */
  void step(StepPlan plan, double[] sums, int at, double weight) {
    double clip = plan.clips() ? plan.clipFactor(norm(sums, at, weight)) : 1;
    adam(plan.stepSize(), (float) (clip / weight), (float) (clip * spec.regParam()));
    unitNorm.normalise(parameters);
    PositiveThresholds.keep(spec.layout(), parameters, from, to);
    collective.allGather(parameters);
  }

  private void adam(double stepSize, float scale, float decay) {
    AdamStep step = adam.beginStep(stepSize);
    List<Tensor> tensors = spec.layout().tensors();
    team.split(
        to - from,
        UPDATE_FLOATS,
        (member, first, last) -> {
          for (Tensor tensor : tensors) {
            int start = Math.max(from + first, tensor.offset());
            int end = Math.min(from + last, tensor.end());
            if (start < end) {
              float ofTensor = tensor.role().decays() ? decay : 0f;
              adam.apply(step, start, end, parameters, gradient, start, scale, ofTensor);
            }
          }
        });
  }

  private boolean allFinite() {
    boolean[] infinite = new boolean[team.size()];
    team.split(
        to - from,
        UPDATE_FLOATS,
        (member, first, last) ->
            infinite[member] = !Kernels.allFinite(gradient, from + first, last - first));
    for (boolean one : infinite) {
      if (one) {
        return false;
      }
    }
    return true;
  }

  /** {@code |g|^2} over the range. */
  private double squaredNorm() {
    double[] parts = new double[team.size()];
    team.split(
        to - from,
        UPDATE_FLOATS,
        (member, first, last) ->
            parts[member] = Kernels.squaredNorm(gradient, from + first, last - first));
    return Arrays.stream(parts).sum();
  }

  /** {@code g.w} over the decaying weights in the range. */
  private double decayedProduct() {
    List<Tensor> tensors = spec.layout().tensors();
    double[] parts = new double[team.size()];
    team.split(
        to - from,
        UPDATE_FLOATS,
        (member, first, last) -> {
          for (Tensor tensor : tensors) {
            if (tensor.role().decays()) {
              int start = Math.max(from + first, tensor.offset());
              int end = Math.min(from + last, tensor.end());
              parts[member] += product(start, end);
            }
          }
        });
    return Arrays.stream(parts).sum();
  }

  private double product(int start, int end) {
    double sum = 0;
    for (int i = start; i < end; i++) {
      sum += (double) gradient[i] * parameters[i];
    }
    return sum;
  }
}
