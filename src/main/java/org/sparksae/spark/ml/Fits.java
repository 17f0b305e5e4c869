package org.sparksae.spark.ml;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.ObjIntConsumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.sparksae.core.Text;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.job.SparkJobs;
import org.sparksae.spark.ml.fit.Reading;
import org.sparksae.spark.ml.fit.TrainingData;
import org.sparksae.spark.ml.fit.TrainingRows;

/**
 * The fits of one call. All candidates are checked before any row is read; rows are read once for
 * all candidates with equal {@link Reading}s, which are then trained one after the other.
 *
 * @param <M> the models
 */
final class Fits<M extends AutoencoderModel<M>> {
  private final Dataset<?> dataset;
  private final SparkContext context;
  private final List<Candidate<M>> candidates;
  private final boolean keepsModels;

  /** A candidate that was checked. */
  private record Ready<M extends AutoencoderModel<M>>(Candidate<M> candidate, ModelFit<M> fit) {}

  /**
   * A call.
   *
   * @param keepsModels whether the caller keeps all models until the end
   */
  Fits(Dataset<?> dataset, List<Candidate<M>> candidates, boolean keepsModels) {
    this.dataset = dataset;
    this.keepsModels = keepsModels;
    this.context = dataset.sparkSession().sparkContext();
    this.candidates = candidates;
  }

  /**
   * Fits all candidates.
   *
   * @param fitted gets each model, with its candidate's index, as soon as it is trained; not in the
   *     order of the candidates if they differ in their readings
   * @param failed gets what ended the training of one candidate, after which the others go on; null
   *     if it ends the call. A refusal or a cancellation always does
   */
  void run(ObjIntConsumer<? super M> fitted, ObjIntConsumer<? super Exception> failed) {
    for (Candidate<M> candidate : candidates) {
      candidate.named(() -> candidate.estimator().transformSchema(dataset.schema()));
    }
    requireOwnCheckpoints();
    SparkJobs.run(
        context,
        "training",
        () -> {
          train(fitted, failed);
          return null;
        });
  }

  /**
   * Refuses two candidates that would overwrite each other's checkpoints.
   *
   * @throws IllegalArgumentException naming the directory and both candidates
   */
  private void requireOwnCheckpoints() {
    Map<String, Candidate<M>> owners = new HashMap<>();
    for (Candidate<M> candidate : candidates) {
      String directory = candidate.estimator().getCheckpointDir();
      Candidate<M> other = directory.isEmpty() ? null : owners.put(qualified(directory), candidate);
      if (other != null) {
        throw new IllegalArgumentException(
            Text.format(
                "checkpointDir '%s' is that of %s and of %s, which would overwrite each other's checkpoints; set another checkpointDir in each ParamMap, or none",
                directory, other.name(), candidate.name()));
      }
    }
  }

  private String qualified(String directory) {
    Path path = new Path(directory);
    try {
      return HadoopPaths.fileSystem(path, context.hadoopConfiguration())
          .makeQualified(path)
          .toString();
    } catch (IOException unknown) {
      return directory; // Its own fit says what is wrong with it.
    }
  }

  /** The seconds of a model begin when the one before it ended, so all add up to the call's. */
  private void train(ObjIntConsumer<? super M> fitted, ObjIntConsumer<? super Exception> failed) {
    long start = System.nanoTime();
    Map<TrainingData, List<Ready<M>>> groups = byReading();
    requireMemory(groups.values());
    for (Map.Entry<TrainingData, List<Ready<M>>> group : groups.entrySet()) {
      try (TrainingRows rows = group.getKey().read()) {
        for (Ready<M> ready : group.getValue()) {
          ready.candidate().check(() -> ready.fit().check(rows));
        }
        for (Ready<M> ready : group.getValue()) {
          M model = train(ready, rows, start, failed);
          start = System.nanoTime();
          if (model != null) {
            fitted.accept(model, ready.candidate().index());
          }
        }
      }
    }
  }

  /** Returns the model; null if its training has failed, and the others go on. */
  private M train(
      Ready<M> ready, TrainingRows rows, long start, ObjIntConsumer<? super Exception> failed) {
    try {
      return ready.candidate().named(() -> ready.fit().run(rows, start));
    } catch (CancellationException | IllegalArgumentException ended) {
      throw ended;
    } catch (Exception failure) {
      if (failed == null) {
        throw failure;
      }
      failed.accept(failure, ready.candidate().index());
      return null;
    }
  }

  /** Checks all candidates, and groups those that can share their rows. */
  private Map<TrainingData, List<Ready<M>>> byReading() {
    Map<String, FeatureColumn> columns = new HashMap<>();
    Map<TrainingData, List<Ready<M>>> groups = new LinkedHashMap<>();
    for (Candidate<M> candidate : candidates) {
      FeatureColumn column =
          columns.computeIfAbsent(candidate.estimator().getInputCol(), this::column);
      ModelFit<M> fit =
          candidate.named(() -> new ModelFit<>(candidate.estimator(), column, context));
      groups
          .computeIfAbsent(
              new TrainingData(fit.reading(), dataset, column), unused -> new ArrayList<>())
          .add(new Ready<>(candidate, fit));
    }
    return groups;
  }

  /** In the order of training, in which models are kept. */
  private void requireMemory(Collection<List<Ready<M>>> groups) {
    long kept = 0;
    for (List<Ready<M>> group : groups) {
      for (Ready<M> ready : group) {
        long before = kept;
        ready.candidate().check(() -> ready.fit().requireMemory(before, context));
        kept += keepsModels ? ready.fit().modelBytes() : 0;
      }
    }
  }

  private FeatureColumn column(String name) {
    return FeatureColumn.of(dataset, "inputCol", name);
  }
}
