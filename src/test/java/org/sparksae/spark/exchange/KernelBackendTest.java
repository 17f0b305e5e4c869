package org.sparksae.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.bfloat16.Bfloat16Backend;
import org.sparksae.core.model.Precision;

/** What computes products of bfloat16 is said to those who ask for them, once. */
class KernelBackendTest {
  @Test
  void bfloat16IsLoggedAtMostOnceWithItsReason() {
    List<String> said = new ArrayList<>();
    AbstractAppender appender =
        new AbstractAppender("backends", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            said.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
          }
        };
    appender.start();
    Configurator.setLevel(KernelBackend.class, Level.INFO);
    Logger logger = (Logger) LogManager.getLogger(KernelBackend.class);
    logger.addAppender(appender);
    logger.setAdditive(false);
    Bfloat16Backend backend = Bfloat16Backend.get();
    try {
      KernelBackend.log(Precision.FLOAT32);
      said.clear();
      KernelBackend.log(Precision.BFLOAT16);
      KernelBackend.log(Precision.BFLOAT16);
      KernelBackend.log(Precision.FLOAT32);
    } finally {
      logger.setAdditive(true);
      logger.removeAppender(appender);
      Configurator.setLevel(KernelBackend.class, Level.ERROR);
    }
    // None if another test of this JVM has asked before.
    assertTrue(said.size() <= 1, said.toString());
    for (String line : said) {
      assertEquals(
          (backend.isFast() ? "INFO" : "WARN")
              + " bfloat16 products by "
              + backend.name()
              + ": "
              + backend.reason(),
          line);
    }
  }
}
