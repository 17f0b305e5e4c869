package org.sparksae.examples.synthetic;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparksae.cli.report.Staging;
import org.sparksae.examples.options.OutputOptions;
import org.sparksae.spark.data.HadoopPaths;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Writes rows of a {@link World} as Parquet: {@code train.parquet} with the column {@code vector}
 * (array of float), {@code test.parquet} with {@code vector} and {@code active} (numbers of the
 * active features, ascending), and {@code features.parquet} with {@code feature} (its number) and
 * {@code vector}.
 */
@Command(
    name = "make-synthetic",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    description = {
      "Make rows of known features, a scaled SynthSAEBench (arXiv 2602.14687).",
      "",
      "A row depends on the seed and its number only, not on partitions or workers."
    })
public final class MakeSynthetic implements Callable<Integer> {
  private static final int ROWS_PER_PARTITION = 50_000;
  private static final List<String> RESULTS =
      List.of("train.parquet", "test.parquet", "features.parquet");
  private static final DataType VECTOR = DataTypes.createArrayType(DataTypes.FloatType, false);
  private static final StructType TRAIN = new StructType().add("vector", VECTOR, false);
  private static final StructType TEST =
      TRAIN.add("active", DataTypes.createArrayType(DataTypes.IntegerType, false), false);
  private static final StructType FEATURES =
      new StructType().add("feature", DataTypes.IntegerType, false).add("vector", VECTOR, false);

  @Spec private CommandSpec spec;
  @Mixin private OutputOptions output;

  @Option(names = "--rows", paramLabel = "N", description = "Rows to train on.")
  private long rows = 500_000;

  @Option(names = "--test-rows", paramLabel = "N", description = "Other rows, to test on.")
  private long testRows = 50_000;

  @Option(names = "--features", paramLabel = "N", description = "Number of features.")
  private int features = 2048;

  @Option(names = "--dimensions", paramLabel = "N", description = "Values of a row.")
  private int dimensions = 256;

  @Option(
      names = "--largest-probability",
      paramLabel = "P",
      description = "How often the first feature fires.")
  private double largest = 0.55;

  @Option(
      names = "--least-probability",
      paramLabel = "P",
      description = "How often the last feature fires.")
  private double least = 5e-4;

  @Option(names = "--exponent", paramLabel = "E", description = "Exponent of Zipf's law.")
  private double exponent = 0.5;

  @Option(
      names = "--roots",
      paramLabel = "N",
      description = "Trees of features, of which a child needs its parent; 0 for none.")
  private int roots = 16;

  @Option(
      names = "--branching",
      paramLabel = "N",
      description = "Children of a feature, which exclude each other.")
  private int branching = 4;

  @Option(names = "--depth", paramLabel = "N", description = "Levels below the roots.")
  private int depth = 3;

  @Option(names = "--bias", paramLabel = "L", description = "Length of the bias of all rows.")
  private double bias = 1;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of features and rows.")
  private long seed = 1;

  @Override
  public Integer call() throws IOException {
    if (rows < 1 || testRows < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--rows and --test-rows must be at least 1, got " + rows + " and " + testRows);
    }
    World.Settings settings =
        new World.Settings(
            features,
            dimensions,
            new World.Probabilities(largest, least, exponent),
            new Hierarchy(roots, branching, depth),
            bias,
            seed);
    SparkSession spark = SparkSession.builder().appName("make-synthetic").getOrCreate();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (Staging staging = output.staging(RESULTS, hadoop)) {
      Broadcast<World> shared =
          JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(new World(settings));
      write(train(spark, rows, shared), staging.path("train.parquet"));
      write(test(spark, testRows, shared), staging.path("test.parquet"));
      write(features(spark, shared), staging.path("features.parquet"));
      report(spark, staging);
      staging.publish();
    }
    return 0;
  }

  static Dataset<Row> train(SparkSession spark, long rows, Broadcast<World> world) {
    MapFunction<Long, Row> row =
        number -> RowFactory.create((Object) world.value().row(number).vector());
    return numbers(spark, rows).map(row, Encoders.row(TRAIN));
  }

  /** Rows with negative numbers, so that they are not among those to train on. */
  static Dataset<Row> test(SparkSession spark, long rows, Broadcast<World> world) {
    MapFunction<Long, Row> row =
        number -> {
          World.Example example = world.value().row(-1 - number);
          return RowFactory.create(example.vector(), example.active());
        };
    return numbers(spark, rows).map(row, Encoders.row(TEST));
  }

  private Dataset<Row> features(SparkSession spark, Broadcast<World> world) {
    MapFunction<Long, Row> row =
        number -> {
          int feature = number.intValue();
          return RowFactory.create(feature, world.value().features()[feature]);
        };
    return numbers(spark, features).map(row, Encoders.row(FEATURES));
  }

  private static Dataset<Long> numbers(SparkSession spark, long rows) {
    int partitions = Math.toIntExact((rows - 1) / ROWS_PER_PARTITION + 1);
    return spark.range(0, rows, 1, partitions).as(Encoders.LONG());
  }

  private static void write(Dataset<Row> rows, Path path) {
    rows.write().option("compression", "zstd").parquet(path.toString());
  }

  private void report(SparkSession spark, Staging staging) {
    double active =
        spark
            .read()
            .parquet(HadoopPaths.pattern(staging.path("test.parquet").toString()))
            .selectExpr("avg(size(active))")
            .head()
            .getDouble(0);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %,d rows to train on, %,d to test on; %.1f of %,d features are active in a row%n",
            output,
            rows,
            testRows,
            active,
            features);
  }
}
