package org.sparksae.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.util.Identifiable$;
import org.sparksae.cli.job.AssembledColumns;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.Picture;
import org.sparksae.cli.job.Preprocessing;
import org.sparksae.cli.report.Filters;
import org.sparksae.cli.report.JsonFile;
import org.sparksae.cli.report.TrainingReport;
import org.sparksae.spark.ml.AutoencoderModel;

/**
 * Writes what train leaves of one model, into a directory that the other commands can use.
 *
 * @param job the job
 * @param source its rows as they were read
 * @param preparation the fitted stages of the job's preprocess, if it has any
 * @param leftOut number of invalid rows that were left out before the fit
 */
record ModelResults(
    JobConfig job,
    InputTable source,
    Optional<PipelineModel> preparation,
    long leftOut,
    Configuration hadoop) {
  private static final String MODEL = "model";
  private static final String SUMMARY = "summary.json";
  private static final String PICTURE = "filters.png";

  /** Names of everything that may be written. */
  static final List<String> NAMES =
      List.of(MODEL, SUMMARY, PICTURE, Preprocessing.DIRECTORY, AssembledColumns.PIPELINE);

  /** Writes a model that was just trained, and reports on it. */
  TrainingReport write(AutoencoderModel<?> model, Path directory) throws IOException {
    model.setPreparation(job.preprocessing().description());
    TrainingReport report = new TrainingReport(model, leftOut);
    model.write().save(new Path(directory, MODEL).toString());
    if (preparation.isPresent()) {
      save(preparation.get(), new Path(directory, Preprocessing.DIRECTORY));
    }
    List<Transformer> stages = stages(model);
    if (stages.size() > 1) {
      save(stages, new Path(directory, AssembledColumns.PIPELINE));
    }
    JsonFile.write(report.json(), new Path(directory, SUMMARY), hadoop);
    if (job.picture().isPresent()) {
      draw(model, job.picture().get(), new Path(directory, PICTURE));
    }
    return report;
  }

  /** The stages from the source's own rows to codes; the model is the last of them. */
  private List<Transformer> stages(AutoencoderModel<?> model) {
    List<Transformer> stages = new ArrayList<>(source.maker().stream().toList());
    preparation.ifPresent(learned -> stages.addAll(List.of(learned.stages())));
    stages.add(model);
    return stages;
  }

  private static void save(List<Transformer> stages, Path path) throws IOException {
    String uid = Identifiable$.MODULE$.randomUID("pipeline");
    save(new PipelineModel(uid, stages.toArray(Transformer[]::new)), path);
  }

  private static void save(PipelineModel stages, Path path) throws IOException {
    stages.write().save(path.toString());
  }

  private void draw(AutoencoderModel<?> model, Picture picture, Path path) throws IOException {
    try (OutputStream out = path.getFileSystem(hadoop).create(path)) {
      Filters.write(model, picture, out);
    }
  }
}
