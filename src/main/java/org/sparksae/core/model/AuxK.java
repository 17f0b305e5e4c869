package org.sparksae.core.model;

import java.io.Serializable;

/**
 * The auxiliary loss that revives dead latents (hidden units): they learn to reconstruct what the
 * others leave over.
 *
 * <pre>
 * e_i     = x_i - x_hat_i                                     constant for the gradient
 * e_hat_i = sum over the k dead latents with the largest z_ij of f(z_ij) V_j      without a bias
 * c       = sum |x_i - mean x|^2 / sum |e_i - mean e|^2       over the global batch, constant, too
 * auxiliary = weight c (1/N) sum over i of 1/2 |e_hat_i - e_i|^2
 * </pre>
 *
 * <p>Divided by the variance of the rows, the objective is the fraction of variance unexplained
 * plus weight times {@code MSE(e_hat, e) / MSE(mean e, e)}. A latent is dead after a number of rows
 * of the whole training in which it was silent. With fewer than k dead latents all of them are
 * used. Without one, or if all e_i are equal, the term is 0.
 *
 * <p>Source: Gao and others, Scaling and evaluating sparse autoencoders (2024), appendix A.2.
 *
 * @param k number of dead latents of a row that reconstruct its residual, 1 or more
 * @param weight weight of the term, above 0
 * @param deadAfterRows rows without activity after which a latent is dead, 1 or more
 */
public record AuxK(int k, double weight, long deadAfterRows) implements Serializable {

  /** Checks the values. */
  public AuxK {
    Rule.require(k >= 1, "auxK must be 1 or more where there is one, got %d", k);
    Rule.require(
        weight > 0 && Double.isFinite(weight),
        "auxKWeight must be above 0 and finite, got %s",
        weight);
    Rule.require(deadAfterRows >= 1, "deadAfterRows must be 1 or more, got %d", deadAfterRows);
  }
}
