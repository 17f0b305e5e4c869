package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** A model says what rows it takes, wherever it goes. */
@ExtendWith(LocalSpark.class)
class PreparedModelTest {
  private static final String PREPARATION = "zcaWhitening(epsilon=0.1)";

  @TempDir Path dir;

  private static Dataset<Row> rows() {
    return TestFrames.frame(TestFrames.rows(20, 5, 1), 1);
  }

  private static SparseAutoencoderModel model() {
    return new SparseAutoencoder()
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code")
        .setHiddenLayers(3)
        .setMaxIter(1)
        .fit(rows());
  }

  /** What loading a model logs as warnings. */
  private static List<String> warnings(Runnable loading) {
    List<String> messages = new ArrayList<>();
    AbstractAppender appender =
        new AbstractAppender("warnings", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            if (event.getLevel() == Level.WARN) {
              messages.add(event.getMessage().getFormattedMessage());
            }
          }
        };
    appender.start();
    // The tests' own configuration leaves this library's warnings out.
    Configurator.setLevel(AutoencoderModel.class, Level.WARN);
    Logger logger = (Logger) LogManager.getLogger(AutoencoderModel.class);
    logger.addAppender(appender);
    try {
      loading.run();
    } finally {
      logger.removeAppender(appender);
      Configurator.setLevel(AutoencoderModel.class, Level.ERROR);
    }
    return messages;
  }

  @Test
  void copiesSavedModelsAndFirstLayersKeepTheirPreparation() throws IOException {
    SparseAutoencoderModel model = model().setPreparation(PREPARATION);
    assertTrue(model.toString().endsWith(", preparation=" + PREPARATION), model.toString());
    assertEquals(PREPARATION, model.copy(ParamMap.empty()).preparation());
    assertEquals(PREPARATION, model.layer(1).preparation());
    String path = dir.resolve("model").toString();
    model.write().save(path);
    List<String> warnings =
        warnings(() -> assertEquals(PREPARATION, SparseAutoencoderModel.load(path).preparation()));
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(
        warnings.get(0).contains("trained on rows prepared by " + PREPARATION), warnings.get(0));
  }

  @Test
  void aPipelineThatPreparesItsRowsIsLoadedWithoutAWarning() throws IOException {
    PipelineModel pipeline =
        new Pipeline()
            .setStages(new PipelineStage[] {model().setPreparation(PREPARATION)})
            .fit(rows());
    String path = dir.resolve("pipeline").toString();
    pipeline.write().save(path);
    assertEquals(List.of(), warnings(() -> PipelineModel.load(path)));
  }

  @Test
  void aModelOfRowsAsTheyAreSaysNothing() throws IOException {
    SparseAutoencoderModel model = model();
    assertEquals("", model.preparation());
    assertFalse(model.toString().contains("preparation"), model.toString());
    assertFalse(model.provenance().containsKey("preparation"));
    String path = dir.resolve("model").toString();
    model.write().save(path);
    assertEquals(List.of(), warnings(() -> SparseAutoencoderModel.load(path)));
  }
}
