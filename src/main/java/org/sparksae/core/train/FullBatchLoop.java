package org.sparksae.core.train;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.nn.ObjectiveTerms;
import org.sparksae.core.optim.Lbfgs;

/**
 * L-BFGS over all rows: every evaluation is one look at the whole data, every iteration needs one
 * and rarely more.
 *
 * <p>The optimiser works in double; the parameters that the partitions see are rounded to float.
 */
public final class FullBatchLoop {
  private final GradientSource source;
  private final TrainingMonitor monitor;
  private final DivergenceGuard guard = DivergenceGuard.ofInput();
  private final int maxIter;
  private final List<ObjectiveTerms> evaluated = new ArrayList<>();
  private Evaluation last;
  private long rows;

  /**
   * A run.
   *
   * @param source objective of the training rows
   * @param validation objective of the validation rows, or null
   */
  public FullBatchLoop(
      GradientSource source,
      GradientSource validation,
      TrainingSettings settings,
      TrainingListener listener) {
    this.source = source;
    this.maxIter = settings.maxIter();
    this.monitor =
        new TrainingMonitor(validation, settings.tol(), listener, TrainingProgress.START);
  }

  /**
   * Minimises the objective.
   *
   * @param initial flat parameters to start at; not changed
   * @throws DivergedException if the objective or its gradient is not finite at the start, or
   *     wherever a line search went until it gave up
   */
  public TrainingResult run(float[] initial) {
    if (maxIter == 0) {
      return monitor.progress().result(initial.clone());
    }
    Lbfgs lbfgs = new Lbfgs(this::evaluate, toDoubles(initial), Lbfgs.DEFAULT_HISTORY);
    boolean goOn = true;
    for (int iteration = 1; goOn && iteration <= maxIter; iteration++) {
      Lbfgs.Status status = lbfgs.iterate();
      if (status != Lbfgs.Status.STEPPED) {
        if (status == Lbfgs.Status.LINE_SEARCH_FAILED) {
          guard.check(last, "pass " + iteration);
        }
        monitor.converged();
        break;
      }
      goOn = monitor.passDone(termsAt(lbfgs.value()), toFloats(lbfgs.point()), rows);
      rows = 0;
    }
    return monitor.progress().result(toFloats(lbfgs.point()));
  }

  private double evaluate(double[] x, double[] gradient) {
    Evaluation evaluation = source.evaluate(toFloats(x), Batch.ALL);
    System.arraycopy(evaluation.gradient(), 0, gradient, 0, gradient.length);
    if (evaluated.isEmpty()) {
      guard.check(evaluation, "the initial parameters");
    }
    last = evaluation;
    evaluated.add(evaluation.terms());
    rows += evaluation.rows();
    return evaluation.terms().total();
  }

  /**
   * The terms of the accepted point, which need not be the one that the line search looked at last.
   */
  private ObjectiveTerms termsAt(double value) {
    ObjectiveTerms terms = evaluated.get(evaluated.size() - 1);
    for (ObjectiveTerms candidate : evaluated) {
      if (candidate.total() == value) {
        terms = candidate;
      }
    }
    evaluated.clear();
    evaluated.add(terms);
    return terms;
  }

  private static double[] toDoubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
