package org.sparksae.examples.synthetic;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobOptions;
import org.sparksae.cli.job.Section;
import org.sparksae.cli.job.SourceReader;
import org.sparksae.cli.report.JsonFile;
import org.sparksae.cli.report.Reconstruction;
import org.sparksae.cli.report.Staging;
import org.sparksae.core.Text;
import org.sparksae.examples.kinds.EarlyChecks;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains several kinds of models on rows of known features, and compares what they found. */
@Command(
    name = "truth",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Train each of truth.kinds on the input's rows with each of truth.seeds, and compare its",
      "latents with the features that make-synthetic made the rows of.",
      "",
      "Prints the scores of SynthSAEBench on truth.input, and writes truth.json to output.dir."
    })
public final class TruthCommand implements Callable<Integer> {
  private static final String FIGURES = "truth.json";
  private static final String CODE = "__code";
  private static final String RECONSTRUCTION = "__reconstruction";
  private static final String ACTIVE = "active";

  @Spec private CommandSpec spec;
  @Mixin private JobOptions options;

  @Override
  public Integer call() throws IOException {
    Section file = options.section();
    JobConfig job = JobConfig.of(file.without(TruthSettings.SECTION));
    TruthSettings settings = TruthSettings.of(file, job);
    if (!job.preprocessing().isEmpty() || job.grid().isPresent()) {
      throw new IllegalArgumentException(
          "preprocess and grid do not work with 'truth', which compares latents with features of the rows as they are; leave them out and use truth.kinds");
    }
    SparkSession spark = options.session("truth");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (Staging staging =
        Staging.in(job.directory(), List.of(FIGURES), options.overwrite(), hadoop)) {
      InputTable training = SourceReader.read(spark, job.input(), job.estimator());
      InputTable test = SourceReader.read(spark, settings.input(), job.estimator());
      Truth truth =
          Truth.read(SourceReader.read(spark, settings.features(), job.estimator()).rows());
      if (!Arrays.asList(test.rows().columns()).contains(ACTIVE)) {
        throw new IllegalArgumentException(
            Text.format(
                "truth.input must have a column '%s' of the active features, as make-synthetic writes it; its columns are %s",
                ACTIVE, test.rows().schema().simpleString()));
      }
      for (SparseAutoencoder kind : settings.kinds().values()) {
        EarlyChecks.check(kind, training, test);
        truth.checkSize(compared(kind, training));
      }
      TruthReport report = run(settings, truth, training, test);
      JsonFile.write(report.json(), staging.path(FIGURES), hadoop);
      staging.publish();
      spec.commandLine().getOut().println(new Path(job.directory(), FIGURES));
    }
    return 0;
  }

  /** The column that decoder vectors have a value for each value of. */
  private static FeatureColumn compared(SparseAutoencoder kind, InputTable training) {
    return kind.getTargetCol().isEmpty()
        ? FeatureColumn.of(training.rows(), "input.columns", training.column())
        : FeatureColumn.of(training.rows(), "targetCol", kind.getTargetCol());
  }

  /** Prints each kind as soon as it is known. */
  private TruthReport run(
      TruthSettings settings, Truth truth, InputTable training, InputTable test) {
    PrintWriter out = spec.commandLine().getOut();
    TruthReport report = new TruthReport(settings.seeds(), new ArrayList<>());
    out.println(report.head());
    for (Map.Entry<String, SparseAutoencoder> kind : settings.kinds().entrySet()) {
      List<TruthReport.Figures> figures = new ArrayList<>();
      for (long seed : settings.seeds()) {
        SparseAutoencoder estimator =
            kind.getValue().setSeed(seed).setInputCol(training.column()).setOutputCol(CODE);
        SparseAutoencoderModel model =
            estimator.setReconstructionCol(RECONSTRUCTION).fit(training.rows());
        figures.add(figures(truth, model, test));
      }
      report.kinds().add(new TruthReport.Kind(kind.getKey(), figures));
      out.println(report.text(report.kinds().get(report.kinds().size() - 1)));
      out.flush();
    }
    return report;
  }

  private static TruthReport.Figures figures(
      Truth truth, SparseAutoencoderModel model, InputTable test) {
    Dataset<Row> coded = model.setInputCol(test.column()).transform(test.rows());
    coded.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return new TruthReport.Figures(
          truth.scores(
              model.decoderFilters(1), coded.select(col(CODE), col(ACTIVE).cast("array<int>"))),
          Reconstruction.metrics(model, coded));
    } finally {
      coded.unpersist();
    }
  }
}
