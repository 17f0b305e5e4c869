package org.sparksae.core.train;

/** Why training ended. */
public enum StopReason {
  /** All iterations were made. */
  MAX_ITER,
  /** An iteration changed the objective by no more than {@code tol} allows, or no step could lower it. */
  CONVERGED,
  /** The objective of the validation rows no longer fell; the best parameters are the result. */
  EARLY_STOPPING
}
