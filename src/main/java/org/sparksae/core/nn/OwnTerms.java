package org.sparksae.core.nn;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.nn.code.CodeMaker;
import org.sparksae.core.nn.code.CodeTerms;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;

/**
 * The rows of a batch, as the terms of its kind of code see them.
 *
 * @param decoder the layer that takes the code
 * @param loss the loss of a reconstruction
 * @param norms lengths of decoder vectors
 * @param baseline the reconstruction without a code
 * @param target the rows to reconstruct, [n, outputSize]
 * @param weights weight of each row, or null for 1
 */
record OwnTerms(
    AutoencoderSpec spec,
    Layer decoder,
    OutputLoss loss,
    DecoderNorms norms,
    Baseline baseline,
    float[] parameters,
    Rows target,
    float[] weights)
    implements CodeTerms.Rows {

  /** Adds the terms, arranged as {@link ObjectiveLayout} says. */
  void addTo(double[] sums, CodeMaker code) {
    ObjectiveLayout layout = ObjectiveLayout.of(spec);
    CodeTerms terms = code.terms(this);
    sums[layout.penalty(spec.depth())] += terms.penalty();
    if (layout.hasAuxiliary()) {
      sums[layout.auxiliary()] += terms.auxiliary();
    }
  }

  @Override
  public Sparsity sparsity() {
    return spec.code().sparsity();
  }

  @Override
  public float[] decoderNorms() {
    return norms.of(parameters, spec.depth());
  }

  @Override
  public void addSlope(int latent, double slope) {
    norms.add(spec.depth(), latent, slope);
  }

  /**
   * A vector that keeps its length gets nothing. The step would project it away, but its rounding
   * errors would be left, which is all that adam sees of a latent that is never active.
   */
  @Override
  public void addAuxiliarySlope(int latent, double slope) {
    if (spec.decoderNorm() == DecoderNorm.FREE) {
      norms.addWeighted(spec.depth(), latent, slope);
    }
  }

  @Override
  public int outputSize() {
    return decoder.outputSize();
  }

  @Override
  public double reconstruct(SparseRows code, int from, int to, DenseRows delta) {
    ((DenseLayer) decoder).map(parameters, code.slice(from, to), delta);
    baseline.addTo(delta, from);
    float[] ofRows = weights == null ? null : Arrays.copyOfRange(weights, from, to);
    return loss.gradient(delta, target.slice(from, to), ofRows, delta, 0);
  }
}
