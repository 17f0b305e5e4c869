package org.sparksae.core.train;

import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;

/**
 * The port through which mini-batch training makes its steps: it holds the parameters and the
 * optimiser's state, and knows where the rows are.
 */
public interface BatchStep {

  /**
   * What a step saw.
   *
   * @param terms the objective of the batch before the step
   * @param weight sum of the batch's row weights; with 0 nothing was changed
   * @param finiteGradient whether no element of the gradient was NaN or infinite; if not, the
   *     parameters can no longer be used
   * @param rows rows of the batch
   * @param firings rows in which each unit of the code is active, [units]; empty if that is not
   *     counted
   */
  record Result(
      ObjectiveTerms terms, double weight, boolean finiteGradient, long rows, double[] firings) {}

  /**
   * Moves the parameters by one step against the gradient of a batch.
   *
   * @param plan what the step does
   */
  Result step(StepPlan plan, Batch batch);

  /** The flat parameters, [p]; changed by the next step. */
  float[] parameters();

  /** Adam's moments, of all parameters or of the range that this worker owns; likewise. */
  Adam.State optimizer();
}
