package org.sparksae.examples.activations;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.sparksae.cli.report.Staging;
import org.sparksae.examples.options.LimitOption;
import org.sparksae.examples.options.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Writes what a transformer thinks of each token of a corpus, as Parquet with the columns {@code
 * token} (the word piece), {@code context} and {@code position} (numbers from 0) and {@code vector}
 * (array of float): the hidden state of one layer.
 *
 * <p>A context is a stretch of one text, of at most {@value #TOKENS} tokens. The model reads each
 * on its own, between its special tokens, which are left out of the rows. So a row depends on
 * nothing but its context: the model's integers are scaled by the largest value of what it reads at
 * once.
 */
@Command(
    name = "import-activations",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    description = {
      "Write the hidden states of a sentence transformer over a corpus as Parquet.",
      "",
      "Runs the model in ONNX Runtime in as many threads as there are task slots, on this machine."
    })
public final class ImportActivations implements Callable<Integer> {
  /** Tokens of a context, so that 128 with the special ones. */
  private static final int TOKENS = 126;

  private static final int CONTEXTS_PER_PARTITION = 500;

  private static final StructType SCHEMA =
      new StructType()
          .add("token", DataTypes.StringType, false)
          .add("context", DataTypes.IntegerType, false)
          .add("position", DataTypes.IntegerType, false)
          .add("vector", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  @Spec private CommandSpec spec;
  @Mixin private OutputOptions output;
  @Mixin private LimitOption limit;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "JAR",
      description = "A jar with the model (.onnx) and its word pieces (tokenizer.json).")
  private Path model;

  @Option(
      names = "--runtime",
      required = true,
      paramLabel = "JAR",
      description = "The jar of com.microsoft.onnxruntime:onnxruntime.")
  private Path runtime;

  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "FILE",
      description = "Texts of tagged words, each after a line '# name'.")
  private Path corpus;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "The node of the model whose value is the hidden state.")
  private String node = "/encoder/layer.3/output/LayerNorm/Add_1_output_0";

  @Override
  public Integer call() throws IOException {
    SparkSession spark = SparkSession.builder().appName("import-activations").getOrCreate();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (Staging staging = output.staging(hadoop)) {
      WordPieces pieces = WordPieces.read(JarEntry.read(model, "tokenizer.json"));
      List<int[]> contexts = contexts(texts(), pieces);
      spark
          .createDataFrame(rows(spark, contexts, pieces), SCHEMA)
          .write()
          .option("compression", "zstd")
          .parquet(staging.path(output.directory().getName()).toString());
      staging.publish();
      spec.commandLine()
          .getOut()
          .printf(
              Locale.ROOT,
              "%s: %,d tokens in %,d contexts%n",
              output,
              contexts.stream().mapToLong(context -> context.length).sum(),
              contexts.size());
    }
    return 0;
  }

  private List<String> texts() throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(corpus, StandardCharsets.UTF_8)) {
      return TaggedCorpus.texts(reader, limit.limit());
    }
  }

  /** Cuts texts into contexts; the last of a text may be short. */
  static List<int[]> contexts(List<String> texts, WordPieces pieces) {
    List<int[]> contexts = new ArrayList<>();
    for (String text : texts) {
      int[] tokens = pieces.split(text).stream().mapToInt(token -> token).toArray();
      for (int from = 0; from < tokens.length; from += TOKENS) {
        int to = Math.min(tokens.length, from + TOKENS);
        contexts.add(IntStream.range(from, to).map(i -> tokens[i]).toArray());
      }
    }
    return contexts;
  }

  /** The number of partitions depends on the corpus alone, so that the files do, too. */
  private JavaRDD<Row> rows(SparkSession spark, List<int[]> contexts, WordPieces pieces) {
    Hidden hidden =
        new Hidden(
            runtime.toAbsolutePath().toString(),
            model.toAbsolutePath().toString(),
            node,
            pieces.number("[CLS]"),
            pieces.number("[SEP]"));
    List<Row> rows =
        IntStream.range(0, contexts.size())
            .mapToObj(
                number -> {
                  int[] tokens = contexts.get(number);
                  String[] texts =
                      IntStream.of(tokens).mapToObj(pieces::piece).toArray(String[]::new);
                  return RowFactory.create(number, tokens, texts);
                })
            .toList();
    int partitions = Math.max(1, contexts.size() / CONTEXTS_PER_PARTITION);
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(rows, partitions)
        .mapPartitions(hidden);
  }

  /**
   * Computes the hidden states of contexts, which are rows of a number, tokens and their texts.
   *
   * @param runtime path of ONNX Runtime's jar
   * @param model path of the model's jar
   * @param first the special token before a context
   * @param last the special token behind it
   */
  private record Hidden(String runtime, String model, String node, int first, int last)
      implements FlatMapFunction<Iterator<Row>, Row> {

    @Override
    public Iterator<Row> call(Iterator<Row> contexts)
        throws IOException, ReflectiveOperationException {
      OnnxModel opened =
          OnnxModel.open(Path.of(runtime), JarEntry.read(Path.of(model), ".onnx"), node);
      TaskCompletionListener closing =
          context -> {
            try {
              opened.close();
            } catch (ReflectiveOperationException e) {
              throw new IllegalStateException(e);
            }
          };
      TaskContext.get().addTaskCompletionListener(closing);
      Iterable<Row> all = () -> contexts;
      return StreamSupport.stream(all.spliterator(), false)
          .flatMap(context -> rows(opened, context))
          .iterator();
    }

    private Stream<Row> rows(OnnxModel opened, Row context) {
      int[] tokens = context.getAs(1);
      String[] texts = context.getAs(2);
      long[] read = new long[tokens.length + 2];
      read[0] = first;
      read[read.length - 1] = last;
      for (int i = 0; i < tokens.length; i++) {
        read[i + 1] = tokens[i];
      }
      try {
        float[][] states = opened.hidden(read);
        return IntStream.range(0, tokens.length)
            .mapToObj(i -> RowFactory.create(texts[i], context.getInt(0), i, states[i + 1]));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
