package org.sparksae.core.train;

/** Why training ended. */
public enum StopReason {
  /** Training reached {@code maxIter}, or {@code maxSteps} where that is set. */
  MAX_ITER,
  /** An iteration changed the objective by at most {@code tol} of it, or no step could lower it. */
  CONVERGED,
  /** The objective of the validation rows no longer fell; the best parameters are the result. */
  EARLY_STOPPING
}
