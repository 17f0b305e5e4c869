package org.sparksae.core.train;

import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.PartitionFunction;

/**
 * Makes the steps of mini-batch training. It holds the parameters and the optimiser's state, and
 * knows where the rows are.
 */
public interface BatchStep {

  /**
   * The result of a step.
   *
   * @param terms the objective of the batch before the step
   * @param weight sum of the batch's row weights; if it is 0, the step changed nothing
   * @param finiteGradient whether all elements of the gradient were finite; if not, the parameters
   *     are no longer usable
   * @param rows number of rows in the batch
   * @param firings those of {@link org.sparksae.core.model.ObjectiveLayout#firingsIn}
   * @param found what the code needed to know about the batch; null if it needed nothing
   * @param rowLosses what {@link RowLosses} says of each row, [rows of the batch]; empty if the
   *     plan does not ask for it
   */
  record Result(
      ObjectiveTerms terms,
      double weight,
      boolean finiteGradient,
      long rows,
      double[] firings,
      float[] found,
      double[] rowLosses) {}

  /**
   * Moves the parameters by one step against the gradient of a batch.
   *
   * @param plan what the step does
   */
  Result step(StepPlan plan, Batch batch);

  /**
   * Returns the sums of a function over all training rows. All workers call it together, between
   * steps; parameters may change afterwards, on all of them alike.
   */
  double[] sum(PartitionFunction function);

  /**
   * Tells that some parameters were changed, and have no history: their moments become 0.
   *
   * @param changed indices of the parameters
   */
  void restart(int[] changed);

  /** Returns the flat parameters, [p]. The next step changes this array. */
  float[] parameters();

  /**
   * Returns Adam's moments of all parameters, or of the range that this worker owns. The next step
   * changes these arrays.
   */
  Adam.State optimizer();
}
