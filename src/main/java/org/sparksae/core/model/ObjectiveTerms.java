package org.sparksae.core.model;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.sparksae.core.Text;

/**
 * The named terms of the objective. Training minimises their sum.
 *
 * <pre>
 * J = reconstruction + weightDecay + sparsity1 + ... + sparsityK + auxiliary
 * reconstruction = (1/N) sum over i of 1/2 |x_hat_i - x_i|^2
 * weightDecay    = (lambda / 2) sum over the distinct weight matrices of |W|^2  (a tied matrix counts once)
 * sparsityk      = w_k S_k of hidden layer k
 * auxiliary      = that of a kind of code ({@link AuxK}, {@link Gated}, {@link JumpReluTraining});
 *                  only if there is one
 * </pre>
 *
 * <p>With nested widths, the reconstruction is the sum over all widths ({@link CodeLoss}).
 *
 * @param names the terms' names, in order
 * @param values their values
 */
public record ObjectiveTerms(List<String> names, double[] values) implements Serializable {

  /** Returns J, the sum of the terms. */
  public double total() {
    return Arrays.stream(values).sum();
  }

  /**
   * Returns the value of a term.
   *
   * @throws IllegalArgumentException if there is no such term
   */
  public double get(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(Text.format("no term '%s'; there are %s", name, names));
    }
    return values[index];
  }

  @Override
  public String toString() {
    return describe();
  }

  /**
   * Returns all terms in order, such as {@code reconstruction 12.5, weightDecay 0.1, sparsity1
   * 0.7}.
   */
  public String describe() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ", ").append(names.get(i)).append(' ');
      text.append(Text.format("%.6g", values[i]));
    }
    return text.toString();
  }
}
