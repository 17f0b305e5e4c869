package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerInterface;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.RDDInfo;
import org.apache.spark.util.JsonProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.ml.listener.TrainingProgress;
import org.sparksae.spark.ml.listener.TrainingProgressListener;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark's web pages, listeners and event log show of a fit. */
@ExtendWith(LocalSpark.class)
class SparkSurfaceTest {
  private static final String DESCRIPTION = "spark.job.description";

  private final SparkContext context = LocalSpark.session().sparkContext();
  private final Dataset<Row> rows = TestFrames.frame(TestFrames.rows(40, 6, 3), 2);

  private static SparseAutoencoder estimator() {
    return new SparseAutoencoder()
        .setInputCol("features")
        .setHiddenLayers(3)
        .setSolver("adam")
        .setMaxIter(3)
        .setBatchSize(20);
  }

  /** Fits with a listener, and returns when it has heard of everything. */
  private SparseAutoencoderModel fit(SparseAutoencoder estimator, SparkListenerInterface listener)
      throws Exception {
    context.addSparkListener(listener);
    try {
      return estimator.fit(rows);
    } finally {
      context.listenerBus().waitUntilEmpty();
      context.removeSparkListener(listener);
    }
  }

  /** The jobs of a fit, by what the web pages show. */
  private static final class Jobs extends SparkListener {
    private final List<String> descriptions = new CopyOnWriteArrayList<>();
    private final List<String> rdds = new CopyOnWriteArrayList<>();

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      descriptions.add(job.properties().getProperty(DESCRIPTION));
      CollectionConverters.asJava(job.stageInfos())
          .forEach(
              stage ->
                  CollectionConverters.asJava(stage.rddInfos()).stream()
                      .map(RDDInfo::name)
                      .forEach(rdds::add));
    }
  }

  @Test
  void jobsSayWhatTheyDo() throws Exception {
    Jobs jobs = new Jobs();
    fit(estimator(), jobs);
    assertEquals("Sparse autoencoder: reading rows", jobs.descriptions.get(0));
    assertTrue(jobs.descriptions.contains("Sparse autoencoder: training"));
    assertTrue(
        jobs.descriptions.stream().allMatch(text -> text.startsWith("Sparse autoencoder: ")),
        jobs.descriptions::toString);
    assertTrue(jobs.rdds.contains("rows to learn from"), jobs.rdds::toString);
    assertTrue(jobs.rdds.contains("round of training"), jobs.rdds::toString);
    assertNull(context.getLocalProperty(DESCRIPTION));
  }

  @Test
  void theCallersDescriptionStays() throws Exception {
    Jobs jobs = new Jobs();
    context.setJobDescription("nightly features");
    try {
      fit(estimator(), jobs);
      assertEquals("nightly features", context.getLocalProperty(DESCRIPTION));
    } finally {
      context.setJobDescription(null);
    }
    assertFalse(jobs.descriptions.isEmpty());
    assertTrue(
        jobs.descriptions.stream().allMatch("nightly features"::equals),
        jobs.descriptions::toString);
  }

  @Test
  void aListenerHearsOfEachIterationAndTheEventLogKeepsIt() throws Exception {
    List<TrainingProgress> heard = new ArrayList<>();
    SparseAutoencoder estimator = estimator();
    SparseAutoencoderModel model =
        fit(
            estimator,
            new TrainingProgressListener() {
              @Override
              public void onProgress(TrainingProgress progress) {
                heard.add(progress);
              }
            });
    assertArrayEquals(
        model.summary().objectiveHistory(),
        heard.stream().mapToDouble(TrainingProgress::objective).toArray());
    for (int i = 0; i < heard.size(); i++) {
      TrainingProgress progress = heard.get(i);
      assertEquals(estimator.uid(), progress.uid());
      assertEquals(i + 1, progress.iteration());
      assertEquals(3, progress.maxIter());
      assertEquals(40, progress.rows());
      assertEquals(
          progress, JsonProtocol.sparkEventFromJson(JsonProtocol.sparkEventToJsonString(progress)));
    }
  }

  @Test
  void explainParamShowsListsAsLists() {
    SparseAutoencoder estimator = estimator().setHiddenLayers(64, 32);
    assertTrue(
        estimator.explainParam(estimator.hiddenLayers()).endsWith("(current: [64,32])"),
        estimator.explainParams());
    assertFalse(estimator.explainParams().contains("[I@"), estimator.explainParams());
    assertTrue(
        estimator.explainParam(estimator.maxIter()).endsWith("(default: 100, current: 3)"),
        estimator.explainParam(estimator.maxIter()));
  }
}
