package org.sparksae.core.train;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.optim.Lbfgs;
import org.sparksae.core.rows.Batch;

/**
 * L-BFGS over all rows: every evaluation is one look at the whole data, every iteration needs one
 * and rarely more.
 *
 * <p>The optimiser works in double; the parameters that the partitions see are rounded to float. A
 * loop can pause after any iteration and go on, and another one can go on from its {@link #state()}:
 * with equal bits.
 */
public final class FullBatchLoop {
  private final GradientSource source;
  private final TrainingMonitor monitor;
  private final DivergenceGuard guard = DivergenceGuard.ofInput();
  private final int maxIter;
  private final Batch batch;
  private final FullBatchState start;
  private final List<ObjectiveTerms> evaluated = new ArrayList<>();
  private Lbfgs lbfgs;
  private Evaluation last;
  private long rows;

  /**
   * A run.
   *
   * @param source objective of the training rows
   * @param validation objective of the validation rows, or null
   * @param start where to begin, or to go on; not changed
   */
  public FullBatchLoop(
      GradientSource source,
      GradientSource validation,
      TrainingSettings settings,
      TrainingListener listener,
      FullBatchState start) {
    this.source = source;
    this.maxIter = settings.maxIter();
    this.batch = Batch.ALL.with(settings.fixedNoise());
    this.start = start;
    this.monitor = new TrainingMonitor(validation, settings, listener, start.progress());
  }

  /**
   * Minimises the objective.
   *
   * @throws DivergedException if the objective or its gradient is not finite at the start, or
   *     wherever a line search went until it gave up
   */
  public TrainingResult run() {
    run(iteration -> false);
    return state().result();
  }

  /**
   * Goes on until it is done or pauses.
   *
   * @throws DivergedException if the objective or its gradient is not finite at the start, or
   *     wherever a line search went until it gave up
   */
  public void run(MiniBatchLoop.Pause pause) {
    TrainingProgress progress = monitor.progress();
    boolean goOn = progress.goesOn(maxIter);
    if (goOn && lbfgs == null) {
      begin();
    }
    for (int iteration = progress.iterations() + 1; goOn && iteration <= maxIter; iteration++) {
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
              && !pause.isAfter(iteration);
      rows = 0;
    }
  }

  private void begin() {
    if (start.optimizer() == null) {
      lbfgs = new Lbfgs(this::evaluate, toDoubles(start.parameters()), Lbfgs.DEFAULT_HISTORY);
      return;
    }
    // What the line search looked at last was accepted, and is what was reported.
    start.progress().history().stream()
        .skip(Math.max(0, start.progress().iterations() - 1))
        .forEach(iteration -> evaluated.add(iteration.terms()));
    lbfgs = new Lbfgs(this::evaluate, start.optimizer(), Lbfgs.DEFAULT_HISTORY);
  }

  /** Where it is; the optimiser's live arrays. */
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

  /** The parameters as the partitions see them. */
  public static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
