package org.sparksae.core.nn.layer;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Precision;

/**
 * The products of dense rows with one weight matrix W [out, in] of the parameters, and its
 * gradient, in one precision. Layers that share their weights share an instance.
 *
 * <p>Call {@link #prepare} first, and again whenever the parameters change. The members of the team
 * may then multiply rows of their own at the same time.
 */
public interface Products {

  /** Rows of a member, in the form in which they are multiplied. */
  interface Factor {

    /**
     * Computes {@code z = X W'}, [n, z.columns], of X [n, in] and as many units of W, from {@code
     * firstUnit} on, as z has columns.
     */
    void timesTransposed(float[] parameters, int firstUnit, DenseRows z);

    /** Computes {@code y = X W}, [n, in], of X [n, out]. */
    void times(float[] parameters, DenseRows y);
  }

  /** Returns the precision of the factors. */
  Precision precision();

  /** Returns the place of W in the parameters. */
  Tensor weight();

  /** Tells that the values of the parameters have changed. */
  void parametersChanged();

  /** Prepares W for its products, unless it is. */
  void prepare(float[] parameters, Team team);

  /** Returns rows [n, in or out] as a factor, valid until the member asks for the next one. */
  Factor factor(DenseRows rows, int member);

  /** Prepares the rows of {@link #gradient}, which its members need as a whole. */
  void beginGradient(DenseRows a, DenseRows b, Team team);

  /**
   * Computes a member's part of the gradient {@code dJ/dW = A' B}, after {@link #beginGradient}.
   *
   * @param a [n, out]
   * @param b [n, in]
   * @param gradient the flat gradient
   * @param accumulate whether to add to the gradient instead of replacing it
   */
  void gradient(
      DenseRows a, DenseRows b, float[] gradient, boolean accumulate, Team team, int member);
}
