package org.sparksae.cli;

import java.io.IOException;
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
import org.sparksae.spark.ml.AutoencoderModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures a trained model: rows in, metrics out. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure the model that train left on the rows of evaluate.input.",
      "",
      "Prints how well they are reconstructed and how sparse their codes are. With",
      "evaluate.labelCol set, also trains a linear classifier on the raw rows of",
      "evaluate.training, or else of input, and one on their codes, with the same settings",
      "(evaluate.classifier), and compares their accuracy on evaluate.input. With",
      "evaluate.fineTuning set, also trains the encoder with that classifier on top by the labels.",
      "With evaluate.topRows, shows for a sample of units the rows with the highest codes.",
      "With evaluate.output set, writes all figures there as JSON, too."
    })
final class EvaluateCommand implements Callable<Integer> {

  /** Of the transformed rows only, so that neither clashes with a column or a choice of the job. */
  private static final String RECONSTRUCTION = "__reconstruction";

  private static final String CODE = "__code";

  @Spec private CommandSpec spec;
  @Mixin private JobOptions options;

  @Override
  public Integer call() throws IOException {
    JobConfig job = options.job();
    SparkSession spark = options.session("evaluate");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    if (job.evaluate().output().isEmpty()) {
      evaluate(job, spark, hadoop);
      return 0;
    }
    Path target = job.evaluate().output().get();
    try (Staging staging = Staging.of(target, options.overwrite(), hadoop)) {
      Map<String, Object> figures = evaluate(job, spark, hadoop);
      JsonFile.write(figures, staging.path(target.getName()), hadoop);
      staging.publish();
      spec.commandLine().getOut().println(target);
    }
    return 0;
  }

  private Map<String, Object> evaluate(JobConfig job, SparkSession spark, Configuration hadoop)
      throws IOException {
    AutoencoderModel<?> model =
        job.trainedModel(hadoop)
            .setOutputCol(CODE)
            .setReconstructionCol(RECONSTRUCTION)
            .setReconstructionErrorCol("")
            .setOutlierCol("");
    InputTable test = job.prepared(spark, job.evaluate().input());
    Optional<InputTable> named = Optional.empty();
    if (job.evaluate().topRows().isPresent()) {
      named = Optional.of(job.prepared(spark, job.evaluate().topRowsInput()));
      job.evaluate().topRows().get().check(named.get(), job.evaluate().topRowsInput().section());
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    if (job.evaluate().labelCol().isPresent()) {
      InputTable training = job.prepared(spark, job.evaluate().training());
      Comparison comparison = new Comparison(model, job, job.evaluate().labelCol().get());
      comparison.check(training, job.evaluate().training().section());
      comparison.check(test, job.evaluate().input().section());
      figures.putAll(evaluate(model, test, comparison, training));
    } else {
      figures.putAll(evaluate(model, test, null, null));
    }
    if (named.isPresent()) {
      figures.put("topRows", topRows(model, job.evaluate().topRows().get(), named.get()));
    }
    return figures;
  }

  private List<Map<String, Object>> topRows(
      AutoencoderModel<?> model, TopRows topRows, InputTable rows) {
    Dataset<Row> encoded =
        model
            .copy(ParamMap.empty())
            .setReconstructionCol("")
            .setInputCol(rows.column())
            .transform(rows.rows());
    Map<Integer, List<TopRows.Entry>> sample = topRows.of(model, encoded, CODE);
    PrintWriter out = spec.commandLine().getOut();
    TopRows.text(sample).forEach(out::println);
    out.flush();
    return TopRows.json(sample);
  }

  /** Prints each part as soon as it is known. */
  private Map<String, Object> evaluate(
      AutoencoderModel<?> model, InputTable test, Comparison comparison, InputTable training) {
    Dataset<Row> encoded = model.setInputCol(test.column()).transform(test.rows());
    encoded.persist(StorageLevel.MEMORY_AND_DISK());
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Object> figures = new LinkedHashMap<>();
    try {
      Reconstruction reconstruction = Reconstruction.of(model, encoded);
      reconstruction.text().forEach(out::println);
      figures.putAll(reconstruction.json());
      if (comparison != null) {
        out.flush();
        Comparison.Result result = comparison.run(training, encoded, test.column());
        result.text().forEach(out::println);
        figures.put("comparison", result.json());
      }
    } finally {
      encoded.unpersist();
      out.flush();
    }
    return figures;
  }
}
