package org.sparksae.core.model;

import java.io.IOException;
import java.util.Map;

/**
 * Lifetime winner-take-all: keeps the largest activations of each latent (hidden unit) over a batch
 * and sets the others to 0.
 *
 * <pre>
 * m   = ceil(share N)                                      N rows in the batch
 * t_j = the m-th largest of h_1j .. h_Nj
 * h_ij is kept if h_ij &gt; 0 and h_ij &gt;= t_j, and is set to 0 otherwise
 * </pre>
 *
 * <p>Every latent is therefore active in some rows, so none is dead. In top-k the latents of a row
 * compete; here the rows of a batch compete for each latent. The gradient passes only through the
 * winners. All activations equal to t_j win, so there may be more than m winners. If a latent has
 * fewer than m positive activations, all of them win.
 *
 * <p>N counts the rows of the <em>global</em> batch. A row of weight v counts as v rows: t_j is the
 * largest t for which the rows with {@code h_ij >= t} have at least that share of the total weight.
 *
 * <p>This form applies to training only. The code of a trained model consists of the plain
 * activations of a row, without competition. In a convolution a latent is a whole map, and all of
 * its positions in all rows compete.
 *
 * <p>Source: Makhzani and Frey, Winner-Take-All Autoencoders (NIPS 2015), section 2.
 *
 * @param share fraction of the batch for which a latent stays active, in (0, 1)
 */
public record LifetimeSparsity(double share) implements CodeForm {
  private static final String SHARE = "lifetimeSparsity";

  /**
   * Up to this share, a sparse code is cheaper than a dense one: an entry costs about eight times
   * as much as a value of a dense product.
   */
  private static final double SPARSE_SHARE = 0.125;

  static CodeForm read(CodeFields fields) throws IOException {
    return fields.has(SHARE) ? new LifetimeSparsity(fields.number(SHARE)) : ALL;
  }

  @Override
  public String paramName() {
    return SHARE;
  }

  @Override
  public void check(Activation activation, int units, boolean hasMaps) {
    Rule.require(share > 0 && share < 1, "lifetimeSparsity must be in (0, 1), got %s", share);
    Rule.require(
        activation == Activation.RELU,
        "lifetimeSparsity needs activation 'relu', whose 0 means an inactive unit; got '%s'",
        activation.paramName());
  }

  @Override
  public Map<String, Object> fields() {
    return Map.of(SHARE, share);
  }

  @Override
  public Activation defaultActivation() {
    return Activation.RELU;
  }

  @Override
  public int formatVersion() {
    return 4;
  }

  @Override
  public boolean isDecodedByUnit() {
    return true;
  }

  @Override
  public boolean needsBatch() {
    return true;
  }

  /** Returns whether storing only the winners of a batch is faster. */
  @Override
  public boolean isSparse() {
    return share <= SPARSE_SHARE;
  }
}
