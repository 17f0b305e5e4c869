package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.nn.layer.Layer;

/**
 * Computes the code of some rows and provides the gradient through it. Each implementation is for
 * one kind of code.
 *
 * <p>It holds buffers, so only one caller may use it, and results are valid until the next {@link
 * #encode}.
 */
public interface CodeMaker {

  /**
   * Computes the code of a trained model.
   *
   * @param input the values below, h_(K-1) or x, [n, in]
   * @return the code, [n, code size]; sparse if few values of a row are kept, with ascending
   *     columns in a row
   */
  Rows encode(float[] parameters, Rows input);

  /**
   * Computes activations of which {@link #keep} selects the code that training decodes.
   *
   * @param memory what the training remembers of earlier batches
   */
  default Rows encodeForTraining(float[] parameters, Rows input, CodeMemory memory) {
    return encode(parameters, input);
  }

  /**
   * Adds the contribution of the rows that were encoded last to an answer.
   *
   * @param rowWeights weight of each row, or null for 1
   * @param totalWeight their sum
   * @param sums the contribution is added to it, [question.sums()]
   */
  default void answer(
      CodeQuestion question, float[] rowWeights, double totalWeight, double[] sums) {
    throw new IllegalArgumentException("this kind of code has no question for a batch");
  }

  /**
   * Returns the code that training decodes.
   *
   * @param code the last result of {@link #encodeForTraining}; may be changed
   * @param found the result of {@link CodeSearch#found} for the batch
   */
  default Rows keep(Rows code, float[] found) {
    return code;
  }

  /**
   * Returns the code of the dead latents (hidden units) for {@link org.sparksae.core.model.AuxK},
   * after {@link #keep}; null if there are none.
   */
  default SparseRows deadCode() {
    return null;
  }

  /**
   * Returns the entries that follow those of the code in rank, for Multi-TopK ({@link
   * org.sparksae.core.model.CodeLoss}), after {@link #keep}.
   */
  default SparseRows nextCode() {
    throw new IllegalStateException("this kind of code does not rank the latents of a row");
  }

  /**
   * Adds the number of rows that were encoded last and whose code was selected from candidates, and
   * the number of those that fell back to all pre-activations.
   *
   * @param sums the numbers are added to it, from {@code at} on
   */
  default void addCandidates(double[] sums, int at) {}

  /**
   * Returns the terms of the objective that belong to this kind of code, for the rows that were
   * encoded last. Call it after {@link #keep}, and before the gradient, which has their slopes.
   */
  default CodeTerms terms(CodeTerms.Rows rows) {
    return CodeTerms.NONE;
  }

  /**
   * Returns the gradient around the code if the code in training is sparse. Returns null otherwise;
   * the gradient then passes through all values as in any layer.
   *
   * @param decoder the layer that takes the code
   */
  SparseGradient gradient(Layer decoder);
}
