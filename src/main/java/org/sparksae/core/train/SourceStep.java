package org.sparksae.core.train;

import java.util.Arrays;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;

/** Makes steps of Adam in the loop's process, with gradients from a {@link GradientSource}. */
public final class SourceStep implements BatchStep {
  private final GradientSource source;
  private final float[] parameters;
  private final float[] gradient;
  private final Adam adam;

  /**
   * Starts from a state.
   *
   * @param source objective of the training rows
   * @param start parameters, [p], and Adam's moments, [p]; not changed
   * @param settings the constants of Adam
   */
  public SourceStep(GradientSource source, TrainingState start, Adam.Settings settings) {
    this.source = source;
    this.parameters = start.parameters().clone();
    this.gradient = new float[parameters.length];
    this.adam = new Adam(0, parameters.length, settings);
    adam.restore(start.optimizer());
  }

  @Override
  public Result step(StepPlan plan, Batch batch) {
    Evaluation evaluation = source.of(plan.spec()).evaluate(parameters, batch);
    boolean finite = evaluation.hasFiniteGradient();
    if (evaluation.weight() > 0 && finite) {
      update(plan, evaluation.gradient());
    }
    return new Result(
        evaluation.terms(), evaluation.weight(), finite, evaluation.rows(), evaluation.firings());
  }

  /** The steps are those of {@link OwnedRange}; here the range is that of all parameters. */
  private void update(StepPlan plan, double[] objective) {
    UnitNorm unitNorm = new UnitNorm(plan.spec().layout(), Collective.SOLO, Team.SOLO);
    double[] projected = unitNorm.isEmpty() ? objective : projected(unitNorm, objective);
    double clip = plan.clips() ? plan.clipFactor(norm(projected)) : 1;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) (clip * projected[i]);
    }
    adam.step(parameters, gradient, plan.stepSize());
    unitNorm.normalise(parameters);
  }

  private double[] projected(UnitNorm unitNorm, double[] objective) {
    float[] floats = FullBatchLoop.toFloats(objective);
    unitNorm.project(parameters, floats);
    double[] projected = new double[floats.length];
    Arrays.setAll(projected, i -> floats[i]);
    return projected;
  }

  private static double norm(double[] gradient) {
    double squares = 0;
    for (double element : gradient) {
      squares += element * element;
    }
    return Math.sqrt(squares);
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
