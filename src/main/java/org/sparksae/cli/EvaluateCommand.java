package org.sparksae.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.sparksae.cli.job.DenoisingSettings;
import org.sparksae.cli.job.EvaluateSettings;
import org.sparksae.cli.job.GridOption;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobOptions;
import org.sparksae.cli.report.Comparison;
import org.sparksae.cli.report.CorruptedRows;
import org.sparksae.cli.report.Denoising;
import org.sparksae.cli.report.FiringPicture;
import org.sparksae.cli.report.JsonFile;
import org.sparksae.cli.report.Reconstruction;
import org.sparksae.cli.report.Staging;
import org.sparksae.cli.report.TopRows;
import org.sparksae.spark.ml.AutoencoderModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures a trained model: rows in, figures out. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure the model that train left on the rows of evaluate.input.",
      "",
      "Prints how well the model reconstructs the rows and how sparse their codes are. With",
      "evaluate.labelCol, also trains a linear classifier on the raw rows of evaluate.training",
      "(by default, input) and one on their codes, with the same settings (evaluate.classifier),",
      "and compares their accuracy on evaluate.input. With evaluate.fineTuning, also trains the",
      "encoder with that classifier on top by the labels. With evaluate.denoise, also corrupts the",
      "rows and measures how much nearer to the clean rows the reconstructions are. With",
      "evaluate.topRows, shows the rows with the highest codes for a sample of units. With",
      "evaluate.firingPicture, draws how many units are active how often. With evaluate.output,",
      "also writes all figures as JSON."
    })
final class EvaluateCommand implements Callable<Integer> {

  /** Names that clash neither with the rows' columns nor with the job's. */
  private static final String RECONSTRUCTION = "__reconstruction";

  private static final String CODE = "__code";

  @Spec private CommandSpec spec;
  @Mixin private JobOptions options;
  @Mixin private GridOption grid;

  @Override
  public Integer call() throws IOException {
    JobConfig job = grid.job(options);
    SparkSession spark = options.session("evaluate");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Optional<Path> json = job.evaluate().output();
    Optional<Path> picture = job.evaluate().denoising().flatMap(DenoisingSettings::picture);
    Optional<Path> firing = job.evaluate().firingPicture();
    try (Staging figures = staging(json, hadoop);
        Staging histogram = staging(firing, hadoop);
        Staging drawing = staging(picture, hadoop)) {
      Map<String, Object> measured = evaluate(job, spark, hadoop, histogram, drawing);
      if (json.isPresent()) {
        JsonFile.write(measured, figures.path(json.get().getName()), hadoop);
        publish(figures, json.get());
      }
      if (firing.isPresent()) {
        publish(histogram, firing.get());
      }
      if (picture.isPresent()) {
        publish(drawing, picture.get());
      }
    }
    return 0;
  }

  /** Null without a target; try-with-resources ignores it. */
  private Staging staging(Optional<Path> target, Configuration hadoop) throws IOException {
    return target.isEmpty() ? null : Staging.of(target.get(), options.overwrite(), hadoop);
  }

  private void publish(Staging staging, Path target) throws IOException {
    if (!staging.publish().isEmpty()) {
      spec.commandLine().getOut().println(target);
    }
  }

  /** Prints each part as soon as it is known. */
  private Map<String, Object> evaluate(
      JobConfig job, SparkSession spark, Configuration hadoop, Staging histogram, Staging drawing)
      throws IOException {
    EvaluateSettings settings = job.evaluate();
    AutoencoderModel<?> model =
        job.trainedModel(hadoop)
            .setOutputCol(CODE)
            .setReconstructionCol(RECONSTRUCTION)
            .setReconstructionErrorCol("")
            .setOutlierCol("");
    InputTable test = job.prepared(spark, settings.input());
    Optional<ShownRows> shown = shownRows(job, spark);
    Optional<ComparedRows> compared = comparedRows(job, model, test, spark);

    Map<String, Object> figures = new LinkedHashMap<>();
    figures.putAll(reconstruct(model, test, compared, settings.firingPicture(), histogram));
    if (settings.denoising().isPresent()) {
      figures.put("denoising", denoise(model, test, settings.denoising().get(), job, drawing));
    }
    shown.ifPresent(rows -> figures.put("topRows", topRows(model, rows)));
    return figures;
  }

  /** Rows to look among for those with the highest codes. */
  private record ShownRows(TopRows topRows, InputTable rows) {}

  private static Optional<ShownRows> shownRows(JobConfig job, SparkSession spark)
      throws IOException {
    if (job.evaluate().topRows().isEmpty()) {
      return Optional.empty();
    }
    TopRows topRows = new TopRows(job.evaluate().topRows().get());
    InputTable rows = job.prepared(spark, job.evaluate().topRows().get().input());
    topRows.check(rows, job.evaluate().topRows().get().input().section());
    return Optional.of(new ShownRows(topRows, rows));
  }

  /** Rows to train classifiers on. */
  private record ComparedRows(Comparison comparison, InputTable training) {}

  private static Optional<ComparedRows> comparedRows(
      JobConfig job, AutoencoderModel<?> model, InputTable test, SparkSession spark)
      throws IOException {
    if (job.evaluate().comparison().labelCol().isEmpty()) {
      return Optional.empty();
    }
    String labelCol = job.evaluate().comparison().labelCol().get();
    Comparison comparison = new Comparison(model, job.evaluate().comparison(), labelCol);
    InputTable training = job.prepared(spark, job.evaluate().comparison().training());
    comparison.check(training, job.evaluate().comparison().training().section());
    comparison.check(test, job.evaluate().input().section());
    return Optional.of(new ComparedRows(comparison, training));
  }

  private Map<String, Object> reconstruct(
      AutoencoderModel<?> model,
      InputTable test,
      Optional<ComparedRows> compared,
      Optional<Path> picture,
      Staging histogram)
      throws IOException {
    Dataset<Row> encoded = model.setInputCol(test.column()).transform(test.rows());
    encoded.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Reconstruction reconstruction = Reconstruction.of(model, encoded);
      print(reconstruction.text());
      if (picture.isPresent()) {
        FiringPicture.write(
            reconstruction.metrics().firing().histogram(),
            histogram.path(picture.get().getName()),
            test.rows().sparkSession().sparkContext().hadoopConfiguration());
      }
      Map<String, Object> figures = new LinkedHashMap<>(reconstruction.json());
      if (compared.isPresent()) {
        Comparison.Result result =
            compared.get().comparison().run(compared.get().training(), encoded, test.column());
        print(result.text());
        figures.put("comparison", result.json());
      }
      return figures;
    } finally {
      encoded.unpersist();
    }
  }

  private Map<String, Object> denoise(
      AutoencoderModel<?> model,
      InputTable test,
      DenoisingSettings settings,
      JobConfig job,
      Staging drawing)
      throws IOException {
    Dataset<Row> denoised =
        model
            .copy(ParamMap.empty())
            .setInputCol(CorruptedRows.CORRUPTED)
            .setOutputCol("")
            .transform(CorruptedRows.of(test, settings.noise()));
    denoised.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Denoising denoising = Denoising.of(denoised, RECONSTRUCTION, settings.corruption());
      print(denoising.text());
      if (settings.picture().isPresent()) {
        Path path = drawing.path(settings.picture().get().getName());
        List<Row> rows = denoised.takeAsList(settings.images());
        Configuration hadoop = denoised.sparkSession().sparkContext().hadoopConfiguration();
        try (OutputStream out = path.getFileSystem(hadoop).create(path)) {
          CorruptedRows.draw(rows, RECONSTRUCTION, job.picture().get(), out);
        }
      }
      return denoising.json();
    } finally {
      denoised.unpersist();
    }
  }

  private List<Map<String, Object>> topRows(AutoencoderModel<?> model, ShownRows shown) {
    Dataset<Row> encoded =
        model
            .copy(ParamMap.empty())
            .setReconstructionCol("")
            .setInputCol(shown.rows().column())
            .transform(shown.rows().rows());
    Map<Integer, List<TopRows.Entry>> sample = shown.topRows().of(model, encoded, CODE);
    print(TopRows.text(sample));
    return TopRows.json(sample);
  }

  private void print(List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }
}
