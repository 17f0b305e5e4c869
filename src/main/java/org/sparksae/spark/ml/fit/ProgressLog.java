package org.sparksae.spark.ml.fit;

import java.util.OptionalInt;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.train.EpochPart;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.KSchedule;
import org.sparksae.core.train.TrainingLength;
import org.sparksae.core.train.TrainingListener;

/**
 * Logs one line for each iteration: objective and terms, k while it falls, rows per second, the
 * most time left. Long epochs have more lines, one about every {@value #QUIET_S} seconds.
 *
 * <p>An iteration's line has its number ({@code epoch}, or {@code iteration} of l-bfgs), {@code
 * objective} and {@code rowsPerSecond} as SLF4J's key-value pairs, too. Log4j makes them context
 * data, which layouts for machines write.
 */
final class ProgressLog implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressLog.class);

  private static final int QUIET_S = 30;

  private final String prefix;
  private final String iteration;
  private final TrainingLength length;
  private final KSchedule ks;
  private final IntSupplier together;
  private double seconds;
  private int iterations;
  private long lastLine = System.nanoTime();

  /**
   * A log.
   *
   * @param name names the fit; may be empty
   * @param iteration what the solver calls an iteration
   * @param length length of the training
   * @param ks how k falls
   * @param together number of models that are trained together; the time left counts each as long
   *     as this one
   */
  ProgressLog(
      String name,
      Stage stage,
      String iteration,
      TrainingLength length,
      KSchedule ks,
      IntSupplier together) {
    String ofStage = stage.isOneOfSeveral() ? stage.name() + ", " : "";
    this.prefix = (name.isEmpty() ? "" : name + ", ") + ofStage;
    this.together = together;
    this.iteration = iteration;
    this.length = length;
    this.ks = ks;
  }

  @Override
  public void iterationDone(IterationRecord record) {
    seconds += record.seconds();
    iterations++; // of this run: earlier ones may have been made on another machine
    lastLine = System.nanoTime();
    double epochs = (double) length.steps() / length.stepsOfEpoch();
    double left = seconds / iterations * Math.max(0, epochs - record.iteration());
    LOG.atInfo()
        .addKeyValue(iteration, record.iteration())
        .addKeyValue("objective", record.terms().total())
        .addKeyValue("rowsPerSecond", record.rowsPerSecond())
        .log("{}, at most {} left", line(record), duration(left));
  }

  /** Describes an iteration. */
  String line(IterationRecord record) {
    long made = Math.min(length.steps(), record.iteration() * length.stepsOfEpoch());
    return Text.format(
        "%s%s %d/%d: objective %.6g (%s)%s%s, %,.0f rows/s",
        prefix,
        iteration,
        record.iteration(),
        length.epochs(),
        record.terms().total(),
        record.terms().describe(),
        validation(record),
        k(record.iteration(), made),
        record.rowsPerSecond());
  }

  @Override
  public void stepsDone(int number, EpochPart epoch) {
    long now = System.nanoTime();
    if (epoch.steps() == length.stepsOfEpoch() || now - lastLine < QUIET_S * 1_000_000_000L) {
      return;
    }
    lastLine = now;
    long made = length.made(number - 1, epoch);
    long left = length.steps() - made;
    LOG.info(
        Text.format(
            "%s%s %d/%d, step %,d/%,d: objective so far %.6g%s, %,.0f rows/s, at most %s left",
            prefix,
            iteration,
            number,
            length.epochs(),
            epoch.steps(),
            length.stepsOfEpoch(),
            epoch.objective(),
            k(number, made),
            epoch.rowsPerSecond(),
            duration(epoch.seconds() / epoch.steps() * left)));
  }

  /** The k of an epoch or, with {@code maxSteps}, of a step; empty where it does not change. */
  private String k(int epoch, long step) {
    OptionalInt k = ks.kAt(length.inSteps() ? step : epoch);
    return k.isPresent() ? ", k = " + k.getAsInt() : "";
  }

  private static String validation(IterationRecord record) {
    return Double.isNaN(record.validationObjective())
        ? ""
        : Text.format(", validation %.6g", record.validationObjective());
  }

  private String duration(double own) {
    long whole = Math.round(own * Math.max(1, together.getAsInt()));
    return whole < 60
        ? whole + " s"
        : Text.format("%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
