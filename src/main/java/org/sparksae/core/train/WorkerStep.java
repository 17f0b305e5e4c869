package org.sparksae.core.train;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.AdamStep;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.nn.TrainingBatch;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.GatheredRows;
import org.sparksae.core.rows.Noise;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.ReadAhead;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowOrder;
import org.sparksae.core.rows.Sums;
import org.sparksae.core.rows.WorkerOrder;

/**
 * One worker's part of the steps of Adam. Each worker has some of the rows, all parameters, and the
 * optimiser's state for the range of parameters that it owns.
 *
 * <pre>
 * 1. forward pass over its rows;   all-reduce of the activations' sums, if a penalty needs means,
 *    and of the counts of each round, with lifetime sparsity
 * 2. backward pass over its rows;  reduce-scatter of the gradient: the owner of a range gets its sum
 * 3. the owner updates its range;  all-gather of the parameters
 * </pre>
 *
 * <p>All workers make the same steps together, each on all threads of its team. A worker copies its
 * rows of a batch together and processes them as a whole. If they exceed the buffers, it processes
 * them in parts; the mean activations of all parts still come before the gradient of any.
 *
 * <p>Memory in floats, with p parameters, b rows in the buffers, d inputs, h hidden units and w
 * units in the widest layer: {@code 2 p + 2 p / workers} for parameters, gradient and two moments,
 * and at most {@code b (2 d + 2 h + 2 w)} for rows, reconstructions, activations and deltas ({@code
 * 3 d} in place of {@code 2 d} with corruption). A k-sparse layer of u units counts as {@code 3 k}
 * in place of {@code 2 u}, and never as the widest. Sparse rows need a transposed copy of the first
 * layer's weights.
 */
public final class WorkerStep implements BatchStep {
  /** Number of floats of a gradient that fit the first-level cache. */
  private static final int UPDATE_FLOATS = 4096;

  /** A worker's share of a batch varies: leave an eighth of headroom. */
  private static final int ROOM = 8;

  /**
   * Rounds are cheap here, but every worker reads the sums of all others: so short sums, with short
   * digits.
   */
  private static final int DIGIT_BITS = 4;

  private final PartitionRows rows;
  private final Collective collective;
  private final Team team;
  private final float[] parameters;
  private final float[] gradient;
  private final int from;
  private final int to;
  private final Adam adam;
  private RowOrder epoch;
  private WorkerOrder order;
  private ReadAhead ahead;
  private AutoencoderSpec spec;
  private Autoencoder autoencoder;
  private GatheredRows buffer;

  /**
   * Starts from given parameters.
   *
   * @param rows this worker's training rows
   * @param parameters flat parameters, [p]; not changed
   * @param optimizer Adam's moments of the range that this worker owns; not changed
   * @param settings the constants of Adam
   * @param collective connects the workers
   */
  public WorkerStep(
      PartitionRows rows,
      float[] parameters,
      Adam.State optimizer,
      Adam.Settings settings,
      Collective collective,
      Team team) {
    this.rows = rows;
    this.collective = collective;
    this.team = team;
    this.parameters = parameters.clone();
    this.gradient = new float[parameters.length];
    this.from = collective.from(parameters.length);
    this.to = collective.to(parameters.length);
    this.adam = new Adam(from, to, settings);
    adam.restore(optimizer);
  }

  /** Returns the only worker of a training, which has all rows, before the first step. */
  public static WorkerStep alone(PartitionRows rows, float[] initial, Team team) {
    return new WorkerStep(
        rows,
        initial,
        Adam.State.start(initial.length),
        Adam.Settings.DEFAULT,
        Collective.SOLO,
        team);
  }

  /** Lets rows be read before they are needed, as long as {@code ahead} is open; null for not. */
  void readBy(ReadAhead ahead) {
    this.ahead = ahead;
    order = null;
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
  public Result step(StepPlan plan, Batch batch) {
    OwnRows own = ownRows(batch);
    prepare(plan.spec(), own);
    BatchStatistics statistics =
        BatchStatistics.find(spec, DIGIT_BITS, question -> answer(own, question));
    Sums sums = new Sums(spec, statistics);
    own.forParts(sums::addGradient);
    sums.reduceGradient(plan.clips());
    if (sums.weight() > 0 && sums.isFinite()) {
      update(plan, sums);
    }
    return new Result(
        sums.terms(),
        sums.weight(),
        sums.weight() == 0 || sums.isFinite(),
        sums.rows(),
        sums.firings());
  }

  /** Returns the answer to a question over the rows of all workers. */
  private double[] answer(OwnRows own, Question question) {
    double[] sums = new double[question.sums()];
    own.forParts((part, encoded) -> question.answer(encoded, part, sums));
    collective.allReduceSum(sums);
    return sums;
  }

  private OwnRows ownRows(Batch batch) {
    if (batch.isAll()) {
      return new OwnRows(row -> row, Math.toIntExact(rows.rows()), batch.noise());
    }
    if (order == null || batch.order() != epoch) {
      epoch = batch.order();
      order = new WorkerOrder(epoch, rows, ahead);
    }
    int[] own = order.rowsAt(batch.from(), batch.to());
    return new OwnRows(visit -> own[visit], own.length, batch.noise());
  }

  /**
   * Prepares the buffers for a batch. They are rebuilt only if the model's k changes or the batch
   * needs more room.
   */
  private void prepare(AutoencoderSpec next, OwnRows own) {
    int wanted = Math.max(1, own.count());
    if (buffer == null || buffer.capacity() < Math.min(wanted, maxRows(next))) {
      buffer = new GatheredRows(Math.min(withRoom(wanted), maxRows(next)));
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
    /** Processes some rows and their activations. */
    void run(RowBlock rows, EncodedBatch encoded);
  }

  /** This worker's rows of a batch, in their order. */
  private final class OwnRows {
    private final IntUnaryOperator order;
    private final int count;
    private final Noise noise;
    private RowBlock whole;
    private EncodedBatch encoded;

    OwnRows(IntUnaryOperator order, int count, Noise noise) {
      this.order = order;
      this.count = count;
      this.noise = noise;
    }

    int count() {
      return count;
    }

    /**
     * Calls {@code part} for each part. If there is only one, its rows are copied and encoded once
     * for all phases.
     */
    void forParts(Part part) {
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

  /** Sums over one batch, first of this worker's parts, then of all workers. */
  private final class Sums {
    private final AutoencoderSpec spec;
    private final BatchStatistics statistics;
    private final float[][] slopes;
    private final int decay;
    private final int notFinite;
    private final int squares;
    private final int product;
    private final double[] sums;
    private boolean accumulate;

    Sums(AutoencoderSpec spec, BatchStatistics statistics) {
      this.spec = spec;
      this.statistics = statistics;
      this.slopes = Objectives.slopes(spec, statistics.means());
      this.decay = ObjectiveLayout.of(spec).length();
      this.notFinite = decay + 1;
      this.squares = decay + 2;
      this.product = decay + 3;
      this.sums = new double[decay + 4];
    }

    void addGradient(RowBlock part, EncodedBatch encoded) {
      TrainingBatch trained = encoded.forTraining(statistics.found());
      trained.backward(part.rows(), part.weights(), slopes, sums, gradient, accumulate);
      trained.addFirings(sums);
      sums[ObjectiveLayout.WEIGHT] += part.totalWeight();
      sums[ObjectiveLayout.ROWS] += part.rows().rows();
      accumulate = true;
    }

    /**
     * Adds up the sums of all workers. The owner of a range gets the gradient of its range; all
     * workers get the terms.
     *
     * @param withNorm whether to compute the norm of the gradient
     */
    void reduceGradient(boolean withNorm) {
      if (!accumulate) {
        Arrays.fill(gradient, 0);
      }
      collective.reduceScatterSum(gradient);
      sums[decay] = Objectives.weightDecay(spec, parameters, from, to, team);
      sums[notFinite] = allFinite() ? 0 : 1;
      if (withNorm) {
        sums[squares] = squaredNorm();
        sums[product] = spec.regParam() == 0 ? 0 : decayedProduct(spec);
      }
      collective.allReduceSum(sums);
    }

    double weight() {
      return sums[ObjectiveLayout.WEIGHT];
    }

    long rows() {
      return (long) sums[ObjectiveLayout.ROWS];
    }

    double[] firings() {
      return ObjectiveLayout.of(spec).firingsIn(sums);
    }

    /**
     * The norm of the objective's gradient, including weight decay:
     *
     * <pre>
     * |s g + lambda w|^2 = s^2 |g|^2 + 2 s lambda g.w + lambda^2 |w|^2,  s = 1 / weight
     * </pre>
     */
    double norm() {
      double scale = 1 / weight();
      double lambda = spec.regParam();
      return Math.sqrt(
          Math.max(
              0,
              scale * scale * sums[squares]
                  + 2 * scale * lambda * sums[product]
                  + 2 * lambda * sums[decay]));
    }

    boolean isFinite() {
      return sums[notFinite] == 0;
    }

    ObjectiveTerms terms() {
      return Objectives.terms(spec, sums, statistics.means(), sums[decay]);
    }
  }

  /** Whether the gradient of this worker's range is finite. */
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

  /** {@code |g|^2} over the range that this worker owns. */
  private double squaredNorm() {
    double[] parts = new double[team.size()];
    team.split(
        to - from,
        UPDATE_FLOATS,
        (member, first, last) ->
            parts[member] = Kernels.squaredNorm(gradient, from + first, last - first));
    return Arrays.stream(parts).sum();
  }

  /** {@code g.w} over the decaying weights in this worker's range. */
  private double decayedProduct(AutoencoderSpec of) {
    List<Tensor> tensors = of.layout().tensors();
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

  /** Updates this worker's range and receives the ranges of the others. */
  private void update(StepPlan plan, Sums sums) {
    double clip = plan.clips() ? plan.clipFactor(sums.norm()) : 1;
    float scale = (float) (clip / sums.weight());
    float decay = (float) (clip * spec.regParam());
    AdamStep step = adam.beginStep(plan.stepSize());
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
    collective.allGather(parameters);
    autoencoder.parametersChanged();
  }
}
