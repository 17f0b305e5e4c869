package org.sparksae.cli.job;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.sparksae.core.Text;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;

/**
 * A job file. Every command checks all of it, whichever sections it reads.
 *
 * @param input rows to train on; the default for the other sections' rows
 * @param preprocessing stages that prepare all rows
 * @param model section with the kind of model and its Params
 * @param grid the models to train, if they are several
 * @param directory where commands write their results: model, summary.json, filters.png, ...
 * @param picture how to draw the filters, if at all
 * @param encode what 'encode' reads and writes
 * @param evaluate what 'evaluate' measures
 */
public record JobConfig(
    Source input,
    Preprocessing preprocessing,
    Section model,
    Optional<Grid> grid,
    Path directory,
    Optional<Picture> picture,
    Encode encode,
    EvaluateSettings evaluate) {

  private static final List<String> SECTIONS =
      List.of(
          "input", "preprocess", "model", Grid.SECTION, "output", "picture", "encode", "evaluate");

  /**
   * Params of the job file that apply to an existing model, if its kind has them. The others only
   * concern training.
   */
  static final List<String> TRANSFORM_PARAMS =
      List.of(
          "outputCol",
          "reconstructionCol",
          "reconstructionErrorCol",
          "outlierCol",
          "handleInvalid",
          "activationThreshold",
          "encodeK",
          "precision",
          "outputLayer",
          "pooling",
          "poolSize",
          "poolStride");

  /** Default name of the code's column: the estimator's own default has a random part. */
  private static final String CODE_COLUMN = "code";

  /** The rows to encode, where to write them, and whether to keep the input's columns. */
  public record Encode(Source input, Path output, boolean keepInput) {}

  /**
   * Checks all sections.
   *
   * @throws IllegalArgumentException naming key, place, value, rule and remedy
   */
  public static JobConfig of(Section job) {
    return of(job, OptionalInt.empty());
  }

  /**
   * Checks all sections of a job, and takes one model of its grid.
   *
   * @param number of a model in the grid; with it, the result is a job without a grid that has the
   *     settings and the directory of that model. Without it, the whole job
   * @throws IllegalArgumentException naming key, place, value, rule and remedy; or if there is no
   *     such model
   */
  static JobConfig of(Section job, OptionalInt number) {
    job.find("denoise")
        .ifPresent(
            section -> {
              throw section.refusal("is now evaluate.denoise: move it there, and run 'evaluate'");
            });
    job.only(SECTIONS);
    Path output =
        new Path(
            job.section("output")
                .only(List.of("dir"))
                .require("dir", "where the results go, such as target/jobs/mine")
                .asText());
    Optional<Grid> grid = Grid.of(job.section(Grid.SECTION), job.section("model"));
    if (number.isEmpty()) {
      return of(job, job.section("model"), grid, output);
    }
    Grid.Point point =
        grid.orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--grid chooses a model of the job's section grid, but the job has none; leave the option out"))
            .point(number.getAsInt());
    return of(job, point.model(), Optional.empty(), point.directory(output));
  }

  private static JobConfig of(Section job, Section model, Optional<Grid> grid, Path directory) {
    Section input = job.section("input");
    AutoencoderEstimator<?, ?> estimator = estimator(model, grid);
    Optional<Picture> picture = Picture.of(job.section("picture"), depth(model, grid));
    EvaluateSettings evaluate =
        EvaluateSettings.of(job.section("evaluate"), input, model, estimator);
    if (evaluate.denoising().flatMap(DenoisingSettings::picture).isPresent() && picture.isEmpty()) {
      throw Section.missing(
          "picture.imageShape",
          "evaluate.denoise.picture needs the [channels, height, width] of an input row");
    }
    return new JobConfig(
        Source.of(input, model),
        Preprocessing.of(job),
        model,
        grid,
        directory,
        picture,
        encode(job.section("encode"), input, model, directory),
        evaluate);
  }

  /** The number of hidden layers that all models have; checks each model's own section. */
  private static int depth(Section model, Optional<Grid> grid) {
    ModelKind kind = ModelKind.of(model);
    Stream<Section> models =
        grid.map(of -> of.points().stream().map(Grid.Point::model)).orElse(Stream.of(model));
    return models.mapToInt(of -> kind.layers(kind.estimator(of)).length).min().orElseThrow();
  }

  private static Encode encode(Section section, Section input, Section model, Path directory) {
    section.only(List.of("input", "output", "keepInput"));
    return new Encode(
        Source.of(section.section("input").orElse(input), model),
        section
            .find("output")
            .map(Value::asText)
            .map(Path::new)
            .orElse(new Path(directory, "features.parquet")),
        section.find("keepInput").map(Value::asBoolean).orElse(false));
  }

  /** Reads the rows of a source and prepares them for the autoencoder that train left. */
  public InputTable prepared(SparkSession spark, Source source) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    AutoencoderEstimator<?, ?> estimator = estimator();
    InputTable table = SourceReader.read(spark, asTrained(source, hadoop), estimator);
    return preprocessing.isEmpty()
        ? table
        : Preprocessing.apply(
            preprocessing.saved(directory, hadoop), table, estimator.getHandleInvalid());
  }

  /** The source with the columns of training, if it names them by the same pattern. */
  private Source asTrained(Source source, Configuration hadoop) throws IOException {
    if (!source.hasPattern() || !source.columns().equals(input.columns())) {
      return source;
    }
    Path pipeline = new Path(directory, AssembledColumns.PIPELINE);
    return AssembledColumns.saved(pipeline, hadoop).map(source::with).orElse(source);
  }

  /**
   * The estimator with the job's Params. The caller sets its input column and, for a model of a
   * grid, that model's own Params.
   */
  public AutoencoderEstimator<?, ?> estimator() {
    return estimator(model, grid);
  }

  private static AutoencoderEstimator<?, ?> estimator(Section model, Optional<Grid> grid) {
    ModelKind kind = ModelKind.of(model);
    AutoencoderEstimator<?, ?> estimator =
        grid.isPresent() ? kind.incomplete(model) : kind.estimator(model);
    return model.has("outputCol") ? estimator : estimator.setOutputCol(CODE_COLUMN);
  }

  /**
   * The model that train left, with those of the job's Params that apply to an existing model.
   *
   * @throws IllegalArgumentException if there is no model, it is damaged, or its training rows were
   *     prepared differently
   */
  public AutoencoderModel<?> trainedModel(Configuration hadoop) throws IOException {
    Path path = new Path(directory, "model");
    if (!HadoopPaths.fileSystem(path, hadoop).exists(path)) {
      throw new IllegalArgumentException(
          Text.format("there is no model %s; run 'train' with the same output.dir first", path));
    }
    AutoencoderModel<?> trained = ModelKind.of(model).load(path.toString());
    preprocessing.requireSame(trained, path);
    AutoencoderEstimator<?, ?> wanted = estimator();
    for (String name : TRANSFORM_PARAMS) {
      if (!wanted.hasParam(name)) {
        continue;
      }
      if (wanted.isDefined(wanted.getParam(name))) {
        trained.set(name, wanted.getOrDefault(wanted.getParam(name)));
      } else {
        trained.clear(trained.getParam(name));
      }
    }
    // Without a value in the job, those of training stay.
    if (wanted.hasTarget()) {
      trained.setTargetCol(wanted.getTargetCol());
    }
    if (wanted.isDefined(wanted.outlierThreshold())) {
      trained.setOutlierThreshold(wanted.getOutlierThreshold());
    }
    return trained;
  }
}
