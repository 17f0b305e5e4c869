package org.sparksae.core.train;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.AdamStep;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.UnitThresholds;
import org.sparksae.core.optim.Adam;

/**
 * One worker's part in steps of Adam: each worker has some of the rows and all parameters, and the
 * optimiser's state for the range of them that it owns.
 *
 * <pre>
 * 1. forward over its rows of the batch;  all-reduce of the activations' sums, where a penalty needs means,
 *    and of what lifetime sparsity asks in each round, where the code has it
 * 2. gradient over its rows;              reduce-scatter: the owner of a range has its sum
 * 3. the owner moves its range;           all-gather of the parameters
 * </pre>
 *
 * <p>All workers make the same steps together, each on all threads of its team. A worker's rows of
 * a batch are copied together and go forward and backward as a whole; more than the buffers hold go
 * in parts, and the mean activations of all of them still come before the gradient of any.
 *
 * <p>Memory in floats, with p parameters, b rows of the buffers, d inputs, h hidden units and w the
 * widest layer: {@code 2 p + 2 p / workers} (parameters, gradient, two moments) and {@code b (2 d +
 * 2 h + 2 w)} at most for rows (with corruption {@code 3 d}), reconstructions, activations and
 * deltas. A k-sparse layer of u units counts as {@code 3 k} in place of its {@code 2 u}, and not as
 * the widest. Sparse rows need a transposed copy of the first layer's weights.
 */
public final class WorkerStep implements BatchStep {
  /** Floats of a gradient that stay in the first-level cache. */
  private static final int UPDATE_FLOATS = 4096;

  /** Chance gives a worker more rows of one batch than of another: room for so many more. */
  private static final int ROOM = 8;

  /** Rounds cost little here, and every worker reads the sums of all others: short digits. */
  private static final int DIGIT_BITS = 4;

  private final PartitionRows rows;
  private final double stepSize;
  private final Collective collective;
  private final Team team;
  private final float[] parameters;
  private final float[] gradient;
  private final int from;
  private final int to;
  private final Adam adam;
  private RowPermutation epoch;
  private WorkerOrder order;
  private AutoencoderSpec spec;
  private Autoencoder autoencoder;
  private RowBuffer buffer;

  /**
   * Starts at some parameters.
   *
   * @param rows this worker's training rows
   * @param parameters flat parameters, [p]; not changed
   * @param optimizer Adam's moments of the range that this worker owns; not changed
   * @param stepSize Adam's learning rate
   * @param collective the workers
   */
  public WorkerStep(
      PartitionRows rows,
      float[] parameters,
      Adam.State optimizer,
      double stepSize,
      Collective collective,
      Team team) {
    this.rows = rows;
    this.stepSize = stepSize;
    this.collective = collective;
    this.team = team;
    this.parameters = parameters.clone();
    this.gradient = new float[parameters.length];
    this.from = collective.from(parameters.length);
    this.to = collective.to(parameters.length);
    this.adam = new Adam(from, to);
    adam.restore(optimizer);
  }

  /** Starts the only worker, which has all rows, at the first step. */
  public static WorkerStep alone(PartitionRows rows, float[] initial, double stepSize, Team team) {
    return new WorkerStep(
        rows, initial, Adam.State.start(initial.length), stepSize, Collective.SOLO, team);
  }

  @Override
  public float[] parameters() {
    return parameters;
  }

  @Override
  public Adam.State optimizer() {
    return adam.state();
  }

  @Override
  public Result step(AutoencoderSpec spec, Batch batch) {
    OwnRows own = ownRows(batch);
    prepare(spec, own);
    Sums sums = new Sums(spec);
    if (spec.needsMeans()) {
      own.forParts(sums::addActivations);
      sums.reduceActivations();
    }
    sums.findThresholds(own);
    own.forParts(sums::addGradient);
    sums.reduceGradient();
    if (sums.weight() > 0 && sums.isFinite()) {
      update((float) (1 / sums.weight()));
    }
    return new Result(sums.terms(), sums.weight(), sums.weight() == 0 || sums.isFinite());
  }

  private OwnRows ownRows(Batch batch) {
    int all = Math.toIntExact(rows.rows());
    if (batch.isAll()) {
      return new OwnRows(row -> row, 0, all, batch.noise());
    }
    if (order == null || batch.order() != epoch) {
      epoch = batch.order();
      order = new WorkerOrder(epoch, all, rows::number);
    }
    return new OwnRows(
        order::row, order.before(batch.from()), order.before(batch.to()), batch.noise());
  }

  /** Buffers for a batch; they are made anew only where the model's k or the batch has changed. */
  private void prepare(AutoencoderSpec next, OwnRows own) {
    int wanted = Math.max(1, own.count());
    if (buffer == null || buffer.capacity() < Math.min(wanted, maxRows(next))) {
      buffer = new RowBuffer(Math.min(withRoom(wanted), maxRows(next)));
      autoencoder = null;
    }
    if (autoencoder == null || !next.equals(spec)) {
      autoencoder = new Autoencoder(next, buffer.capacity(), team);
      spec = next;
    }
  }

  private int maxRows(AutoencoderSpec of) {
    return withRoom(Math.multiplyExact(of.tileRows(), team.size()));
  }

  private int withRoom(int rows) {
    return collective.size() == 1 ? rows : rows + rows / ROOM;
  }

  private interface Part {
    /**
     * Works on some rows.
     *
     * @param encoded whether the autoencoder has the rows' activations already
     */
    void run(RowBlock rows, boolean encoded);
  }

  /** This worker's rows of a batch: places {@code first} to {@code last} of an order. */
  private final class OwnRows {
    private final IntUnaryOperator order;
    private final int first;
    private final int last;
    private final Noise noise;
    private RowBlock whole;

    OwnRows(IntUnaryOperator order, int first, int last, Noise noise) {
      this.order = order;
      this.first = first;
      this.last = last;
      this.noise = noise;
    }

    int count() {
      return last - first;
    }

    /** Part by part; where one part is all, it is copied and encoded once for both phases. */
    void forParts(Part part) {
      if (whole != null) {
        part.run(whole, true);
        return;
      }
      int capacity = Math.min(buffer.capacity(), maxRows(spec));
      for (int at = first; at < last; at += capacity) {
        int end = Math.min(at + capacity, last);
        RowBlock block = rows.gather(order, at, end, noise, buffer, team);
        part.run(block, false);
        whole = count() <= capacity ? block : null;
      }
    }
  }

  /** Sums over one batch: of this worker's parts, and then of all workers. */
  private final class Sums {
    private static final int WEIGHT = 0;
    private static final int RECONSTRUCTION = 1;
    private static final int DECAY = 2;
    private static final int NOT_FINITE = 3;
    private static final int PENALTIES = 4;

    private final AutoencoderSpec spec;
    private final double[] activations;
    private final double[] penalties;
    private final double[] scalars;
    private double[] means;
    private float[] thresholds;
    private boolean accumulate;

    Sums(AutoencoderSpec spec) {
      this.spec = spec;
      this.activations = new double[1 + (spec.needsMeans() ? spec.hiddenUnits() : 0)];
      this.penalties = new double[spec.depth()];
      this.scalars = new double[PENALTIES + spec.depth()];
    }

    void addActivations(RowBlock part, boolean encoded) {
      ActivationSums.addTile(autoencoder, parameters, part, activations);
    }

    void reduceActivations() {
      collective.allReduceSum(activations);
      means = ActivationSums.means(activations);
    }

    void findThresholds(OwnRows own) {
      thresholds = WinnerThresholds.find(spec, DIGIT_BITS, digit -> allSums(own, digit));
    }

    private double[] allSums(OwnRows own, UnitThresholds.Digit digit) {
      double[] sums = new double[digit.sums()];
      own.forParts(
          (part, encoded) -> {
            encodeUnless(encoded, part);
            autoencoder.addToThresholds(digit, part.weights(), part.totalWeight(), sums);
          });
      collective.allReduceSum(sums);
      return sums;
    }

    private void encodeUnless(boolean encoded, RowBlock part) {
      if (!encoded) {
        autoencoder.encode(parameters, part.inputs());
      }
    }

    void addGradient(RowBlock part, boolean encoded) {
      encodeUnless(encoded, part);
      autoencoder.keepWinners(thresholds);
      autoencoder.decode(parameters);
      double squaredError =
          autoencoder.backward(
              parameters,
              part.inputs(),
              part.rows(),
              part.weights(),
              Objectives.slopes(spec, means),
              penalties,
              gradient,
              accumulate);
      scalars[RECONSTRUCTION] += 0.5 * squaredError;
      scalars[WEIGHT] += part.totalWeight();
      accumulate = true;
    }

    void reduceGradient() {
      if (!accumulate) {
        Arrays.fill(gradient, 0);
      }
      collective.reduceScatterSum(gradient);
      scalars[DECAY] = Objectives.weightDecay(spec, parameters, from, to, team);
      scalars[NOT_FINITE] = allFinite() ? 0 : 1;
      System.arraycopy(penalties, 0, scalars, PENALTIES, penalties.length);
      collective.allReduceSum(scalars);
    }

    double weight() {
      return scalars[WEIGHT];
    }

    boolean isFinite() {
      return scalars[NOT_FINITE] == 0;
    }

    ObjectiveTerms terms() {
      double scale = weight() > 0 ? 1 / weight() : 0;
      return Objectives.terms(
          spec, means, scale, scalars[RECONSTRUCTION], scalars, PENALTIES, scalars[DECAY]);
    }
  }

  /** Of the gradient's range that this worker owns. */
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

  /** Moves the range that this worker owns, and gets the others'. */
  private void update(float scale) {
    AdamStep step = adam.beginStep(stepSize);
    team.split(
        to - from,
        UPDATE_FLOATS,
        (member, first, last) -> {
          for (Tensor tensor : spec.layout().tensors()) {
            float decay = tensor.role().decays() ? (float) spec.regParam() : 0f;
            int start = Math.max(from + first, tensor.offset());
            int end = Math.min(from + last, tensor.offset() + tensor.size());
            if (start < end) {
              adam.apply(step, start, end, parameters, gradient, start, scale, decay);
            }
          }
        });
    collective.allGather(parameters);
    autoencoder.parametersChanged();
  }
}
