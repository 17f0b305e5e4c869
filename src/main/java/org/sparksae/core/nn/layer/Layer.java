package org.sparksae.core.nn.layer;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * A layer {@code y = f(A x + b)} of an encoder or a decoder, bound to its place in the flat
 * parameters. A is linear in x and in the weights.
 *
 * <p>Call {@link #prepare} first, and again whenever x or the parameters change. The members of the
 * team may then process tiles of rows at the same time. Only one caller may use an instance.
 */
public interface Layer {

  /** Returns the number of values in a row of x. */
  int inputSize();

  /** Returns the number of values in a row of y. */
  int outputSize();

  /** Returns the place of the weights in the parameters. */
  Tensor weight();

  /**
   * Returns the place of the biases in the parameters: one per unit. The outputs of a unit are
   * adjacent.
   */
  Tensor bias();

  /** Returns f. */
  Activation activation();

  /** Tells the layer that the values of the parameters have changed. */
  void parametersChanged();

  /** Prepares what the members need before they process tiles of {@code x}. */
  void prepare(float[] parameters, Rows x, Team team);

  /** Computes a tile y [n, out] from x [n, in], as a member. */
  void forward(float[] parameters, Rows x, DenseRows y, int member);

  /**
   * Computes {@code inputDelta = A' delta} for a tile: delta = dJ/dz [n, out], inputDelta = dJ/dx
   * [n, in].
   */
  void mapBack(float[] parameters, DenseRows delta, DenseRows inputDelta, int member);

  /**
   * Prepares what the members need of all rows before they compute the gradient of the weights.
   *
   * @param x as in {@link #weightGradient}
   * @param delta likewise
   */
  default void beginWeightGradient(Rows x, DenseRows delta, Team team) {}

  /**
   * Computes a member's part of the gradient of the weights, {@code dJ/dA = delta' x}, after {@link
   * #beginWeightGradient}. It is complete only after {@link #endWeightGradient}.
   *
   * @param x the layer's input, [n, in]
   * @param delta dJ/dz, [n, out]
   * @param gradient the flat gradient
   * @param accumulate whether to add to the gradient instead of replacing it
   */
  void weightGradient(
      Rows x, DenseRows delta, float[] gradient, boolean accumulate, Team team, int member);

  /** Completes the gradient after all members have called {@link #weightGradient}. */
  void endWeightGradient(float[] gradient, boolean accumulate);

  /**
   * Tells the layer that a pass is about to write the gradients of all layers.
   *
   * @param accumulate whether to add to the gradient instead of replacing it
   */
  default void beginPass(float[] gradient, boolean accumulate, Team team) {}

  /** Completes this layer's gradients, after all layers have written theirs. */
  default void endPass(float[] parameters, float[] gradient, Team team) {}
}
