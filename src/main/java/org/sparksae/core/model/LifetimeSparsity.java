package org.sparksae.core.model;

import java.io.IOException;
import java.util.Map;

/**
 * Lifetime winner-take-all: keeps the largest of each unit's activations over a batch, and makes
 * the others 0.
 *
 * <pre>
 * m   = ceil(share N)                                      N rows in the batch
 * t_j = the m-th largest of h_1j .. h_Nj
 * h_ij stays where h_ij &gt; 0 and h_ij &gt;= t_j, and is else 0
 * </pre>
 *
 * <p>Every unit then is active for some of the rows, whatever it looks for, so none is dead; where
 * a top-k is a competition between the units of a row, this is one between the rows of a batch. The
 * gradient passes through the winners only. Activations that equal t_j win together, so there may
 * be more than m winners; of a unit with fewer than m positive activations all of those win.
 *
 * <p>N is the <em>global</em> batch's. A row of weight v counts as v rows: t_j is the largest t for
 * which the rows with {@code h_ij >= t} weigh the share of all.
 *
 * <p>It is the form of training. A trained model's code is the plain activation of a row, which
 * needs no others.
 *
 * <p>Source: Makhzani and Frey, Winner-Take-All Autoencoders (NIPS 2015), section 2.
 *
 * @param share part of the batch for which a unit stays active, in (0, 1)
 */
public record LifetimeSparsity(double share) implements CodeForm {
  private static final String SHARE = "lifetimeSparsity";

  /** Below this share entries cost less than a dense product, which takes an eighth for each. */
  private static final double SPARSE_SHARE = 0.125;

  static CodeForm read(Fields fields) throws IOException {
    return fields.has(SHARE) ? new LifetimeSparsity(fields.number(SHARE)) : ALL;
  }

  @Override
  public String paramName() {
    return SHARE;
  }

  @Override
  public void check(HiddenLayer layer) {
    Rule.require(share > 0 && share < 1, "lifetimeSparsity must be in (0, 1), got %s", share);
    Rule.require(
        layer.activation() == Activation.RELU,
        "lifetimeSparsity needs activation 'relu', whose 0 stands for a unit that is off; got '%s'",
        layer.activation().paramName());
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

  /** Whether the code of a batch is better kept as the winners alone. */
  @Override
  public boolean isSparse() {
    return share <= SPARSE_SHARE;
  }
}
