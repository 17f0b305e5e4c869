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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.train.BatchOrder;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.exchange.WorkerSlots;
import org.sparksae.spark.exchange.WorkerTraining;
import org.sparksae.spark.job.SparkJobs;
import org.sparksae.spark.ml.fit.Reading;
import org.sparksae.spark.ml.fit.RoundNeed;
import org.sparksae.spark.ml.fit.TrainingData;
import org.sparksae.spark.ml.fit.TrainingRows;

/**
 * The fits of one call. All candidates are checked before any row is read; rows are read once for
 * all candidates with equal {@link Reading}s. Those with equal {@link BatchOrder}s are trained
 * together, as far as memory allows, and otherwise one after the other.
 *
 * @param <M> the models
 */
final class Fits<M extends AutoencoderModel<M>> {
  private static final Logger LOG = LoggerFactory.getLogger(Fits.class);

  private final Dataset<?> dataset;
  private final SparkContext context;
  private final List<Candidate<M>> candidates;
  private final boolean keepsModels;
  private long start;

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
   * @param fitted gets each model, with its candidate's index, as soon as it and those before it
   *     are trained; not in the order of the candidates if they differ in their readings or batches
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

  private void train(ObjIntConsumer<? super M> fitted, ObjIntConsumer<? super Exception> failed) {
    start = System.nanoTime();
    Map<TrainingData, List<Ready<M>>> groups = byReading();
    long kept = requireMemory(groups.values());
    for (Map.Entry<TrainingData, List<Ready<M>>> group : groups.entrySet()) {
      try (TrainingRows rows = group.getKey().read()) {
        for (Ready<M> ready : group.getValue()) {
          ready.candidate().check(() -> ready.fit().check(rows));
        }
        RoundNeed limit = RoundNeed.limit(context, kept);
        for (List<Ready<M>> together : together(group.getValue(), rows, limit)) {
          train(together, rows, fitted, failed);
        }
      }
    }
  }

  /** The models of some that are trained together, in the order of the first of each group. */
  private List<List<Ready<M>>> together(List<Ready<M>> all, TrainingRows rows, RoundNeed limit) {
    Map<Object, List<Ready<M>>> byBatches = new LinkedHashMap<>();
    for (Ready<M> ready : all) {
      Object shared = ready.fit().batchOrder(rows).map(Object.class::cast).orElse(ready);
      byBatches.computeIfAbsent(shared, unused -> new ArrayList<>()).add(ready);
    }
    List<List<Ready<M>>> together = new ArrayList<>();
    for (List<Ready<M>> some : byBatches.values()) {
      together.addAll(
          some.size() == 1
              ? List.of(some) // It may be one without workers.
              : RoundNeed.groups(some, ready -> ready.fit().roundNeed(rows), limit));
    }
    return together;
  }

  /**
   * Trains models together. The seconds of a model begin when the one before it was done, so all
   * add up to the call's.
   */
  private void train(
      List<Ready<M>> together,
      TrainingRows rows,
      ObjIntConsumer<? super M> fitted,
      ObjIntConsumer<? super Exception> failed) {
    if (together.size() > 1) {
      LOG.info("{} models are trained together, and read each batch once", together.size());
    }
    WorkerTraining workers = new WorkerTraining(rows.training(), rows.held());
    for (Ready<M> ready : together) {
      ready.candidate().check(() -> ready.fit().join(rows, workers));
    }
    for (Ready<M> ready : together) {
      M model = train(ready, rows, start, failed);
      start = System.nanoTime();
      if (model != null) {
        fitted.accept(model, ready.candidate().index());
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
    WorkerSlots cluster = new WorkerSlots(context, () -> CatalystRows.partitions(dataset));
    Map<String, FeatureColumn> inputs = new HashMap<>();
    Map<String, FeatureColumn> targets = new HashMap<>();
    Map<TrainingData, List<Ready<M>>> groups = new LinkedHashMap<>();
    for (Candidate<M> candidate : candidates) {
      AutoencoderEstimator<?, M> estimator = candidate.estimator();
      FeatureColumn input =
          inputs.computeIfAbsent(estimator.getInputCol(), name -> column("inputCol", name));
      FeatureColumn target =
          estimator.hasTarget()
              ? targets.computeIfAbsent(estimator.getTargetCol(), name -> column("targetCol", name))
              : null;
      FeatureColumns columns = new FeatureColumns(input, target);
      ModelFit<M> fit =
          candidate.named(
              () ->
                  new ModelFit<>(
                      candidate.name(),
                      estimator,
                      columns,
                      cluster,
                      context.hadoopConfiguration()));
      groups
          .computeIfAbsent(
              new TrainingData(fit.reading(), dataset, columns), unused -> new ArrayList<>())
          .add(new Ready<>(candidate, fit));
    }
    return groups;
  }

  /** Returns the bytes of all models that the call keeps. */
  private long requireMemory(Collection<List<Ready<M>>> groups) {
    long kept = 0;
    for (List<Ready<M>> group : groups) {
      for (Ready<M> ready : group) {
        long before = kept;
        ready.candidate().check(() -> ready.fit().requireMemory(before, context));
        kept += keepsModels ? ready.fit().modelBytes() : 0;
      }
    }
    return kept;
  }

  private FeatureColumn column(String param, String name) {
    return FeatureColumn.of(dataset, param, name);
  }
}
