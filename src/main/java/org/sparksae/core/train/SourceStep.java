package org.sparksae.core.train;

import java.util.Arrays;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.PartitionFunction;

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
    Evaluation evaluation =
        source.of(plan.spec()).evaluate(parameters, batch, plan.memory(), plan.measuresRows());
    boolean finite = evaluation.hasFiniteGradient();
    if (evaluation.weight() > 0 && finite) {
      update(plan, evaluation.gradient());
    }
    return new Result(
        evaluation.terms(),
        evaluation.weight(),
        finite,
        evaluation.rows(),
        evaluation.firings(),
        evaluation.found(),
        evaluation.rowLosses());
  }

  @Override
  public double[] sum(PartitionFunction function) {
    return source.sum(function);
  }

  @Override
  public void restart(int[] changed) {
    for (int i : changed) {
      adam.restart(i);
    }
  }

  /**
   * Makes the step of {@link OwnedRange}, whose range here is that of all parameters.
   *
   * @param objective the gradient; changed
   */
  private void update(StepPlan plan, double[] objective) {
    UnitNorm unitNorm = new UnitNorm(plan.spec().layout(), Collective.SOLO, Team.SOLO);
    if (!unitNorm.isEmpty()) {
      project(unitNorm, objective);
    }
    round(plan.clips() ? plan.clipFactor(norm(objective)) : 1, objective);
    adam.step(parameters, gradient, plan.stepSize());
    unitNorm.normalise(parameters);
    PositiveThresholds.keep(plan.spec().layout(), parameters, 0, parameters.length);
  }

  /** Projects a gradient as floats, which is how workers have it. */
  private void project(UnitNorm unitNorm, double[] objective) {
    round(1, objective);
    unitNorm.project(parameters, gradient);
    Arrays.setAll(objective, i -> gradient[i]);
  }

  private void round(double factor, double[] objective) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) (factor * objective[i]);
    }
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
