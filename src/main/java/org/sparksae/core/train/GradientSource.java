package org.sparksae.core.train;

import java.util.Arrays;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.code.CodeMemory;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionSum;

/**
 * The objective and its exact gradient over the rows of all partitions, in two phases.
 *
 * <pre>
 * 1. rho_hat_j = (1/N) sum over i of h_ij            over all partitions, if a penalty needs it
 * 2. J and dJ/dW at that rho_hat                     sums over all partitions, divided by N
 * </pre>
 *
 * <p>For mini-batches and one hidden layer, one pass over the rows computes both ({@link
 * OnePassSums}), because there a second pass costs more than a second matrix product.
 *
 * <p>rho_hat is the mean over all rows of the batch. {@link BatchStatistics} computes it, together
 * with what the kind of code needs. N is the sum of the row weights.
 */
public final class GradientSource {
  /**
   * Each round is a pass over all rows, which costs more than long sums: so few rounds, with long
   * digits.
   */
  private static final int DIGIT_BITS = 8;

  private final AutoencoderSpec spec;
  private final PartitionSum data;

  /**
   * Makes the objective of a model on data.
   *
   * @param spec the model
   * @param data the rows
   */
  public GradientSource(AutoencoderSpec spec, PartitionSum data) {
    this.spec = spec;
    this.data = data;
  }

  /** Number of sums that each partition returns for an objective and its gradient. */
  public static long sums(AutoencoderSpec spec, boolean miniBatch) {
    return miniBatch && OnePassSums.isFor(spec)
        ? OnePassSums.length(spec)
        : GradientSums.gradientOffset(spec) + spec.layout().size();
  }

  /** The model. */
  public AutoencoderSpec spec() {
    return spec;
  }

  /** Sums a function over all rows. */
  double[] sum(PartitionFunction function) {
    try (PartitionSum.Evaluator evaluator = data.with(new float[0])) {
      return evaluator.sum(function);
    }
  }

  /** The objective of another model on the same data. */
  GradientSource of(AutoencoderSpec other) {
    return new GradientSource(other, data);
  }

  /**
   * Computes objective and gradient.
   *
   * @param parameters flat parameters; not changed
   * @param batch the rows; for a batch of weight 0 only the weight decay remains
   */
  public Evaluation evaluate(float[] parameters, Batch batch) {
    return evaluate(parameters, batch, CodeMemory.NONE, false);
  }

  /**
   * Computes the same with what a training remembers of earlier batches, and the losses of rows if
   * they are asked for. Without a memory there are no dead latents, so no auxiliary loss.
   */
  Evaluation evaluate(float[] parameters, Batch batch, CodeMemory memory, boolean measuresRows) {
    try (PartitionSum.Evaluator evaluator = data.with(parameters)) {
      boolean inOnePass = !batch.isAll() && !measuresRows && OnePassSums.isFor(spec);
      BatchStatistics statistics = BatchStatistics.NONE;
      double[] sums;
      if (inOnePass) {
        sums = evaluator.sum(new OnePassSums(spec, batch));
        statistics = new BatchStatistics(OnePassSums.means(spec, sums), null, 0);
        OnePassSums.addSlopes(spec, Objectives.slopes(spec, statistics.means())[0], sums);
      } else {
        statistics = statistics(evaluator, batch, memory);
        sums = evaluator.sum(new GradientSums(spec, batch, statistics, memory, measuresRows));
      }
      return evaluation(parameters, sums, statistics, measuresRows);
    }
  }

  private Evaluation evaluation(
      float[] parameters, double[] sums, BatchStatistics statistics, boolean measuresRows) {
    double scale = Objectives.scale(sums);
    double[] gradient = new double[parameters.length];
    int from = GradientSums.gradientOffset(spec);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = scale * sums[from + i];
    }
    addWeightDecay(parameters, gradient);
    return new Evaluation(
        terms(parameters, sums, statistics),
        gradient,
        (long) sums[ObjectiveLayout.ROWS],
        sums[ObjectiveLayout.WEIGHT],
        ObjectiveLayout.of(spec).firingsIn(sums),
        statistics.found(),
        measuresRows
            ? Arrays.copyOfRange(sums, GradientSums.lossesOffset(spec), sums.length)
            : new double[0]);
  }

  private ObjectiveTerms terms(float[] parameters, double[] sums, BatchStatistics statistics) {
    return Objectives.terms(
        spec, sums, statistics.means(), Objectives.weightDecay(spec, parameters));
  }

  /**
   * Computes only the objective, at a third of the cost.
   *
   * @param parameters flat parameters; not changed
   */
  public ObjectiveTerms terms(float[] parameters, Batch batch) {
    try (PartitionSum.Evaluator evaluator = data.with(parameters)) {
      BatchStatistics statistics = statistics(evaluator, batch, CodeMemory.NONE);
      return terms(
          parameters, evaluator.sum(new ObjectiveSums(spec, batch, statistics)), statistics);
    }
  }

  private BatchStatistics statistics(
      PartitionSum.Evaluator evaluator, Batch batch, CodeMemory memory) {
    return BatchStatistics.find(
        spec,
        memory,
        DIGIT_BITS,
        question -> evaluator.sum(new QuestionSums(spec, batch, question)));
  }

  private void addWeightDecay(float[] parameters, double[] gradient) {
    for (Tensor tensor : spec.layout().tensors()) {
      if (tensor.role().decays()) {
        for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
          gradient[i] += spec.regParam() * parameters[i];
        }
      }
    }
  }
}
