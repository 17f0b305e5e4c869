package org.sparksae.bench;

import org.sparksae.core.model.InitialParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.MiniBatchLoop;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.train.TrainingSettings;
import org.sparksae.core.train.WorkerStep;
import org.sparksae.spark.ml.SparseAutoencoder;

/**
 * Mini-batch {@code fit} on Spark: against the same loop without Spark on the same cores, against
 * aggregation by tree, and two workers against one.
 */
public final class MiniBatchComparison {
  private static final String LOOP = "fit-mini-batch";
  private static final String TREE = "fit-tree";
  private static final String SCALING = "fit-weak-scaling";
  private static final long SEED = 42;

  /** Batches of an epoch. */
  private static final int BATCHES = 4;

  private final Options options;

  private MiniBatchComparison(Options options) {
    this.options = options;
  }

  /** Runs the cases whose ids are given, or all; {@code --quick} for a smoke run. */
  public static void main(String[] arguments) {
    MiniBatchComparison comparison = new MiniBatchComparison(Options.parse(arguments));
    comparison.on(Sessions::local, comparison::inProcess);
    comparison.on(() -> Sessions.executors(Cores.COUNT, Map.of()), comparison::onExecutors);
  }

  private interface Work {
    void on(SparkSession spark);
  }

  private void on(Supplier<SparkSession> session, Work work) {
    SparkSession spark = session.get();
    try {
      work.on(spark);
    } finally {
      spark.stop();
    }
  }

  private void inProcess(SparkSession spark) {
    againstLoops(spark, "in local[%d]".formatted(Cores.COUNT), ">= 92 %");
    if (options.wants(TREE)) {
      againstTree(spark);
    }
  }

  private void onExecutors(SparkSession spark) {
    againstLoops(spark, "on %d executors".formatted(Cores.COUNT), ">= 85 %");
    if (options.wants(SCALING)) {
      againstOneWorker(spark, Case.of("kl-784-1024"), 10, Table.NONE);
      againstOneWorker(spark, Case.of("topk-512-8192"), 8, ">= 90 %");
      againstOneWorker(spark, Case.of("topk-768-24576"), 4, Table.NONE);
    }
  }

  private void againstLoops(SparkSession spark, String where, String goal) {
    if (options.wants(LOOP)) {
      againstLoop(spark, where, Case.of("kl-784-1024"), 12, goal);
      againstLoop(spark, where, Case.of("topk-512-8192"), 8, goal);
    }
  }

  private void againstLoop(SparkSession spark, String where, Case full, int most, String goal) {
    Case c = options.quick() ? full.withRowsPerCore(128) : full;
    int epochs = options.quick() ? 2 : most;
    BenchData data = BenchData.uniform(BATCHES * c.batchRows(), c.inputs());
    Dataset<Row> rows = Sessions.cached(spark, data, Cores.COUNT);
    List<Double> epochTimes = new ArrayList<>();
    List<Double> otherTimes = new ArrayList<>();
    List<Double> loopTimes = new ArrayList<>();
    try (Team team = new Team(Cores.COUNT)) {
      Contender fit =
          Contender.named("fit", () -> fit(autoencoder(c, epochs), rows, epochTimes, otherTimes));
      Contender loop = Contender.named("loop", () -> loop(c, data, epochs, team, loopTimes));
      measure(LOOP, List.of(fit, loop));
    }
    double epoch = Rounds.median(epochTimes);
    double loopEpoch = Rounds.median(loopTimes);
    double other = Rounds.median(otherTimes);
    Table.note(
        "%s, %s %s: an epoch %.2f s, the loop's %.2f s, and %.1f s a fit",
        LOOP, c.title(), where, epoch, loopEpoch, other);
    Table.row(
        "fit %s, adam, %s".formatted(where, c.title()),
        Table.rate(data.count(), epoch),
        Table.NONE,
        Table.NONE,
        Table.NONE,
        "an epoch %s of the loop's speed, and %.1f s a fit"
            .formatted(Table.percent(loopEpoch / epoch), other),
        goal);
    rows.unpersist();
  }

  /** Notes how long its epochs took, but for the first, and everything else. */
  private static void fit(
      SparseAutoencoder autoencoder, Dataset<Row> rows, List<Double> epochs, List<Double> others) {
    long start = System.nanoTime();
    double other = 0;
    List<IterationRecord> history = autoencoder.fit(rows).summary().history();
    for (IterationRecord epoch : history) {
      other -= epoch.seconds();
    }
    others.add(other + (System.nanoTime() - start) / 1e9);
    history.stream().skip(1).forEach(epoch -> epochs.add(epoch.seconds()));
  }

  /** The loop that fit runs, with the rows at hand. */
  private static void loop(Case c, BenchData data, int epochs, Team team, List<Double> seconds) {
    TrainingSettings settings =
        new TrainingSettings(epochs, 0, c.batchRows(), Case.STEP_SIZE, SEED);
    List<Double> all = new ArrayList<>();
    PartitionRows own = new PartitionRows(ProductStep.blocks(data), 0);
    float[] initial = InitialParameters.of(c.spec(), SEED);
    WorkerStep steps = WorkerStep.alone(own, initial, team);
    new MiniBatchLoop(
            c.spec(), steps, data.count(), null, settings, epoch -> all.add(epoch.seconds()))
        .run();
    seconds.addAll(all.subList(1, all.size()));
  }

  /** A small model, whose steps are all latency. */
  private void againstTree(SparkSession spark) {
    Case c = Case.of("kl-64-25").withRowsPerCore(1000 / Cores.COUNT);
    int steps = 20;
    int treeEpochs = options.quick() ? 1 : 5;
    int epochs = options.quick() ? 1 : 500;
    BenchData data = BenchData.uniform(steps * c.batchRows(), c.inputs());
    Dataset<Row> rows = Sessions.cached(spark, data, Cores.COUNT);
    Contender allReduce = Contender.named("all-reduce", () -> autoencoder(c, epochs).fit(rows));
    Contender tree =
        Contender.named(
            "tree", () -> autoencoder(c, treeEpochs).setAggregation("tree").fit(rows));
    double[] seconds = measure(TREE, List.of(allReduce, tree));
    double step = seconds[0] / (steps * epochs);
    double treeStep = seconds[1] / (steps * treeEpochs);
    Table.note(
        "%s: a step %.3f ms by all-reduce, %.1f ms by tree", TREE, 1e3 * step, 1e3 * treeStep);
    Table.row(
        "fit in local[%d], adam, %s, batches of %d".formatted(Cores.COUNT, c.title(), c.batchRows()),
        Table.rate(c.batchRows(), step),
        Table.NONE,
        Table.NONE,
        Table.NONE,
        Table.times(treeStep, step) + " tree mode",
        ">= 50 x");
    rows.unpersist();
  }

  /** As many rows, and as much of each batch, for every worker. */
  private void againstOneWorker(SparkSession spark, Case full, int most, String goal) {
    Case c = options.quick() ? full.withRowsPerCore(128) : full;
    int epochs = options.quick() ? 2 : most;
    int each = BATCHES * c.rowsPerCore();
    Dataset<Row> all =
        Sessions.cached(spark, BenchData.uniform(each * Cores.COUNT, c.inputs()), Cores.COUNT);
    Dataset<Row> share = Sessions.cached(spark, BenchData.uniform(each, c.inputs()), 1);
    List<Double> epochTimes = new ArrayList<>();
    List<Double> otherTimes = new ArrayList<>();
    List<Double> oneWorkerTimes = new ArrayList<>();
    SparseAutoencoder together = autoencoder(c, epochs).setNumWorkers(Cores.COUNT);
    SparseAutoencoder alone =
        autoencoder(c, epochs).setNumWorkers(1).setBatchSize(c.rowsPerCore());
    measure(
        SCALING,
        List.of(
            Contender.named("all workers", () -> fit(together, all, epochTimes, otherTimes)),
            Contender.named("one worker", () -> fit(alone, share, oneWorkerTimes, new ArrayList<>()))));
    double epoch = Rounds.median(epochTimes);
    double oneWorker = Rounds.median(oneWorkerTimes);
    Table.note(
        "%s, %s: %d workers %.0f ms a step, one %.0f ms",
        SCALING, c.title(), Cores.COUNT, 1e3 * epoch / BATCHES, 1e3 * oneWorker / BATCHES);
    Table.row(
        "fit on %d executors, adam, %s".formatted(Cores.COUNT, c.title()),
        Table.rate(each * Cores.COUNT, epoch),
        Table.NONE,
        Table.NONE,
        Table.NONE,
        "an epoch %s of one worker's speed each".formatted(Table.percent(oneWorker / epoch)),
        goal);
    all.unpersist();
    share.unpersist();
  }

  private static SparseAutoencoder autoencoder(Case c, int epochs) {
    return c.estimator()
        .setInputCol(Sessions.INPUT)
        .setSolver("adam")
        .setMaxIter(epochs)
        .setBatchSize(c.batchRows())
        .setStepSize(Case.STEP_SIZE)
        .setTol(0)
        .setSeed(SEED);
  }

  private double[] measure(String id, List<Contender> contenders) {
    return Comparison.measure(options.trainings(), id, contenders);
  }
}
