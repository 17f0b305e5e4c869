package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;

/**
 * What one step of mini-batch training does.
 *
 * @param spec the model as it is in this step, which may differ in k only
 * @param stepSize Adam's learning rate in this step, 0 or more
 * @param gradientClip the largest norm of the gradient; infinite for none
 */
public record StepPlan(AutoencoderSpec spec, double stepSize, double gradientClip) {

  /** A step without a schedule. */
  public static StepPlan of(AutoencoderSpec spec, double stepSize) {
    return new StepPlan(spec, stepSize, Double.POSITIVE_INFINITY);
  }

  /** Whether long gradients are shortened. */
  boolean clips() {
    return gradientClip < Double.POSITIVE_INFINITY;
  }

  /**
   * What the gradient is multiplied by, so that its norm is {@code gradientClip} at most.
   *
   * @param norm its Euclidean norm over all parameters
   */
  double clipFactor(double norm) {
    return norm > gradientClip ? gradientClip / norm : 1;
  }
}
