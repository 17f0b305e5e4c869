package org.sparksae.core.train;

import org.sparksae.core.nn.ObjectiveTerms;
import org.sparksae.core.optim.Adam;

/**
 * Synchronous mini-batch Adam: each step takes the exact gradient of one global batch.
 *
 * <p>An epoch visits every row once, in an order seeded by the run's seed and the epoch; the last
 * batch may be smaller and is averaged over its true size. The batches do not depend on how the
 * rows are partitioned.
 */
public final class MiniBatchLoop {
  private final GradientSource source;
  private final long totalRows;
  private final TrainingSettings settings;
  private final TrainingMonitor monitor;
  private final DivergenceGuard guard;

  /**
   * A run.
   *
   * @param source objective of the training rows
   * @param totalRows number of training rows
   * @param validation objective of the validation rows, or null
   */
  public MiniBatchLoop(
      GradientSource source,
      long totalRows,
      GradientSource validation,
      TrainingSettings settings,
      TrainingListener listener) {
    this.source = source;
    this.totalRows = totalRows;
    this.settings = settings;
    this.monitor = new TrainingMonitor(validation, settings.tol(), listener);
    this.guard = DivergenceGuard.ofStepSize(settings.stepSize());
  }

  /**
   * Minimises the objective.
   *
   * @param initial flat parameters to start at; not changed
   * @throws DivergedException at the first batch whose objective or gradient is not finite
   */
  public TrainingResult run(float[] initial) {
    float[] parameters = initial.clone();
    float[] gradient = new float[parameters.length];
    Adam adam = new Adam(0, parameters.length);
    boolean goOn = true;
    for (int epoch = 1; goOn && epoch <= settings.maxIter(); epoch++) {
      ObjectiveTerms terms = epoch(epoch, parameters, gradient, adam);
      goOn = monitor.passDone(terms, parameters, totalRows);
    }
    return monitor.result(parameters);
  }

  /** The terms of an epoch are the mean of its batches', each with the weight of its rows. */
  private ObjectiveTerms epoch(int epoch, float[] parameters, float[] gradient, Adam adam) {
    RowPermutation order = new RowPermutation(totalRows, settings.seed(), epoch);
    double[] sums = new double[ObjectiveTerms.namesOf(source.spec()).size()];
    double weight = 0;
    int step = 1;
    for (long from = 0; from < totalRows; from += settings.batchSize(), step++) {
      long to = Math.min(from + settings.batchSize(), totalRows);
      Evaluation evaluation = source.evaluate(parameters, Batch.of(order, from, to));
      guard.check(evaluation, "pass %d, batch %d".formatted(epoch, step));
      if (evaluation.weight() == 0) {
        continue;
      }
      copyTo(evaluation.gradient(), gradient);
      adam.step(parameters, gradient, settings.stepSize());
      for (int i = 0; i < sums.length; i++) {
        sums[i] += evaluation.weight() * evaluation.terms().values()[i];
      }
      weight += evaluation.weight();
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= weight;
    }
    return new ObjectiveTerms(ObjectiveTerms.namesOf(source.spec()), sums);
  }

  private static void copyTo(double[] from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) from[i];
    }
  }
}
