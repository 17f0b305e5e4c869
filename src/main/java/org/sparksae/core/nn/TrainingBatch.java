package org.sparksae.core.nn;

import java.util.List;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.Sparsity;

/**
 * Some rows with all activations as training uses them. Valid until its {@code Autoencoder} encodes
 * other rows.
 */
public final class TrainingBatch {
  private final Network model;
  private final float[] parameters;
  private final Rows x;
  private final List<Rows> h;

  TrainingBatch(Network model, float[] parameters, Rows x, List<Rows> h) {
    this.model = model;
    this.parameters = parameters;
    this.x = x;
    this.h = h;
  }

  /** Returns the code, [n, codeSize]; sparse if training uses only its non-zeros. */
  public Rows code() {
    return h.get(model.spec().depth() - 1);
  }

  /** Returns x_hat, [n, outputSize]. */
  public DenseRows reconstruction() {
    return (DenseRows) h.get(h.size() - 1);
  }

  /**
   * Adds the loss of the output and the row penalties.
   *
   * @param target the rows to reconstruct, [n, outputSize]: the input, the clean form of a
   *     corrupted input, or what a transcoder predicts
   * @param rowWeights weight of each row, or null for 1
   * @param sums the terms are added to it, arranged as {@link ObjectiveLayout} says
   */
  public void addObjective(Rows target, float[] rowWeights, double[] sums) {
    AutoencoderSpec spec = model.spec();
    ObjectiveLayout layout = ObjectiveLayout.of(spec);
    sums[ObjectiveLayout.RECONSTRUCTION] +=
        model.nested() == null
            ? BackwardPass.LOSS.value(reconstruction(), target, rowWeights)
            : model.nested().value(target, rowWeights);
    new OwnTerms(
            spec,
            model.codeDecoder(),
            BackwardPass.LOSS,
            model.decoderNorms(),
            model.baseline(),
            parameters,
            target,
            rowWeights)
        .addTo(sums, model.code());
    for (int k = 1; k <= spec.depth(); k++) {
      Sparsity sparsity = spec.hiddenLayers().get(k - 1).sparsity();
      if (sparsity.isOfRows() && !spec.hiddenLayers().get(k - 1).form().selects()) {
        DenseRows hidden = (DenseRows) h.get(k - 1);
        DenseRows unused = DenseRows.zeros(hidden.rows(), hidden.columns());
        sums[layout.penalty(k)] +=
            sparsity.addRows(hidden, rowWeights, model.decoderNorms().of(parameters, k), unused);
      }
    }
  }

  /**
   * Adds the number of rows in which each unit of the code is active, if its units can be silent,
   * and the number of rows. Rows of weight 0 do not count. Also adds how many rows' codes were
   * selected from candidates.
   *
   * @param rowWeights weight of each row, or null for 1
   * @param sums the terms are added to it, arranged as {@link ObjectiveLayout} says
   */
  public void addFirings(float[] rowWeights, double[] sums) {
    ObjectiveLayout layout = ObjectiveLayout.of(model.spec());
    if (layout.units() > 0) {
      model.firingCounts().addTo(code(), rowWeights, sums, layout.firings());
      model.code().addCandidates(sums, layout.candidates());
    }
  }

  /**
   * Adds what the variances of the rows and of their residuals follow from:
   *
   * <pre>
   * weight, sum |x_i|^2, sum |x_i - x_hat_i|^2, sum x_i [outputSize], sum x_hat_i [outputSize]
   * </pre>
   *
   * <p>Each sum is weighted by the weights of the rows.
   *
   * @param target the rows to reconstruct, [n, outputSize]
   * @param rowWeights weight of each row, or null for 1
   * @param sums the sums are added to it, [3 + 2 outputSize]
   */
  public void addResidual(Rows target, float[] rowWeights, double[] sums) {
    ResidualSums.add(target, reconstruction(), rowWeights, model.team(), sums);
  }

  /**
   * Computes the gradient, and adds the same terms as {@link #addObjective}.
   *
   * @param target the rows to reconstruct, [n, outputSize]
   * @param rowWeights weight of each row, or null for 1
   * @param factors what is constant over the batch
   * @param sums the terms are added to it, arranged as {@link ObjectiveLayout} says
   * @param gradient flat gradient
   * @param accumulate whether to add to the gradient instead of replacing it
   */
  public void backward(
      Rows target,
      float[] rowWeights,
      BatchFactors factors,
      double[] sums,
      float[] gradient,
      boolean accumulate) {
    BackwardCall call =
        new BackwardCall(parameters, x, target, h, rowWeights, factors, gradient, accumulate);
    model.backwardPass().run(call, sums);
  }

  /**
   * Computes what {@link #backward} would add to the gradient of the weights and biases of the only
   * hidden layer if the slope of each unit's mean were 1. The gradient is linear in the slopes, so
   * they need not be known yet:
   *
   * <pre>
   * dJ/dW_j = [dJ/dW_j at slope 0]  +  slope_j sum over i of weight_i f'(z_ij) x_i
   * </pre>
   *
   * @param rowWeights weight of each row, or null for 1
   * @param gradient a flat gradient; the weights and biases of that layer are written
   */
  public void unitSlopeGradient(float[] rowWeights, float[] gradient) {
    model
        .backwardPass()
        .runUnitSlopes(new BackwardCall(parameters, x, x, h, rowWeights, null, gradient, false));
  }
}
