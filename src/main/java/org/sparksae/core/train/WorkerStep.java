package org.sparksae.core.train;

import java.util.Arrays;
import org.sparksae.core.linalg.AdamStep;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.ParameterLayout.Tensor;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.nn.ObjectiveTerms;
import org.sparksae.core.optim.Adam;

/**
 * Steps of Adam by one worker that has all rows, on all threads of its team.
 *
 * <p>A batch is copied together, goes forward and backward as a whole, and each member updates its
 * share of the parameters. A batch that is larger than the buffers goes in parts; the mean
 * activations of all of it still come before the gradient of any.
 *
 * <p>Memory in floats, with p parameters, b rows of the buffers, d inputs, h hidden units and w the
 * widest layer: 4 p (parameters, gradient, two moments) and {@code b (2 d + 2 h + 2 w)} at most for
 * rows, reconstructions, activations and deltas. A k-sparse layer of u units counts as {@code 3 k}
 * in place of its {@code 2 u}, and not as the widest. Sparse rows need a transposed copy of the
 * first layer's weights.
 */
public final class WorkerStep implements BatchStep {
  /** Floats of a gradient that stay in the first-level cache from the check to the update. */
  private static final int UPDATE_FLOATS = 4096;

  private final PartitionRows rows;
  private final Team team;
  private final double stepSize;
  private final float[] parameters;
  private final float[] gradient;
  private final Adam adam;
  private AutoencoderSpec spec;
  private Autoencoder autoencoder;
  private RowBuffer buffer;

  /**
   * Starts at some parameters.
   *
   * @param rows all training rows
   * @param initial flat parameters; not changed
   * @param stepSize Adam's learning rate
   */
  public WorkerStep(PartitionRows rows, float[] initial, double stepSize, Team team) {
    this.rows = rows;
    this.team = team;
    this.stepSize = stepSize;
    this.parameters = initial.clone();
    this.gradient = new float[initial.length];
    this.adam = new Adam(0, initial.length);
  }

  @Override
  public float[] parameters() {
    return parameters;
  }

  @Override
  public Result step(AutoencoderSpec spec, Batch rowsOfStep) {
    Batch batch = rowsOfStep.within(rows.rows());
    prepare(spec, batch);
    Sums sums = new Sums(spec);
    boolean inOnePart = batch.to() - batch.from() <= buffer.capacity();
    if (!inOnePart && spec.needsMeans()) {
      forParts(batch, part -> sums.addActivations(part));
    }
    forParts(batch, part -> sums.addGradient(part, inOnePart));
    double scale = sums.weight > 0 ? 1 / sums.weight : 0;
    double decay = Objectives.weightDecay(spec, parameters, team);
    ObjectiveTerms terms =
        Objectives.terms(
            spec, sums.means, scale, 0.5 * sums.squaredError, sums.penalties, 0, decay);
    boolean finite = scale == 0 || update((float) scale);
    return new Result(terms, sums.weight, finite);
  }

  /** Buffers for a batch; they are made anew only where the model's k or the batch has changed. */
  private void prepare(AutoencoderSpec next, Batch batch) {
    long rows = Math.max(1, batch.to() - batch.from());
    int capacity = (int) Math.min((long) next.tileRows() * team.size(), rows);
    if (buffer == null || buffer.capacity() < capacity) {
      buffer = new RowBuffer(capacity);
      autoencoder = null;
    }
    if (autoencoder == null || !next.equals(spec)) {
      autoencoder = new Autoencoder(next, buffer.capacity(), team);
      spec = next;
    }
  }

  private interface Part {
    void run(RowBlock rows);
  }

  private void forParts(Batch batch, Part part) {
    for (long from = batch.from(); from < batch.to(); from += buffer.capacity()) {
      long to = Math.min(from + buffer.capacity(), batch.to());
      part.run(rows.gather(batch, from, to, buffer, team));
    }
  }

  /** Sums over the parts of one batch. */
  private final class Sums {
    private final double[] activations;
    private final double[] penalties;
    private double[] means;
    private double weight;
    private double squaredError;
    private boolean accumulate;

    Sums(AutoencoderSpec spec) {
      this.activations = new double[1 + (spec.needsMeans() ? spec.hiddenUnits() : 0)];
      this.penalties = new double[spec.depth()];
    }

    void addActivations(RowBlock part) {
      ActivationSums.addTile(autoencoder, parameters, part, activations);
    }

    /** With the whole batch in one part, its code is at hand when its means are known. */
    void addGradient(RowBlock part, boolean isWholeBatch) {
      if (isWholeBatch && spec.needsMeans()) {
        addActivations(part);
      } else {
        autoencoder.encode(parameters, part.rows());
      }
      if (means == null && spec.needsMeans()) {
        means = ActivationSums.means(activations);
      }
      autoencoder.decode(parameters);
      squaredError +=
          autoencoder.backward(
              parameters,
              part.rows(),
              part.weights(),
              Objectives.slopes(spec, means),
              penalties,
              gradient,
              accumulate);
      weight += part.totalWeight();
      accumulate = true;
    }
  }

  /** Each member its share of the parameters; false if a gradient was not finite. */
  private boolean update(float scale) {
    AdamStep step = adam.beginStep(stepSize);
    boolean[] finite = new boolean[team.size()];
    Arrays.fill(finite, true);
    team.split(
        parameters.length,
        UPDATE_FLOATS,
        (member, from, to) -> {
          for (Tensor tensor : spec.layout().tensors()) {
            float decay = tensor.isMatrix() ? (float) spec.regParam() : 0f;
            int end = Math.min(to, tensor.offset() + tensor.size());
            for (int i = Math.max(from, tensor.offset()); i < end; i += UPDATE_FLOATS) {
              int length = Math.min(UPDATE_FLOATS, end - i);
              finite[member] &= Double.isFinite(Kernels.squaredNorm(gradient, i, length));
              adam.apply(step, i, i + length, parameters, gradient, i, scale, decay);
            }
          }
        });
    autoencoder.parametersChanged();
    for (boolean all : finite) {
      if (!all) {
        return false;
      }
    }
    return true;
  }
}
