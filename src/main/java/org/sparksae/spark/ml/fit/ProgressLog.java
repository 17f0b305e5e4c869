package org.sparksae.spark.ml.fit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.TrainingListener;

/** Logs one line for each iteration: objective and terms, rows per second, the most time left. */
final class ProgressLog implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressLog.class);

  private final String stage;
  private final String iteration;
  private final int maxIter;
  private double seconds;
  private int iterations;

  /**
   * A log.
   *
   * @param iteration what the solver calls an iteration
   */
  ProgressLog(Stage stage, String iteration, int maxIter) {
    this.stage = stage.isOneOfSeveral() ? stage.name() + ", " : "";
    this.iteration = iteration;
    this.maxIter = maxIter;
  }

  @Override
  public void iterationDone(IterationRecord record) {
    seconds += record.seconds();
    iterations++; // of this run: earlier ones may have been made on another machine
    double left = seconds / iterations * (maxIter - record.iteration());
    LOG.info(
        Text.format(
            "%s%s %d/%d: objective %.6g (%s)%s, %,.0f rows/s, at most %s left",
            stage,
            iteration,
            record.iteration(),
            maxIter,
            record.terms().total(),
            record.terms().describe(),
            validation(record),
            record.rowsPerSecond(),
            duration(left)));
  }

  private static String validation(IterationRecord record) {
    return Double.isNaN(record.validationObjective())
        ? ""
        : Text.format(", validation %.6g", record.validationObjective());
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : Text.format("%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
