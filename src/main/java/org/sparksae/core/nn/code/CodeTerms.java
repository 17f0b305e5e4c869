package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.Sparsity;

/**
 * The terms of the objective that belong to a kind of code, as sums over some rows, each times its
 * weight.
 *
 * @param penalty the penalty of the code
 * @param auxiliary the auxiliary loss
 */
public record CodeTerms(double penalty, double auxiliary) {

  /** No terms. */
  public static final CodeTerms NONE = new CodeTerms(0, 0);

  /** The rows that the terms are about. */
  public interface Rows {

    /** Returns the penalty of the code. */
    Sparsity sparsity();

    /** Returns the weight of each row, or null for 1. */
    float[] weights();

    /**
     * Returns the length of each latent's decoder vector, [latents]; null if the objective does not
     * need it.
     */
    float[] decoderNorms();

    /**
     * Adds the derivative of the penalty's sum, without its weight, with respect to the length of a
     * latent's decoder vector.
     */
    void addSlope(int latent, double slope);

    /** Returns the number of values of a reconstruction. */
    int outputSize();

    /**
     * Adds the derivative of the auxiliary loss with respect to the length of a latent's decoder
     * vector.
     */
    void addAuxiliarySlope(int latent, double slope);

    /**
     * Reconstructs some rows from another code than the one that training decodes, as a member of
     * the team.
     *
     * @param code another code of all rows
     * @param delta receives the derivative of the loss with respect to the reconstruction of rows
     *     {@code from} to {@code to}
     * @return the loss of these rows
     */
    double reconstruct(SparseRows code, int from, int to, DenseRows delta);
  }

  /** Returns the weight of a row. */
  static float weight(float[] weights, int row) {
    return weights == null ? 1f : weights[row];
  }
}
