package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.code.CodeMemory;

/**
 * The settings of one step of mini-batch training.
 *
 * @param spec the model with the k of this step
 * @param stepSize Adam's learning rate in this step, 0 or more
 * @param gradientClip largest norm of the gradient; infinite for no clipping
 * @param memory what the training remembers of earlier batches
 * @param measuresRows whether the result has the losses of rows
 */
public record StepPlan(
    AutoencoderSpec spec,
    double stepSize,
    double gradientClip,
    CodeMemory memory,
    boolean measuresRows) {

  /** A step that remembers nothing. */
  public StepPlan(AutoencoderSpec spec, double stepSize, double gradientClip) {
    this(spec, stepSize, gradientClip, CodeMemory.NONE, false);
  }

  /** A step without a schedule. */
  public static StepPlan of(AutoencoderSpec spec, double stepSize) {
    return new StepPlan(spec, stepSize, Double.POSITIVE_INFINITY);
  }

  /** The same step with a memory. */
  StepPlan with(CodeMemory other) {
    return new StepPlan(spec, stepSize, gradientClip, other, measuresRows);
  }

  /** The same step, whose result has the losses of rows or not. */
  StepPlan measuringRows(boolean measures) {
    return new StepPlan(spec, stepSize, gradientClip, memory, measures);
  }

  /** Whether gradients are clipped. */
  boolean clips() {
    return gradientClip < Double.POSITIVE_INFINITY;
  }

  /**
   * Returns the factor that scales the gradient to a norm of at most {@code gradientClip}.
   *
   * @param norm Euclidean norm of the gradient over all parameters
   */
  double clipFactor(double norm) {
    return norm > gradientClip ? gradientClip / norm : 1;
  }
}
