package org.sparksae.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;
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
      "Train a sparse autoencoder as a job file says.",
      "",
      "Leaves in the job's output.dir: model/ (for encode, evaluate and",
      "SparseAutoencoderModel.load), summary.json (every setting, every pass) and, if",
      "picture.imageShape is set, filters.png (what each unit of a layer looks for)."
    })
final class TrainCommand implements Callable<Integer> {
  private static final String MODEL = "model";
  private static final String SUMMARY = "summary.json";
  private static final String PICTURE = "filters.png";
  private static final List<String> RESULTS =
      List.of(MODEL, SUMMARY, PICTURE, Preprocessing.DIRECTORY);

  @Spec private CommandSpec spec;
  @Mixin private JobOptions options;

  @Override
  public Integer call() throws IOException {
    JobConfig job = options.job();
    AutoencoderEstimator<?, ?> estimator = job.estimator();
    SparkSession spark = options.session("train");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (Staging staging = Staging.in(job.directory(), RESULTS, options.overwrite(), hadoop)) {
      InputTable input = input(job, estimator, spark, staging);
      estimator.setInputCol(input.column());
      estimator.transformSchema(input.rows().schema());
      job.picture()
          .ifPresent(
              picture -> {
                checkShape(picture, input);
                Filters.check(picture, estimator);
              });

      AutoencoderModel<?> model = estimator.fit(input.rows());

      TrainingReport report = new TrainingReport(model);
      model.write().save(staging.path(MODEL).toString());
      JsonFile.write(report.json(), staging.path(SUMMARY), hadoop);
      if (job.picture().isPresent()) {
        draw(model, job.picture().get(), staging.path(PICTURE), hadoop);
      }
      staging.publish();
      print(report, job);
    }
    return 0;
  }

  /** The rows to train on; what preparing them learned is left among the results. */
  private static InputTable input(
      JobConfig job, AutoencoderEstimator<?, ?> estimator, SparkSession spark, Staging staging)
      throws IOException {
    InputTable input = InputTable.read(spark, job.input(), estimator);
    if (job.preprocessing().isEmpty()) {
      return input;
    }
    PipelineModel learned = job.preprocessing().fit(input);
    learned.write().save(staging.path(Preprocessing.DIRECTORY).toString());
    return job.preprocessing().apply(learned, input);
  }

  /** Before training, not after it. */
  private static void checkShape(Picture picture, InputTable input) {
    int size = FeatureColumn.of(input.rows(), "input.columns", input.column()).size();
    long pixels = Arrays.stream(picture.imageShape()).asLongStream().reduce(1, (a, b) -> a * b);
    if (pixels != size) {
      throw new IllegalArgumentException(
          "picture.imageShape %s is of %d values, but the rows of '%s' have %d"
              .formatted(Arrays.toString(picture.imageShape()), pixels, input.column(), size));
    }
  }

  private static void draw(
      AutoencoderModel<?> model, Picture picture, Path path, Configuration hadoop)
      throws IOException {
    try (OutputStream out = path.getFileSystem(hadoop).create(path)) {
      Filters.write(model, picture, out);
    }
  }

  private void print(TrainingReport report, JobConfig job) {
    PrintWriter out = spec.commandLine().getOut();
    report.text().forEach(out::println);
    for (String name : results(job)) {
      out.println(new Path(job.directory(), name));
    }
    out.flush();
  }

  private static List<String> results(JobConfig job) {
    return RESULTS.stream()
        .filter(name -> !name.equals(PICTURE) || job.picture().isPresent())
        .filter(name -> !name.equals(Preprocessing.DIRECTORY) || !job.preprocessing().isEmpty())
        .toList();
  }
}
