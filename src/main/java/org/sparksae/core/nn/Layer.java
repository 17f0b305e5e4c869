package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * A layer {@code y = f(A x + b)} of an encoder or a decoder, bound to its place in the flat
 * parameters: A is linear, in x as in the weights.
 *
 * <p>{@link #prepare} comes first, whenever x or the parameters are others; tiles of rows may then
 * be worked on by the members of the team at once. An instance belongs to one caller.
 */
interface Layer {

  /** Values of a row of x. */
  int inputSize();

  /** Values of a row of y. */
  int outputSize();

  /** Where the weights lie. */
  Tensor weight();

  /** Where the biases lie: of one unit after the other, whose outputs lie side by side. */
  Tensor bias();

  /** f. */
  Activation activation();

  /** The parameters have other values from now on. */
  void parametersChanged();

  /** What has to be there before members see tiles of {@code x}. */
  void prepare(float[] parameters, Rows x, Team team);

  /** Fills a tile y [n, out] from x [n, in], as a member. */
  void forward(float[] parameters, Rows x, DenseRows y, int member);

  /** {@code inputDelta = A' delta}, a tile: delta = dJ/dz [n, out], inputDelta = dJ/dx [n, in]. */
  void mapBack(float[] parameters, DenseRows delta, DenseRows inputDelta, int member);

  /**
   * A member's part of the weights' gradient, {@code dJ/dA = delta' x} at the places of the
   * weights; complete after {@link #endWeightGradient}.
   *
   * @param x the layer's input, [n, in]
   * @param delta dJ/dz, [n, out]
   * @param gradient the flat gradient
   * @param accumulate whether to add to it, or to write it
   */
  void weightGradient(
      Rows x, DenseRows delta, float[] gradient, boolean accumulate, Team team, int member);

  /** Ends what all members have begun by {@link #weightGradient}. */
  void endWeightGradient(float[] gradient, boolean accumulate);

  /**
   * Encodes by this layer to the entries that a form of code keeps.
   *
   * @param form keeps some of a row's values
   * @param maxRows rows of a call at most
   */
  SparseEncoder sparseEncoder(HiddenLayer form, int maxRows, Team team);

  /** The gradient around a sparse code that this layer makes and {@code decoder} takes. */
  SparseGradient sparseGradient(Layer decoder, Team team);
}
