package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.optim.Adam;

/** Steps of Adam where the loop is, with gradients from wherever the rows are. */
public final class SourceStep implements BatchStep {
  private final GradientSource source;
  private final double stepSize;
  private final float[] parameters;
  private final float[] gradient;
  private final Adam adam;

  /**
   * Starts at some parameters.
   *
   * @param source objective of the training rows
   * @param start parameters, [p], and Adam's moments, [p]; not changed
   * @param stepSize Adam's learning rate
   */
  public SourceStep(GradientSource source, TrainingState start, double stepSize) {
    this.source = source;
    this.stepSize = stepSize;
    this.parameters = start.parameters().clone();
    this.gradient = new float[parameters.length];
    this.adam = new Adam(0, parameters.length);
    adam.restore(start.optimizer());
  }

  @Override
  public Result step(AutoencoderSpec spec, Batch batch) {
    Evaluation evaluation = source.of(spec).evaluate(parameters, batch);
    boolean finite = evaluation.hasFiniteGradient();
    if (evaluation.weight() > 0 && finite) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = (float) evaluation.gradient()[i];
      }
      adam.step(parameters, gradient, stepSize);
    }
    return new Result(evaluation.terms(), evaluation.weight(), finite);
  }

  @Override
  public float[] parameters() {
    return parameters;
  }

  @Override
  public Adam.State optimizer() {
    return adam.state();
  }
}
