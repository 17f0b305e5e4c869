package org.sparksae.core.train;

import org.sparksae.core.Text;
import org.sparksae.core.model.ObjectiveTerms;

/**
 * Stops a run at the first objective or gradient that is not finite. The message says where that
 * was and what to do.
 */
final class DivergenceGuard {
  private final String remedy;
  private ObjectiveTerms lastFinite;

  private DivergenceGuard(String remedy) {
    this.remedy = remedy;
  }

  static DivergenceGuard of(TrainingSettings.Optimizer optimizer) {
    return new DivergenceGuard(optimizer.remedies());
  }

  static DivergenceGuard ofInput() {
    return new DivergenceGuard("scale the input, for example to [0, 1], or raise regParam");
  }

  /**
   * Checks that an evaluation is finite.
   *
   * @throws DivergedException if the objective or an element of its gradient is NaN or infinite;
   *     the gradient overflows first, because it is computed in float
   */
  void check(Evaluation evaluation, String where) {
    check(evaluation.terms(), evaluation.hasFiniteGradient(), where);
  }

  /**
   * Checks that objective and gradient are finite.
   *
   * @throws DivergedException if the objective or an element of its gradient is NaN or infinite
   */
  void check(ObjectiveTerms terms, boolean finiteGradient, String where) {
    if (!Double.isFinite(terms.total())) {
      throw diverged("the objective is not finite", terms, where);
    }
    if (!finiteGradient) {
      throw diverged("the gradient is not finite", terms, where);
    }
    lastFinite = terms;
  }

  private DivergedException diverged(String problem, ObjectiveTerms terms, String where) {
    String before = lastFinite == null ? "none" : lastFinite.describe();
    return new DivergedException(
        Text.format(
            "training diverged at %s: %s (%s); last finite objective: %s; %s",
            where, problem, terms.describe(), before, remedy));
  }
}
