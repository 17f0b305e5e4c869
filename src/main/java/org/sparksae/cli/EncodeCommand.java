package org.sparksae.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparksae.cli.job.GridOption;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobOptions;
import org.sparksae.cli.report.CodeText;
import org.sparksae.cli.report.Staging;
import org.sparksae.core.Text;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.param.Choices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Applies a trained model: rows in, Parquet with codes out. */
@Command(
    name = "encode",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Apply the model that train left, and write the rows with their codes as Parquet.",
      "",
      "Reads encode.input, which defaults to input key by key, and writes encode.output, by",
      "default features.parquet in output.dir: all columns except the input's, and the code as a",
      "sparse vector (column 'code', or model.outputCol). Prints the first row's code."
    })
final class EncodeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private JobOptions options;
  @Mixin private GridOption grid;

  @Override
  public Integer call() throws IOException {
    JobConfig job = grid.job(options);
    SparkSession spark = options.session("encode");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path target = job.encode().output();
    try (Staging staging = Staging.of(target, options.overwrite(), hadoop)) {
      AutoencoderModel<?> model = job.trainedModel(hadoop);
      InputTable input = job.prepared(spark, job.encode().input());
      model.setInputCol(input.column());
      Dataset<Row> encoded = model.transform(input.rows());
      input
          .strip(encoded, job.encode().keepInput())
          .write()
          .parquet(staging.path(target.getName()).toString());
      if (model.getHandleInvalid().equals(Choices.SKIP)) {
        String unpublished = staging.path(target.getName()).toString();
        report(input, spark.read().parquet(HadoopPaths.pattern(unpublished)).count());
      }
      staging.publish();
      print(
          target,
          model.getOutputCol(),
          spark.read().parquet(HadoopPaths.pattern(target.toString())));
    }
    return 0;
  }

  /**
   * Says how many rows were left out.
   *
   * @throws IllegalArgumentException if more were left out than encoded, because then the input is
   *     most likely not what the model was trained on
   */
  private void report(InputTable input, long encoded) {
    long skipped = input.read().count() - encoded;
    if (skipped > encoded) {
      throw new IllegalArgumentException(
          Text.format(
              "encode.input: %,d rows would be skipped as invalid, and only %,d encoded; are they rows like those that the model was trained on? The log names the first of them",
              skipped, encoded));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(Text.format("%,d rows encoded, %,d skipped", encoded, skipped));
  }

  private void print(Path target, String code, Dataset<Row> written) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(target);
    if (!code.isEmpty()) {
      written.select(functions.col(FeatureColumn.quote(code))).takeAsList(1).stream()
          .map(row -> CodeText.of(row.getAs(0)))
          .forEach(text -> out.printf(Locale.ROOT, "  %s of the first row: %s%n", code, text));
    }
    out.flush();
  }
}
