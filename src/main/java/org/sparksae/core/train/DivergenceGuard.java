package org.sparksae.core.train;

import org.sparksae.core.nn.ObjectiveTerms;

/** Stops a run at the first objective that is not finite, and says where and what to do. */
final class DivergenceGuard {
  private final String remedy;
  private ObjectiveTerms lastFinite;

  private DivergenceGuard(String remedy) {
    this.remedy = remedy;
  }

  static DivergenceGuard ofStepSize(double stepSize) {
    return new DivergenceGuard(
        "lower stepSize (it is %s), for example to %s, or scale the input"
            .formatted(stepSize, (float) (stepSize / 10)));
  }

  static DivergenceGuard ofInput() {
    return new DivergenceGuard("scale the input, for example to [0, 1], or raise regParam");
  }

  /**
   * Passes finite terms.
   *
   * @throws DivergedException if the objective is NaN or infinite
   */
  void check(ObjectiveTerms terms, String where) {
    if (!Double.isFinite(terms.total())) {
      String before = lastFinite == null ? "none" : lastFinite.describe();
      throw new DivergedException(
          "training diverged at %s: the objective is not finite (%s); last finite objective: %s; %s"
              .formatted(where, terms.describe(), before, remedy));
    }
    lastFinite = terms;
  }
}
