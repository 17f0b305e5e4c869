package org.sparksae.spark.ml.fit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.train.EpochPart;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.TrainingLength;
import org.sparksae.core.train.TrainingListener;

/**
 * Logs one line for each iteration: objective and terms, rows per second, the most time left. Long
 * epochs have more lines, one about every {@value #QUIET_S} seconds.
 */
final class ProgressLog implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressLog.class);

  private static final int QUIET_S = 30;

  private final String stage;
  private final String iteration;
  private final TrainingLength length;
  private double seconds;
  private int iterations;
  private long lastLine = System.nanoTime();

  /**
   * A log.
   *
   * @param iteration what the solver calls an iteration
   * @param length length of the training
   */
  ProgressLog(Stage stage, String iteration, TrainingLength length) {
    this.stage = stage.isOneOfSeveral() ? stage.name() + ", " : "";
    this.iteration = iteration;
    this.length = length;
  }

  @Override
  public void iterationDone(IterationRecord record) {
    seconds += record.seconds();
    iterations++; // of this run: earlier ones may have been made on another machine
    lastLine = System.nanoTime();
    double epochs = (double) length.steps() / length.stepsOfEpoch();
    double left = seconds / iterations * Math.max(0, epochs - record.iteration());
    LOG.info(
        Text.format(
            "%s%s %d/%d: objective %.6g (%s)%s, %,.0f rows/s, at most %s left",
            stage,
            iteration,
            record.iteration(),
            length.epochs(),
            record.terms().total(),
            record.terms().describe(),
            validation(record),
            record.rowsPerSecond(),
            duration(left)));
  }

  @Override
  public void stepsDone(int number, EpochPart epoch) {
    long now = System.nanoTime();
    if (epoch.steps() == length.stepsOfEpoch() || now - lastLine < QUIET_S * 1_000_000_000L) {
      return;
    }
    lastLine = now;
    long left = length.steps() - length.made(number - 1, epoch);
    LOG.info(
        Text.format(
            "%s%s %d/%d, step %,d/%,d: objective so far %.6g, %,.0f rows/s, at most %s left",
            stage,
            iteration,
            number,
            length.epochs(),
            epoch.steps(),
            length.stepsOfEpoch(),
            epoch.objective(),
            epoch.rowsPerSecond(),
            duration(epoch.seconds() / epoch.steps() * left)));
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
