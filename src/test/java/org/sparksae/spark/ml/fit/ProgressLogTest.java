package org.sparksae.spark.ml.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.KSchedule;
import org.sparksae.core.train.TrainingLength;

/** What a line of progress says. */
class ProgressLogTest {
  private static final AutoencoderSpec SPEC =
      KSparseCases.oneLayer(1, KSparseCases.codes(40, 3).get(0));

  private static String line(int iteration, TrainingLength length) {
    return log(length).line(record(iteration));
  }

  private static ProgressLog log(TrainingLength length) {
    KSchedule ks = new KSchedule(SPEC, 23, length.limit());
    return new ProgressLog("", Stage.JOINT, "epoch", length, ks, () -> 1);
  }

  private static IterationRecord record(int iteration) {
    ObjectiveTerms terms = new ObjectiveTerms(List.of("reconstruction"), new double[] {0.5});
    return new IterationRecord(iteration, terms, Double.NaN, 1000, 2);
  }

  /** The text is what it is without them. */
  @Test
  void programsGetTheFiguresByKey() {
    List<LogEvent> events = new ArrayList<>();
    AbstractAppender appender =
        new AbstractAppender("progress", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            events.add(event.toImmutable());
          }
        };
    appender.start();
    Configurator.setLevel(ProgressLog.class, Level.INFO);
    Logger logger = (Logger) LogManager.getLogger(ProgressLog.class);
    logger.addAppender(appender);
    try {
      log(TrainingLength.ofEpochs(4, 10)).iterationDone(record(6));
    } finally {
      logger.removeAppender(appender);
      Configurator.setLevel(ProgressLog.class, Level.ERROR);
    }
    LogEvent event = events.get(0);
    assertEquals(
        "epoch 6/10: objective 0.500000 (reconstruction 0.500000), 500 rows/s, at most 8 s left",
        event.getMessage().getFormattedMessage());
    assertEquals(
        Map.of("epoch", "6", "objective", "0.5", "rowsPerSecond", "500.0"),
        event.getContextData().toMap());
  }

  /** Over P = 5 of 10 epochs, k is 23 - 20 (p - 1) / 5. */
  @Test
  void kIsNamedWhileItFalls() {
    TrainingLength epochs = TrainingLength.ofEpochs(4, 10);
    String start = ": objective 0.500000 (reconstruction 0.500000)";
    assertEquals("epoch 2/10" + start + ", k = 19, 500 rows/s", line(2, epochs));
    assertEquals("epoch 6/10" + start + ", 500 rows/s", line(6, epochs));
  }

  /** Epochs end after 4, 8 and 10 of 10 steps. */
  @Test
  void maxStepsLowersItStepByStep() {
    TrainingLength steps = TrainingLength.ofSteps(4, 10);
    assertEquals(", k = 11, 500 rows/s", end(line(1, steps)));
    assertEquals(", 500 rows/s", end(line(2, steps)));
    assertEquals(", 500 rows/s", end(line(3, steps)));
  }

  private static String end(String line) {
    return line.substring(line.indexOf(')') + 1);
  }
}
