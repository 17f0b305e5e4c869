package org.sparksae.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.SparkSession;
import org.sparksae.cli.job.AssembledColumns;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobOptions;
import org.sparksae.cli.job.Picture;
import org.sparksae.cli.job.Preprocessing;
import org.sparksae.cli.job.SourceReader;
import org.sparksae.cli.report.Filters;
import org.sparksae.cli.report.JsonFile;
import org.sparksae.cli.report.Staging;
import org.sparksae.cli.report.TrainingReport;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;
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
      "of these steps and the model, which takes the source's rows as they are."
    })
final class TrainCommand implements Callable<Integer> {
  private static final String MODEL = "model";
  private static final String SUMMARY = "summary.json";
  private static final String PICTURE = "filters.png";
  private static final List<String> RESULTS =
      List.of(MODEL, SUMMARY, PICTURE, Preprocessing.DIRECTORY, AssembledColumns.PIPELINE);

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
      Optional<PipelineModel> preparation = preparation(job, source, estimator, staging);
      InputTable input =
          preparation
              .map(learned -> Preprocessing.apply(learned, source, estimator.getHandleInvalid()))
              .orElse(source);
      estimator.setInputCol(input.column());
      estimator.transformSchema(input.rows().schema());
      job.picture().ifPresent(picture -> Filters.check(picture, estimator, input));

      AutoencoderModel<?> model =
          estimator.fit(input.rows()).setPreparation(job.preprocessing().description());

      TrainingReport report = new TrainingReport(model, skips(estimator) ? input.leftOut() : 0);
      model.write().save(staging.path(MODEL).toString());
      List<Transformer> stages = stages(source, preparation, model);
      if (stages.size() > 1) {
        save(stages, staging.path(AssembledColumns.PIPELINE));
      }
      JsonFile.write(report.json(), staging.path(SUMMARY), hadoop);
      if (job.picture().isPresent()) {
        draw(model, job.picture().get(), staging.path(PICTURE), hadoop);
      }
      print(report, staging.publish(), job.directory());
    }
    return 0;
  }

  private static boolean skips(AutoencoderEstimator<?, ?> estimator) {
    return estimator.getHandleInvalid().equals(Choices.SKIP);
  }

  /** Fits and saves the preparing stages, if the job has any. */
  private static Optional<PipelineModel> preparation(
      JobConfig job, InputTable source, AutoencoderEstimator<?, ?> estimator, Staging staging)
      throws IOException {
    if (job.preprocessing().isEmpty()) {
      return Optional.empty();
    }
    PipelineModel learned = job.preprocessing().fit(source, estimator.getHandleInvalid());
    learned.write().save(staging.path(Preprocessing.DIRECTORY).toString());
    return Optional.of(learned);
  }

  /** The stages from the source's own rows to codes; the model is the last of them. */
  private static List<Transformer> stages(
      InputTable source, Optional<PipelineModel> preparation, AutoencoderModel<?> model) {
    List<Transformer> stages = new ArrayList<>(source.maker().stream().toList());
    preparation.ifPresent(learned -> stages.addAll(List.of(learned.stages())));
    stages.add(model);
    return stages;
  }

  private static void save(List<Transformer> stages, Path path) throws IOException {
    String uid = Identifiable$.MODULE$.randomUID("pipeline");
    new PipelineModel(uid, stages.toArray(Transformer[]::new)).write().save(path.toString());
  }

  private static void draw(
      AutoencoderModel<?> model, Picture picture, Path path, Configuration hadoop)
      throws IOException {
    try (OutputStream out = path.getFileSystem(hadoop).create(path)) {
      Filters.write(model, picture, out);
    }
  }

  private void print(TrainingReport report, List<String> results, Path directory) {
    PrintWriter out = spec.commandLine().getOut();
    report.text().forEach(out::println);
    results.forEach(name -> out.println(new Path(directory, name)));
    out.flush();
  }
}
