package org.sparksae.core.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.optim.Lbfgs;
import org.sparksae.core.rows.Batch;

/**
 * Trains with L-BFGS on all rows. Every evaluation scans the whole data; an iteration needs one
 * evaluation and rarely more.
 *
 * <p>The optimiser works in double; the partitions get the parameters rounded to float. A loop can
 * pause after any iteration. It, or another loop with its {@link #state()}, then continues with the
 * same bits.
 */
public final class FullBatchLoop {
  private final GradientSource source;
  private final TrainingMonitor monitor;
  private final DivergenceGuard guard = DivergenceGuard.ofInput();
  private final TrainingLength length;
  private final Batch batch;
  private final FullBatchState start;
  private final List<ObjectiveTerms> evaluated = new ArrayList<>();
  private Lbfgs lbfgs;
  private Evaluation last;
  private long rows;

  /**
   * Prepares a run.
   *
   * @param source objective of the training rows
   * @param validation objective of the validation rows, or null
   * @param start the state to start or continue from; not changed
   */
  public FullBatchLoop(
      GradientSource source,
      GradientSource validation,
      TrainingSettings settings,
      TrainingListener listener,
      FullBatchState start) {
    this.source = source;
    this.length = TrainingLength.ofIterations(settings.maxIter());
    this.batch = settings.allRows();
    this.start = start;
    this.monitor = new TrainingMonitor(validation, settings, listener, start.progress());
  }

  /**
   * Minimises the objective.
   *
   * @throws DivergedException if the objective or its gradient is not finite at the start, or at
   *     the last point of a line search that failed
   */
  public TrainingResult run() {
    run(iteration -> false);
    return state().result();
  }

  /**
   * Runs until the training ends or pauses.
   *
   * @param pauseAfter whether to pause after an iteration, counted from 1
   * @throws DivergedException if the objective or its gradient is not finite at the start, or at
   *     the last point of a line search that failed
   */
  public void run(IntPredicate pauseAfter) {
    TrainingProgress progress = monitor.progress();
    boolean goOn = progress.goesOn(length);
    if (goOn && lbfgs == null) {
      begin();
    }
    for (int iteration = progress.iterations() + 1;
        goOn && iteration <= length.steps();
        iteration++) {
      Lbfgs.Status status = lbfgs.iterate();
      if (status != Lbfgs.Status.STEPPED) {
        if (status == Lbfgs.Status.LINE_SEARCH_FAILED) {
          guard.check(last, "iteration " + iteration);
        }
        monitor.converged();
        break;
      }
      goOn =
          monitor.iterationDone(termsAt(lbfgs.value()), toFloats(lbfgs.point()), rows)
              && !pauseAfter.test(iteration);
      rows = 0;
    }
  }

  private void begin() {
    if (start.optimizer() == null) {
      lbfgs = new Lbfgs(this::evaluate, toDoubles(start.parameters()), Lbfgs.DEFAULT_HISTORY);
      return;
    }
    // The last report has the terms of the point that the line search accepted.
    start.progress().history().stream()
        .skip(Math.max(0, start.progress().iterations() - 1))
        .forEach(iteration -> evaluated.add(iteration.terms()));
    lbfgs = new Lbfgs(this::evaluate, start.optimizer(), Lbfgs.DEFAULT_HISTORY);
  }

  /** Returns the present state, with the optimiser's live arrays. */
  public FullBatchState state() {
    return lbfgs == null
        ? start
        : new FullBatchState(toFloats(lbfgs.point()), lbfgs.state(), monitor.progress());
  }

  private double evaluate(double[] x, double[] gradient) {
    Evaluation evaluation = source.evaluate(toFloats(x), batch);
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
   * Returns the terms of the accepted point, which need not be the last one that the line search
   * evaluated.
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

  /** Rounds parameters to float, as the partitions get them. */
  public static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
