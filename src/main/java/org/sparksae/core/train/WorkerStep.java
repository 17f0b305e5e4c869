package org.sparksae.core.train;

import java.util.Arrays;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.nn.BatchFactors;
import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.nn.TrainingBatch;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;

/**
 * One worker's part of the steps of Adam. Each worker has some of the rows, all parameters, and the
 * optimiser's state for the range of parameters that it owns.
 *
 * <pre>
 * 1. forward pass over its rows;   all-reduce of the activations' sums, if a penalty needs means,
 *    of the counts of each round, where rows compete, and of the residual's variance, with auxK
 * 2. backward pass over its rows;  reduce-scatter of the gradient: the owner of a range gets its sum
 * 3. the owner updates its range;  all-gather of the parameters ({@link OwnedRange})
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
 * in place of {@code 2 u}, and never as the widest; with BatchTopK k is its mean, times up to eight
 * for what exceeds the bound, and with Multi-TopK four times as large. Each nested width, and
 * Multi-TopK, adds {@code d}, and auxK adds {@code d + 3 auxK} while latents are dead. Sparse rows
 * need a transposed copy of the first layer's weights.
 *
 * <p>A transcoder with targets of d' values has {@code 2 (d + d') + d'} in place of {@code 2 d},
 * and its skip connection adds {@code d'} and, for sparse rows, a transposed copy of its matrix.
 */
public final class WorkerStep implements BatchStep {
  /**
   * Rounds are cheap here, but every worker reads the sums of all others: so short sums, with short
   * digits.
   */
  private static final int DIGIT_BITS = 4;

  private final Collective collective;
  private final WorkerRows all;
  private final EncodedRows rows;
  private final OwnedRange range;

  /**
   * Starts from given parameters, on rows of its own.
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
    this(
        new WorkerRows(rows, collective.size() > 1, team),
        parameters,
        optimizer,
        settings,
        collective,
        team);
  }

  /** Starts from given parameters, on rows that other models may share. */
  WorkerStep(
      WorkerRows rows,
      float[] parameters,
      Adam.State optimizer,
      Adam.Settings settings,
      Collective collective,
      Team team) {
    this.collective = collective;
    this.all = rows;
    this.rows = new EncodedRows(rows, team);
    this.range = new OwnedRange(parameters, optimizer, settings, collective, team);
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

  @Override
  public float[] parameters() {
    return range.parameters();
  }

  @Override
  public Adam.State optimizer() {
    return range.optimizer();
  }

  @Override
  public Result step(StepPlan plan, Batch batch) {
    rows.begin(plan.spec(), plan.memory(), batch);
    BatchStatistics statistics =
        BatchStatistics.find(plan.spec(), plan.memory(), DIGIT_BITS, this::answer);
    Sums sums = new Sums(plan, batch, statistics);
    rows.forParts(range.parameters(), sums::addGradient);
    sums.reduceGradient();
    if (sums.weight() > 0 && sums.isFinite()) {
      sums.makeStep();
      rows.parametersChanged();
    }
    return new Result(
        sums.terms(),
        sums.weight(),
        sums.weight() == 0 || sums.isFinite(),
        sums.rows(),
        sums.firings(),
        statistics.found(),
        sums.rowLosses());
  }

  @Override
  public double[] sum(PartitionFunction function) {
    double[] sums = all.sum(range.parameters(), function);
    collective.allReduceSum(sums);
    return sums;
  }

  @Override
  public void restart(int[] changed) {
    range.restart(changed);
    rows.parametersChanged();
  }

  /** Returns the answer to a question over the rows of all workers. */
  private double[] answer(Question question) {
    double[] sums = new double[question.sums()];
    rows.forParts(range.parameters(), (part, encoded) -> question.answer(encoded, part, sums));
    collective.allReduceSum(sums);
    return sums;
  }

  /**
   * Sums over one batch, first of this worker's parts, then of all workers: those of {@link
   * ObjectiveLayout}, then those of {@link OwnedRange}, then {@link RowLosses}.
   */
  private final class Sums {
    private final StepPlan plan;
    private final Batch batch;
    private final AutoencoderSpec spec;
    private final BatchStatistics statistics;
    private final BatchFactors factors;
    private final int ofRange;
    private final int ofRows;
    private final double[] sums;
    private boolean accumulate;

    Sums(StepPlan plan, Batch batch, BatchStatistics statistics) {
      this.plan = plan;
      this.batch = batch;
      this.spec = plan.spec();
      this.statistics = statistics;
      this.factors = statistics.factors(spec);
      this.ofRange = ObjectiveLayout.of(spec).length();
      this.ofRows = ofRange + OwnedRange.SUMS;
      this.sums = new double[ofRows + (plan.measuresRows() ? RowLosses.length(batch) : 0)];
    }

    void addGradient(RowBlock part, EncodedBatch encoded) {
      TrainingBatch trained = encoded.forTraining(statistics.found());
      trained.backward(part.rows(), part.weights(), factors, sums, range.gradient(), accumulate);
      trained.addFirings(part.weights(), sums);
      if (plan.measuresRows()) {
        RowLosses.add(batch, part, trained.reconstruction(), sums, ofRows);
      }
      sums[ObjectiveLayout.WEIGHT] += part.totalWeight();
      sums[ObjectiveLayout.ROWS] += part.rows().rows();
      accumulate = true;
    }

    /**
     * Adds up the sums of all workers. The owner of a range gets the gradient of its range; all
     * workers get the terms.
     */
    void reduceGradient() {
      if (!accumulate) {
        Arrays.fill(range.gradient(), 0);
      }
      range.reduceGradient(spec);
      range.measure(sums, ofRange, plan.clips());
      collective.allReduceSum(sums);
    }

    void makeStep() {
      range.step(plan, sums, ofRange, weight());
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

    double[] rowLosses() {
      return Arrays.copyOfRange(sums, ofRows, sums.length);
    }

    boolean isFinite() {
      return OwnedRange.isFinite(sums, ofRange);
    }

    ObjectiveTerms terms() {
      return Objectives.terms(
          spec, sums, statistics.means(), OwnedRange.weightDecay(sums, ofRange));
    }
  }
}
