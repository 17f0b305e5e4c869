package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.Rows;
import org.sparksae.core.nn.layer.Layer;

/**
 * Makes the code of some rows, and takes the gradient back through it; one kind of code each.
 *
 * <p>It holds buffers, so it belongs to one caller, and its results are valid until the next {@link
 * #encode}.
 */
public interface CodeMaker {

  /**
   * The code of a trained model, from which training's is kept.
   *
   * @param input the values below, h_(K-1) or x, [n, in]
   * @return [n, code size]; sparse if few values of a row are kept, columns of a row ascending
   */
  Rows encode(float[] parameters, Rows input);

  /**
   * Adds the rows' part of an answer, of the rows that were encoded last.
   *
   * @param rowWeights weight of each row, or null for 1
   * @param totalWeight their sum
   * @param sums added to, [question.sums()]
   */
  default void answer(
      CodeQuestion question, float[] rowWeights, double totalWeight, double[] sums) {
    throw new IllegalArgumentException("this kind of code has no question for a batch");
  }

  /**
   * The code that training decodes.
   *
   * @param code what {@link #encode} gave last; may be changed
   * @param found what {@link CodeSearch#found} says of the batch
   */
  default Rows keep(Rows code, float[] found) {
    return code;
  }

  /**
   * The gradient around the code, if training's code is sparse; otherwise null, and the gradient
   * goes through all values as in any layer.
   *
   * @param decoder the layer that takes the code
   */
  SparseGradient gradient(Layer decoder);
}
