package org.sparksae.examples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
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
 * Turns word vectors into Parquet: {@code words.parquet} with the columns {@code rank} (1 for the
 * most frequent word), {@code word} and {@code vector} (array of float), and {@code
 * frequent.parquet} with the most frequent words only.
 *
 * <p>Given WordNet's nouns, also {@code nouns/train.parquet} and {@code nouns/test.parquet}: the
 * frequent words that are nouns of one category, with the columns {@code category} and {@code
 * label} (the category's number, from 0). Every fifth of them by rank is for testing.
 */
@Command(
    name = "import-words",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Convert word vectors (the JSON of a wink-embeddings package) to Parquet, and label nouns with their categories (WordNet) on request.")
public final class ImportWords implements Callable<Integer> {
  private static final int ROWS_PER_FILE = 100_000;
  private static final int TEST_SHARE = 5;

  private static final StructType SCHEMA =
      new StructType()
          .add("rank", DataTypes.IntegerType, false)
          .add("word", DataTypes.StringType, false)
          .add("vector", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private static final String LABEL = "label";

  /** Column that counts the rows of one partition from 0. */
  private static final String NUMBER = "__number";

  @Spec private CommandSpec spec;
  @Mixin private OutputOptions output;

  @Option(
      names = "--vectors",
      required = true,
      paramLabel = "FILE",
      description = "The JSON file of vectors, the most frequent words first.")
  private String vectors;

  @Option(
      names = "--nouns",
      paramLabel = "FILE",
      description = "WordNet's data.noun, to label nouns with their categories as well.")
  private String nouns;

  @Option(
      names = "--frequent",
      paramLabel = "N",
      description = "How many words count as frequent (default: ${DEFAULT-VALUE}).")
  private int frequent = 20_000;

  @Override
  public Integer call() throws IOException {
    if (frequent < 1) {
      throw new ParameterException(
          spec.commandLine(), "--frequent must be at least 1, got " + frequent);
    }
    SparkSession spark = SparkSession.builder().appName("import-words").getOrCreate();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Map<String, Integer> categories =
        nouns == null ? Map.of() : NounCategories.read(new Path(nouns), hadoop).byNoun();
    List<String> results = new ArrayList<>(List.of("words.parquet", "frequent.parquet"));
    if (nouns != null) {
      results.add("nouns");
    }
    try (Staging staging = output.staging(results, hadoop)) {
      String words = staging.path("words.parquet").toString();
      write(words(spark), words);
      Dataset<Row> first =
          spark
              .read()
              .parquet(HadoopPaths.pattern(words))
              .filter(col("rank").leq(frequent))
              .coalesce(1)
              .sort("rank");
      write(first, staging.path("frequent.parquet").toString());
      if (nouns != null) {
        writeNouns(labelled(first, categories), staging.path("nouns"));
      }
      report(spark, staging);
      staging.publish();
    }
    return 0;
  }

  private void report(SparkSession spark, Staging staging) {
    spec.commandLine()
        .getOut()
        .printf(Locale.ROOT, "%s: %d words", output, count(spark, staging, "words.parquet"));
    if (nouns != null) {
      spec.commandLine()
          .getOut()
          .printf(
              Locale.ROOT,
              ", %d nouns of one category to train on and %d to test on",
              count(spark, staging, "nouns/train.parquet"),
              count(spark, staging, "nouns/test.parquet"));
    }
    spec.commandLine().getOut().println();
  }

  private static long count(SparkSession spark, Staging staging, String name) {
    return spark.read().parquet(HadoopPaths.pattern(staging.path(name).toString())).count();
  }

  /** The words that have a category, with a column for it. */
  private static Dataset<Row> labelled(Dataset<Row> words, Map<String, Integer> categories) {
    Broadcast<Map<String, Integer>> known =
        JavaSparkContext.fromSparkContext(words.sparkSession().sparkContext())
            .broadcast(categories);
    UDF1<String, Integer> label = word -> known.value().get(word);
    UDF1<Integer, String> category = NounCategories.NAMES::get;
    return words
        .withColumn(LABEL, udf(label, DataTypes.IntegerType).apply(col("word")))
        .filter(col(LABEL).isNotNull())
        .withColumn("category", udf(category, DataTypes.StringType).apply(col(LABEL)));
  }

  /** Taking every fifth word gives both parts words of all ranks. */
  private static void writeNouns(Dataset<Row> nouns, Path directory) {
    Dataset<Row> numbered = nouns.withColumn(NUMBER, monotonically_increasing_id());
    Column isTest = col(NUMBER).mod(TEST_SHARE).equalTo(TEST_SHARE - 1);
    write(numbered.filter(not(isTest)).drop(NUMBER), directory + "/train.parquet");
    write(numbered.filter(isTest).drop(NUMBER), directory + "/test.parquet");
  }

  private static void write(Dataset<Row> rows, String path) {
    rows.write()
        .option("compression", "zstd")
        .option("maxRecordsPerFile", ROWS_PER_FILE)
        .parquet(path);
  }

  /** One task streams the file, so rows keep its order. */
  private Dataset<Row> words(SparkSession spark) throws IOException {
    Broadcast<SerializableConfiguration> hadoop =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    Path path = new Path(vectors);
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    String file = HadoopPaths.fileSystem(path, configuration).makeQualified(path).toString();
    // Errors in the head of the file come from here, not from a failed stage.
    WordVectors.open(path, configuration).close();
    FlatMapFunction<Long, Row> reader =
        only -> new Words(WordVectors.open(new Path(file), hadoop.value().value()));
    return spark.range(0, 1, 1, 1).flatMap(reader, Encoders.row(SCHEMA));
  }

  /** The file's words as rows. The file is closed with the task. */
  private static final class Words implements Iterator<Row> {
    private final WordVectors file;
    private int rank;
    private Row next;

    Words(WordVectors file) {
      this.file = file;
      TaskCompletionListener closing =
          context -> {
            try {
              file.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      TaskContext.get().addTaskCompletionListener(closing);
    }

    @Override
    public boolean hasNext() {
      try {
        if (next == null && file.next()) {
          next = RowFactory.create(++rank, file.word(), file.vector());
        }
        return next != null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Row row = next;
      next = null;
      return row;
    }
  }
}
