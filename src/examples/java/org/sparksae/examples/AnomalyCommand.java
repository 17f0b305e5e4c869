package org.sparksae.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobOptions;
import org.sparksae.cli.job.Section;
import org.sparksae.cli.job.SourceReader;
import org.sparksae.cli.report.JsonFile;
import org.sparksae.cli.report.Staging;
import org.sparksae.core.Text;
import org.sparksae.spark.ml.AutoencoderEstimator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures how well reconstruction errors find the rows of classes that were not learned. */
@Command(
    name = "anomaly",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "For each class of labelled rows: train on the input's rows of this class, and find the",
      "rows of other classes in anomaly.input by their reconstruction error.",
      "",
      "Prints AUROC and AUPRC (outliers are positive) of the autoencoder over anomaly.seeds and of",
      "MLlib's PCA with each of anomaly.components. With model.contamination, also prints how many",
      "rows are flagged. Writes anomaly.json to output.dir."
    })
final class AnomalyCommand implements Callable<Integer> {
  private static final String FIGURES = "anomaly.json";

  @Spec private CommandSpec spec;
  @Mixin private JobOptions options;

  @Override
  public Integer call() throws IOException {
    Section file = options.section();
    JobConfig job = JobConfig.of(file.without(AnomalySettings.SECTION));
    AnomalySettings settings = AnomalySettings.of(file, job);
    if (!job.preprocessing().isEmpty()) {
      throw new IllegalArgumentException(
          "preprocess does not work with 'anomaly', which trains one model per class; leave it out and prepare the rows beforehand");
    }
    if (job.grid().isPresent()) {
      throw new IllegalArgumentException(
          "grid does not work with 'anomaly', which trains one model per class; leave it out");
    }
    AutoencoderEstimator<?, ?> estimator = job.estimator();
    SparkSession spark = options.session("anomaly");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (Staging staging =
        Staging.in(job.directory(), List.of(FIGURES), options.overwrite(), hadoop)) {
      InputTable training = SourceReader.read(spark, job.input(), estimator);
      InputTable test = SourceReader.read(spark, settings.input(), estimator);
      check(training, "input", settings.labelCol());
      check(test, settings.input().section(), settings.labelCol());
      AnomalyReport report = run(settings, estimator, training, test);
      JsonFile.write(report.json(), staging.path(FIGURES), hadoop);
      staging.publish();
      spec.commandLine().getOut().println(new Path(job.directory(), FIGURES));
    }
    return 0;
  }

  private static void check(InputTable table, String section, String labelCol) {
    StructType schema = table.rows().schema();
    if (!Arrays.asList(schema.fieldNames()).contains(labelCol)
        || !(schema.apply(labelCol).dataType() instanceof NumericType)) {
      throw new IllegalArgumentException(
          Text.format(
              "anomaly.labelCol: %s must have a numeric column '%s'; its columns are %s",
              section, labelCol, schema.simpleString()));
    }
  }

  /** Prints the result of each class as soon as it is known. */
  private AnomalyReport run(
      AnomalySettings settings,
      AutoencoderEstimator<?, ?> estimator,
      InputTable training,
      InputTable test) {
    double[] classes =
        settings.classes().length > 0
            ? settings.classes()
            : AnomalyExperiment.classes(training, settings.labelCol());
    AnomalyExperiment experiment = new AnomalyExperiment(estimator, settings);
    List<AnomalyExperiment.Result> results = new ArrayList<>();
    AnomalyReport report = new AnomalyReport(settings.seeds(), settings.components(), results);
    PrintWriter out = spec.commandLine().getOut();
    for (double label : classes) {
      results.add(experiment.run(label, training, test));
      if (results.size() == 1) {
        report.head().forEach(out::println);
      }
      out.println(report.text(results.get(results.size() - 1)));
      out.flush();
    }
    report.summary().forEach(out::println);
    return report;
  }
}
