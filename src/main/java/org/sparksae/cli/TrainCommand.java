package org.sparksae.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobOptions;
import org.sparksae.cli.job.Preprocessing;
import org.sparksae.cli.job.SourceReader;
import org.sparksae.cli.report.Filters;
import org.sparksae.cli.report.Staging;
import org.sparksae.cli.report.TrainingReport;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.param.Choices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains a model: job file in; model, summary.json and filters.png out. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Train the sparse autoencoder that a job file describes.",
      "",
      "Writes to the job's output.dir: model/ (for encode, evaluate and",
      "SparseAutoencoderModel.load), summary.json (every setting, every iteration) and, if",
      "picture.imageShape is set, filters.png (what each unit of a layer looks for). If the rows",
      "are prepared, assembled from several columns, or images, also pipeline/: a PipelineModel",
      "of these steps and the model, which takes the source's rows as they are.",
      "",
      "With a section grid, trains all of its models on the same rows, writes each to",
      "grid/NUMBER, and compares them in grid.csv, grid.json and grid.png. If some of them fail,",
      "the others are written, and the exit code is 1."
    })
final class TrainCommand implements Callable<Integer> {
  private static final List<String> RESULTS =
      Stream.concat(ModelResults.NAMES.stream(), GridTraining.NAMES.stream()).toList();

  @Spec private CommandSpec spec;
  @Mixin private JobOptions options;

  @Override
  public Integer call() throws IOException {
    JobConfig job = options.job();
    AutoencoderEstimator<?, ?> estimator = job.estimator();
    SparkSession spark = options.session("train");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (Staging staging = Staging.in(job.directory(), RESULTS, options.overwrite(), hadoop)) {
      InputTable source = SourceReader.read(spark, job.input(), estimator);
      Optional<PipelineModel> preparation = preparation(job, source, estimator);
      InputTable input =
          preparation
              .map(learned -> Preprocessing.apply(learned, source, estimator.getHandleInvalid()))
              .orElse(source);
      estimator.setInputCol(input.column());
      if (job.grid().isEmpty()) {
        estimator.transformSchema(input.rows().schema());
      }
      job.picture().ifPresent(picture -> Filters.check(picture, estimator, input));
      long leftOut = skips(estimator) ? input.leftOut() : 0;
      ModelResults results = new ModelResults(job, source, preparation, leftOut, hadoop);
      if (job.grid().isPresent()) {
        GridTraining training = new GridTraining(job.grid().get(), results, staging);
        List<String> table = training.run(estimator, input.rows());
        print(table, staging.publish(), job.directory());
        training.requireAll();
      } else {
        TrainingReport report = results.write(estimator.fit(input.rows()), staging.directory());
        print(report.text(), staging.publish(), job.directory());
      }
    }
    return 0;
  }

  private static boolean skips(AutoencoderEstimator<?, ?> estimator) {
    return estimator.getHandleInvalid().equals(Choices.SKIP);
  }

  /** Fits the preparing stages, if the job has any. */
  private static Optional<PipelineModel> preparation(
      JobConfig job, InputTable source, AutoencoderEstimator<?, ?> estimator) {
    return job.preprocessing().isEmpty()
        ? Optional.empty()
        : Optional.of(job.preprocessing().fit(source, estimator.getHandleInvalid()));
  }

  private void print(List<String> report, List<String> results, Path directory) {
    PrintWriter out = spec.commandLine().getOut();
    report.forEach(out::println);
    results.forEach(name -> out.println(new Path(directory, name)));
    out.flush();
  }
}
