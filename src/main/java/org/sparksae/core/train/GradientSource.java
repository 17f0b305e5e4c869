package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * The objective and its exact gradient over the rows of all partitions, in two phases.
 *
 * <pre>
 * 1. rho_hat_j = (1/N) sum over i of h_ij            over all partitions, where a penalty needs it
 * 2. J and dJ/dW at that rho_hat                      sums over all partitions, divided by N
 * </pre>
 *
 * <p>Of a mini-batch, and one hidden layer, both are made at once ({@link OnePassSums}): there a
 * second look at the rows costs more than a second product.
 *
 * <p>rho_hat is the mean over all rows of the batch, wherever they are: gradients that each used
 * the mean of one partition would add up to the gradient of something else. So it is with the
 * thresholds of lifetime sparsity, which are found before the second phase. N is the sum of the row
 * weights.
 */
public final class GradientSource {
  private final AutoencoderSpec spec;
  private final PartitionSum data;

  /**
   * The objective of a model over data.
   *
   * @param spec the model
   * @param data the rows
   */
  public GradientSource(AutoencoderSpec spec, PartitionSum data) {
    this.spec = spec;
    this.data = data;
  }

  /** How many sums of one partition an objective with its gradient is made of. */
  public static long sums(AutoencoderSpec spec, boolean miniBatch) {
    return miniBatch && OnePassSums.isFor(spec)
        ? OnePassSums.length(spec)
        : GradientSums.gradientOffset(spec) + spec.layout().size();
  }

  /** The model. */
  public AutoencoderSpec spec() {
    return spec;
  }

  /** The objective of another model over the same data. */
  GradientSource of(AutoencoderSpec other) {
    return new GradientSource(other, data);
  }

  /**
   * Objective and gradient.
   *
   * @param parameters flat parameters; not changed
   * @param batch the rows; a batch without rows, or of weight 0, gives the weight decay alone
   */
  public Evaluation evaluate(float[] parameters, Batch batch) {
    try (PartitionSum.Evaluator evaluator = data.with(parameters)) {
      boolean inOnePass = !batch.isAll() && OnePassSums.isFor(spec);
      double[] means = inOnePass ? null : means(evaluator, batch);
      double[] sums =
          evaluator.sum(
              inOnePass
                  ? new OnePassSums(spec, batch)
                  : new GradientSums(spec, batch, means, thresholds(evaluator, batch)));
      if (inOnePass) {
        means = OnePassSums.means(spec, sums);
        OnePassSums.addSlopes(spec, Objectives.slopes(spec, means)[0], sums);
      }
      double scale = sums[GradientSums.WEIGHT] > 0 ? 1 / sums[GradientSums.WEIGHT] : 0;
      double[] gradient = new double[parameters.length];
      int from = GradientSums.gradientOffset(spec);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = scale * sums[from + i];
      }
      addWeightDecay(parameters, gradient);
      ObjectiveTerms terms =
          Objectives.terms(
              spec,
              means,
              scale,
              sums[GradientSums.RECONSTRUCTION],
              sums,
              GradientSums.PENALTIES,
              Objectives.weightDecay(spec, parameters));
      return new Evaluation(
          terms, gradient, (long) sums[GradientSums.ROWS], sums[GradientSums.WEIGHT]);
    }
  }

  /**
   * The objective alone, at a third of the cost.
   *
   * @param parameters flat parameters; not changed
   */
  public ObjectiveTerms terms(float[] parameters, Batch batch) {
    try (PartitionSum.Evaluator evaluator = data.with(parameters)) {
      double[] means = means(evaluator, batch);
      double[] sums = evaluator.sum(new ObjectiveSums(spec, batch, thresholds(evaluator, batch)));
      double scale = sums[ObjectiveSums.WEIGHT] > 0 ? 1 / sums[ObjectiveSums.WEIGHT] : 0;
      return Objectives.terms(
          spec,
          means,
          scale,
          sums[ObjectiveSums.RECONSTRUCTION],
          sums,
          ObjectiveSums.PENALTIES,
          Objectives.weightDecay(spec, parameters));
    }
  }

  private double[] means(PartitionSum.Evaluator evaluator, Batch batch) {
    if (!spec.needsMeans()) {
      return null;
    }
    return ActivationSums.means(evaluator.sum(new ActivationSums(spec, batch)));
  }

  private float[] thresholds(PartitionSum.Evaluator evaluator, Batch batch) {
    return WinnerThresholds.find(
        spec, DigitSums.DIGIT_BITS, digit -> evaluator.sum(new DigitSums(spec, batch, digit)));
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
