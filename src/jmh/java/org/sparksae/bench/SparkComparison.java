package org.sparksae.bench;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.train.FullBatchLoop;
import org.sparksae.core.train.FullBatchState;
import org.sparksae.core.train.GradientSource;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.train.LocalPartitionSum;
import org.sparksae.core.train.MiniBatchLoop;
import org.sparksae.core.train.PartitionRows;
import org.sparksae.core.train.RowBlock;
import org.sparksae.core.train.WorkerStep;
import org.sparksae.core.train.TrainingListener;
import org.sparksae.core.train.TrainingSettings;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/**
 * What Spark adds: {@code transform} against PyTorch's forward pass in the same tasks, and {@code
 * fit} against the same loop without Spark, in a session with one task slot per core.
 */
public final class SparkComparison {
  private static final String ENCODE = "encode";
  private static final String FIT_FULL = "fit-full-batch";
  private static final String FIT_MINI = "fit-mini-batch";
  private static final String INPUT = "x";
  private static final int BATCH_SIZE = 2048 * Cores.COUNT;
  private static final long SEED = 42;

  private final Options options;
  private final Case c;
  private final BenchData data;
  private final SparkSession spark;
  private final Dataset<Row> rows;

  private SparkComparison(Options options, SparkSession spark) {
    this.options = options;
    this.spark = spark;
    this.c = Case.ALL.get(0);
    // Enough rows for a job's fixed costs not to count, and few enough for passes of seconds.
    int rows = options.wants(ENCODE) ? 65536 : 16384;
    this.data = BenchData.uniform(options.quick() ? 2048 : rows, c.inputs());
    this.rows = cached();
  }

  /** Runs the cases whose ids are given, or all; {@code --quick} for a smoke run. */
  public static void main(String[] arguments) {
    Options options = Options.parse(arguments);
    SparkSession spark =
        SparkSession.builder()
            .master("local[%d]".formatted(Cores.COUNT))
            .appName("benchmark")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", Cores.COUNT)
            .getOrCreate();
    try {
      new SparkComparison(options, spark).run();
    } finally {
      spark.stop();
    }
  }

  /** Cut from its list of rows, which every job would send to its tasks, cached or not. */
  private Dataset<Row> cached() {
    List<Row> list = new ArrayList<>();
    for (int i = 0; i < data.count(); i++) {
      double[] row = new double[c.inputs()];
      for (int j = 0; j < row.length; j++) {
        row[j] = data.rows()[i * row.length + j];
      }
      list.add(RowFactory.create(Vectors.dense(row)));
    }
    StructField field = new StructField(INPUT, SQLDataTypes.VectorType(), false, Metadata.empty());
    JavaRDD<Row> rdd =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(list, Cores.COUNT);
    Dataset<Row> frame =
        spark
            .createDataFrame(rdd, new StructType(new StructField[] {field}))
            .localCheckpoint()
            .cache();
    frame.count();
    return frame;
  }

  private void run() {
    if (options.wants(ENCODE)) {
      encode();
    }
    if (options.wants(FIT_FULL)) {
      fit(FIT_FULL, "l-bfgs", options.quick() ? 1 : 5, ">= 90 %");
    }
    if (options.wants(FIT_MINI)) {
      fit(FIT_MINI, "adam", options.quick() ? 1 : 5, Table.NONE);
    }
  }

  private void encode() {
    SparseAutoencoderModel model = autoencoder("l-bfgs", 0).setOutputCol("code").fit(rows);
    Case encoded = c.withRowsPerCore(data.count() / Cores.COUNT);

    try (GemmLimit product = new GemmLimit(encoded, true)) {
      Contender transform =
          named("transform", () -> model.transform(rows).write().format("noop").mode("overwrite").save());
      ForeachPartitionFunction<Row> forward =
          partition -> TorchEncoder.encode(encoded, partition);
      Contender torch = named("PyTorch", () -> rows.foreachPartition(forward));
      double[] seconds = measure(ENCODE, List.of(transform, torch, product));
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

  private void fit(String id, String solver, int passes, String goal) {
    AutoencoderSpec spec = c.spec();
    TrainingSettings settings =
        new TrainingSettings(passes, 0, BATCH_SIZE, Case.STEP_SIZE, SEED);
    float[] initial = Autoencoder.initialParameters(spec, SEED);
    try (Team team = new Team(Cores.COUNT)) {
      Contender loop = named("loop", loop(solver, spec, settings, initial, team));
      Contender fit = named("fit", () -> autoencoder(solver, passes).fit(rows));
      double[] seconds = measure(id, List.of(fit, loop));
      Table.note("%s: fit %.2f s, loop %.2f s", id, seconds[0], seconds[1]);
      Table.row(
          "fit in local[%d], %s, %d passes".formatted(Cores.COUNT, solver, passes),
          Table.rate((double) data.count() * passes, seconds[0]),
          Table.NONE,
          Table.NONE,
          Table.NONE,
          Table.percent(seconds[1] / seconds[0]) + " of the loop",
          goal);
    }
  }

  /** The loop that fit runs, with the rows at hand in the same partitions. */
  private Runnable loop(
      String solver, AutoencoderSpec spec, TrainingSettings settings, float[] initial, Team team) {
    TrainingListener silent = iteration -> {};
    List<RowBlock> blocks = ProductStep.blocks(data);
    if (solver.equals("adam")) {
      PartitionRows all = new PartitionRows(blocks, 0);
      return () -> {
        WorkerStep steps = WorkerStep.alone(all, initial, settings.stepSize(), team);
        new MiniBatchLoop(spec, steps, data.count(), null, settings, silent).run();
      };
    }
    int half = blocks.size() / Cores.COUNT;
    List<List<RowBlock>> partitions = new ArrayList<>();
    for (int p = 0; p < Cores.COUNT; p++) {
      int end = p == Cores.COUNT - 1 ? blocks.size() : (p + 1) * half;
      partitions.add(blocks.subList(p * half, end));
    }
    GradientSource source = new GradientSource(spec, new LocalPartitionSum(partitions, team));
    return () -> new FullBatchLoop(source, null, settings, silent, FullBatchState.start(initial)).run();
  }

  private SparseAutoencoder autoencoder(String solver, int passes) {
    return new SparseAutoencoder()
        .setInputCol(INPUT)
        .setHiddenLayers(c.hidden())
        .setSparsityTargets(Case.TARGET)
        .setSparsityWeights(Case.SPARSITY_WEIGHT)
        .setRegParam(Case.REG_PARAM)
        .setSolver(solver)
        .setMaxIter(passes)
        .setBatchSize(BATCH_SIZE)
        .setStepSize(Case.STEP_SIZE)
        .setTol(0)
        .setSeed(SEED);
  }

  private double[] measure(String id, List<Contender> contenders) {
    return Comparison.measure(options, id, contenders);
  }

  private static Contender named(String name, Runnable step) {
    return new Contender() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void step() {
        step.run();
      }
    };
  }
}
