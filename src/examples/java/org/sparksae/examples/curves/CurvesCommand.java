package org.sparksae.examples.curves;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.SparkSession;
import org.sparksae.cli.job.Grid;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobOptions;
import org.sparksae.cli.job.Section;
import org.sparksae.cli.job.SourceReader;
import org.sparksae.cli.report.JsonFile;
import org.sparksae.cli.report.Reconstruction;
import org.sparksae.cli.report.Staging;
import org.sparksae.core.stats.ReconstructionMetrics;
import org.sparksae.examples.kinds.EarlyChecks;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains a grid of models of each kind of code, and compares reconstruction at equal sparsity. */
@Command(
    name = "curves",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Train the grid of each of curves.kinds on the input's rows, and measure all models on",
      "curves.input.",
      "",
      "Prints a table, and writes curves.json and curves.png (unexplained variance against active",
      "latents) to output.dir."
    })
public final class CurvesCommand implements Callable<Integer> {
  private static final String FIGURES = "curves.json";
  private static final String PICTURE = "curves.png";
  private static final String CODE = "__code";
  private static final String RECONSTRUCTION = "__reconstruction";

  @Spec private CommandSpec spec;
  @Mixin private JobOptions options;

  @Override
  public Integer call() throws IOException {
    Section file = options.section();
    JobConfig job = JobConfig.of(file.without(CurvesSettings.SECTION));
    CurvesSettings settings = CurvesSettings.of(file);
    if (!job.preprocessing().isEmpty() || job.grid().isPresent()) {
      throw new IllegalArgumentException(
          "preprocess and grid do not work with 'curves'; leave them out, and give each of curves.kinds a grid");
    }
    SparkSession spark = options.session("curves");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (Staging staging =
        Staging.in(job.directory(), List.of(FIGURES, PICTURE), options.overwrite(), hadoop)) {
      InputTable training = SourceReader.read(spark, job.input(), job.estimator());
      InputTable test = SourceReader.read(spark, settings.input(), job.estimator());
      settings.kinds().values().forEach(kind -> check(kind, training, test));
      CurvesReport report = run(settings, training, test);
      JsonFile.write(report.json(), staging.path(FIGURES), hadoop);
      CurvesPicture.write(report, staging.path(PICTURE), hadoop);
      staging.publish();
      spec.commandLine().getOut().println(new Path(job.directory(), FIGURES));
    }
    return 0;
  }

  private static void check(JobConfig kind, InputTable training, InputTable test) {
    AutoencoderEstimator<?, ?> estimator = kind.estimator();
    for (ParamMap map : kind.grid().orElseThrow().on(estimator)) {
      EarlyChecks.check(estimator.copy(map), training, test);
    }
  }

  /** Prints each kind as soon as it is known. */
  private CurvesReport run(CurvesSettings settings, InputTable training, InputTable test) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(CurvesReport.head());
    CurvesReport report = new CurvesReport();
    for (Map.Entry<String, JobConfig> kind : settings.kinds().entrySet()) {
      report.add(kind.getKey(), points(kind.getValue(), training, test));
      report.text(kind.getKey()).forEach(out::println);
      out.flush();
    }
    return report;
  }

  private static List<CurvesReport.Point> points(
      JobConfig job, InputTable training, InputTable test) {
    AutoencoderEstimator<?, ?> estimator = job.estimator();
    estimator.set(estimator.getParam("inputCol"), training.column());
    Grid grid = job.grid().orElseThrow();
    List<CurvesReport.Point> points = new ArrayList<>();
    estimator.fitEach(
        training.rows(),
        grid.on(estimator),
        (model, index) ->
            points.add(
                new CurvesReport.Point(
                    grid.describe(grid.points().get(index)), metrics(model, test))));
    return points;
  }

  private static ReconstructionMetrics metrics(AutoencoderModel<?> model, InputTable test) {
    model.set(model.inputCol(), test.column());
    model.set(model.outputCol(), CODE);
    model.set(model.reconstructionCol(), RECONSTRUCTION);
    return Reconstruction.metrics(model, model.transform(test.rows()));
  }
}
