package org.sparksae.bench;

import org.sparksae.core.model.InitialParameters;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.train.FullBatchLoop;
import org.sparksae.core.train.FullBatchState;
import org.sparksae.core.train.GradientSource;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.train.TrainingListener;
import org.sparksae.core.train.TrainingSettings;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/**
 * What Spark adds: {@code transform} against PyTorch's forward pass in the same tasks, and
 * full-batch {@code fit} against the same loop without Spark, in a session with one task slot per core.
 */
public final class SparkComparison {
  private static final String ENCODE = "encode";
  private static final String FIT = "fit-full-batch";
  private static final int ITERATIONS = 20;
  private static final long SEED = 42;

  private final Options options;
  private final Case c;
  private final BenchData data;
  private final Dataset<Row> rows;

  private SparkComparison(Options options, SparkSession spark) {
    this.options = options;
    this.c = Case.ALL.get(0);
    // Enough rows for a job's fixed costs not to count, and few enough for iterations of seconds.
    int rows = options.wants(ENCODE) ? 65536 : 16384;
    this.data = BenchData.uniform(options.quick() ? 2048 : rows, c.inputs());
    this.rows = Sessions.cached(spark, data, Cores.COUNT);
  }

  /** Runs the cases whose ids are given, or all; {@code --quick} for a smoke run. */
  public static void main(String[] arguments) {
    Options options = Options.parse(arguments);
    SparkSession spark = Sessions.local();
    try {
      new SparkComparison(options, spark).run();
    } finally {
      spark.stop();
    }
  }

  private void run() {
    if (options.wants(ENCODE)) {
      encode();
    }
    if (options.wants(FIT)) {
      fit(options.quick() ? 1 : ITERATIONS);
    }
  }

  private void encode() {
    SparseAutoencoderModel model = autoencoder(0).setOutputCol("code").fit(rows);
    Case encoded = c.withRowsPerCore(data.count() / Cores.COUNT);

    try (GemmLimit product = new GemmLimit(encoded, true)) {
      Contender transform =
          Contender.named("transform", () -> model.transform(rows).write().format("noop").mode("overwrite").save());
      ForeachPartitionFunction<Row> forward =
          partition -> TorchEncoder.encode(encoded, partition);
      Contender torch = Contender.named("PyTorch", () -> rows.foreachPartition(forward));
      double[] seconds = Comparison.measure(options.rounds(), ENCODE, List.of(transform, torch, product));
      Table.note(
          "%s: transform %.0f ms, PyTorch %.0f ms, product alone %.0f ms",
          ENCODE, 1e3 * seconds[0], 1e3 * seconds[1], 1e3 * seconds[2]);
      Table.row(
          "encode %d-%d, cached DataFrame to SparseVector column".formatted(c.inputs(), c.hidden()),
          Table.rate(data.count(), seconds[0]),
          Table.rate(data.count(), seconds[1]),
          Table.times(seconds[1], seconds[0]),
          ">= 3 x",
          Table.percent(seconds[2] / seconds[0]) + " of gemm",
          ">= 50 %");
    }
  }

  private void fit(int iterations) {
    try (Team team = new Team(Cores.COUNT)) {
      Contender loop = Contender.named("loop", () -> loop(iterations, team));
      Contender fit = Contender.named("fit", () -> autoencoder(iterations).fit(rows));
      double[] seconds = Comparison.measure(options.trainings(), FIT, List.of(fit, loop));
      Table.note("%s: fit %.2f s, loop %.2f s", FIT, seconds[0], seconds[1]);
      Table.row(
          "fit in local[%d], l-bfgs, %s, %d iterations".formatted(Cores.COUNT, c.title(), iterations),
          Table.rate((double) data.count() * iterations, seconds[0]),
          Table.NONE,
          Table.NONE,
          Table.NONE,
          Table.percent(seconds[1] / seconds[0]) + " of the loop",
          ">= 90 %");
    }
  }

  /** The loop that fit runs, with the rows at hand in the same partitions. */
  private void loop(int iterations, Team team) {
    AutoencoderSpec spec = c.spec();
    TrainingSettings settings =
        new TrainingSettings(iterations, 0, c.batchRows(), Case.STEP_SIZE, SEED);
    TrainingListener silent = iteration -> {};
    List<RowBlock> blocks = ProductStep.blocks(data);
    int half = blocks.size() / Cores.COUNT;
    List<List<RowBlock>> partitions = new ArrayList<>();
    for (int p = 0; p < Cores.COUNT; p++) {
      int end = p == Cores.COUNT - 1 ? blocks.size() : (p + 1) * half;
      partitions.add(blocks.subList(p * half, end));
    }
    GradientSource source = new GradientSource(spec, new LocalPartitionSum(partitions, team));
    FullBatchState start = FullBatchState.start(InitialParameters.of(spec, SEED));
    new FullBatchLoop(source, null, settings, silent, start).run();
  }

  private SparseAutoencoder autoencoder(int iterations) {
    return c.estimator().setInputCol(Sessions.INPUT).setMaxIter(iterations).setTol(0).setSeed(SEED);
  }
}
