package org.sparksae.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.sql.SparkSession;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/**
 * What a job file says, checked as a whole, whichever command reads it.
 *
 * @param input rows to train on, and to encode
 * @param preprocessing what is done to all rows first
 * @param model the section of Params
 * @param directory where a command's results are: model, summary.json, filters.png, ...
 * @param picture how to draw the filters, if at all
 * @param encode what to encode
 * @param evaluate what to evaluate on
 */
record JobConfig(
    Source input,
    Preprocessing preprocessing,
    Section model,
    Path directory,
    Optional<Picture> picture,
    Encode encode,
    Evaluate evaluate) {

  /** Params of the job file that an existing model takes; the others were for its training. */
  private static final List<String> TRANSFORM_PARAMS =
      List.of(
          "outputCol",
          "reconstructionCol",
          "reconstructionErrorCol",
          "handleInvalid",
          "activationThreshold",
          "encodeK",
          "outputLayer");

  /** Params of the classifier that a job may set; the same for raw rows and codes. */
  private static final List<String> CLASSIFIER_PARAMS =
      List.of(
          "maxIter",
          "regParam",
          "elasticNetParam",
          "tol",
          "fitIntercept",
          "standardization",
          "aggregationDepth");

  /** The code's column, unless the job names one; a Parquet file needs a name that lasts. */
  private static final String CODE_COLUMN = "code";

  /**
   * Rows of any Spark source.
   *
   * @param section the section's name, for messages
   * @param format short name or class of the source
   * @param paths files or directories, with wildcards; none for a source that has none
   * @param options of the source
   * @param columns one vector or array column, or numeric columns; empty to have model.inputCol
   */
  record Source(
      String section,
      String format,
      List<String> paths,
      Map<String, String> options,
      List<String> columns) {}

  /**
   * How to draw the filters.
   *
   * @param imageShape of an input row, (height, width[, channels]), one plane after the other
   * @param zoom edge of an input pixel
   * @param maxUnits units to draw, at most
   * @param layer the hidden layer, from 1
   * @param byDecoder whether to draw what its units contribute to the reconstruction; else what
   *     excites them
   */
  record Picture(int[] imageShape, int zoom, int maxUnits, int layer, boolean byDecoder) {}

  /** What to encode, where to, and whether the input's columns stay. */
  record Encode(Source input, Path output, boolean keepInput) {}

  /**
   * What to evaluate on; label and JSON file if there are any.
   *
   * @param training rows that classifiers learn from
   * @param topRowsInput rows among which to look for those with the highest codes
   * @param topRows what to show of them, if anything
   */
  record Evaluate(
      Source input,
      Source training,
      Source topRowsInput,
      Optional<TopRows> topRows,
      Optional<String> labelCol,
      boolean raw,
      Section classifier,
      Optional<Path> output) {}

  /**
   * Checks all sections.
   *
   * @throws IllegalArgumentException naming key, place, value, rule and remedy
   */
  static JobConfig of(Section job) {
    job.only(List.of("input", "preprocess", "model", "output", "picture", "encode", "evaluate"));
    Section input = job.section("input");
    Section model = job.section("model");
    Section output = job.section("output").only(List.of("dir"));
    Path directory =
        new Path(
            output
                .find("dir")
                .map(Value::asText)
                .orElseThrow(
                    () -> missing("output.dir", "where the results go, such as target/jobs/mine")));
    int layers = estimator(model).getHiddenLayers().length;
    JobConfig config =
        new JobConfig(
            source(input),
            Preprocessing.of(job),
            model,
            directory,
            picture(job.section("picture"), layers),
            encode(job.section("encode"), input, directory),
            evaluate(job.section("evaluate"), input));
    config.classifier();
    return config;
  }

  /** Rows of a source, as the autoencoder that train left takes them. */
  InputTable prepared(SparkSession spark, Source source) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    InputTable table = InputTable.read(spark, source, estimator());
    return preprocessing.applySaved(directory, table, hadoop);
  }

  /** The estimator with the job's Params; its input column is still to be set. */
  SparseAutoencoder estimator() {
    return estimator(model);
  }

  private static SparseAutoencoder estimator(Section model) {
    SparseAutoencoder estimator = new SparseAutoencoder().setOutputCol(CODE_COLUMN);
    ParamSetter.set(estimator, model, ParamSetter.names(estimator));
    if (!estimator.isDefined(estimator.hiddenLayers())) {
      throw missing("model.hiddenLayers", "the units of each hidden layer, such as [256]");
    }
    return estimator;
  }

  /**
   * The model that train left, with those of the job's Params that concern its application.
   *
   * @throws IllegalArgumentException if there is none, or it is not whole
   */
  SparseAutoencoderModel trainedModel(Configuration hadoop) throws IOException {
    Path path = new Path(directory, "model");
    if (!path.getFileSystem(hadoop).exists(path)) {
      throw new IllegalArgumentException(
          "there is no model %s; 'train' makes it, with the same output.dir".formatted(path));
    }
    SparseAutoencoderModel trained = SparseAutoencoderModel.load(path.toString());
    SparseAutoencoder wanted = estimator();
    for (String name : TRANSFORM_PARAMS) {
      if (wanted.isDefined(wanted.getParam(name))) {
        trained.set(name, wanted.getOrDefault(wanted.getParam(name)));
      } else {
        trained.clear(trained.getParam(name));
      }
    }
    return trained;
  }

  /** The classifier with the job's settings; its columns are still to be set. */
  LogisticRegression classifier() {
    LogisticRegression classifier = new LogisticRegression();
    ParamSetter.set(classifier, evaluate.classifier(), CLASSIFIER_PARAMS);
    return classifier;
  }

  private static Source source(Section section) {
    section.only(List.of("format", "path", "options", "columns"));
    return new Source(
        section.name(),
        section.find("format").map(Value::asText).orElse("parquet"),
        section.find("path").map(JobConfig::paths).orElse(List.of()),
        section.section("options").options(),
        section.find("columns").map(Value::asTexts).orElse(List.of()));
  }

  private static List<String> paths(Value value) {
    List<String> paths = value.asTexts();
    if (paths.isEmpty() || paths.stream().anyMatch(String::isBlank)) {
      throw value.refusal("must be a path or a list of paths, none of them empty");
    }
    return paths;
  }

  private static Optional<Picture> picture(Section section, int layers) {
    section.only(List.of("imageShape", "zoom", "maxUnits", "layer", "filters"));
    Optional<int[]> shape = section.find("imageShape").map(JobConfig::imageShape);
    int zoom = section.find("zoom").map(Value::asPositiveInt).orElse(2);
    int maxUnits = section.find("maxUnits").map(Value::asPositiveInt).orElse(400);
    int layer = section.find("layer").map(value -> layer(value, layers)).orElse(1);
    boolean byDecoder = section.find("filters").map(JobConfig::isDecoder).orElse(layer > 1);
    if (shape.isEmpty() && !section.object().isEmpty()) {
      throw missing("picture.imageShape", "height and width of an input row, such as [28, 28]");
    }
    return shape.map(sizes -> new Picture(sizes, zoom, maxUnits, layer, byDecoder));
  }

  private static int[] imageShape(Value value) {
    int[] sizes = value.asInts();
    boolean known = sizes.length == 2 || sizes.length == 3 && isChannels(sizes[2]);
    if (!known || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
      throw value.wrong(
          "[height, width] or [height, width, channels], each 1 or more and channels 1 or 3");
    }
    return sizes;
  }

  private static int layer(Value value, int layers) {
    int layer = value.asInt();
    if (layer < 1 || layer > layers) {
      throw value.wrong("in [1, %d], one of the hiddenLayers".formatted(layers));
    }
    return layer;
  }

  private static boolean isDecoder(Value value) {
    return switch (value.asText()) {
      case "encoder" -> false;
      case "decoder" -> true;
      default -> throw value.wrong("encoder or decoder");
    };
  }

  private static boolean isChannels(int size) {
    return size == 1 || size == 3;
  }

  private static Encode encode(Section section, Section input, Path directory) {
    section.only(List.of("input", "output", "keepInput"));
    return new Encode(
        source(section.section("input").orElse(input)),
        section
            .find("output")
            .map(Value::asText)
            .map(Path::new)
            .orElse(new Path(directory, "features.parquet")),
        section.find("keepInput").map(Value::asBoolean).orElse(false));
  }

  private static Evaluate evaluate(Section section, Section input) {
    section.only(
        List.of("input", "training", "topRows", "labelCol", "raw", "classifier", "output"));
    Section topRows =
        section.section("topRows").only(List.of("input", "column", "units", "rows", "seed"));
    return new Evaluate(
        source(section.section("input").orElse(input)),
        source(section.section("training").orElse(input)),
        source(topRows.section("input").orElse(input)),
        topRows.object().isEmpty() ? Optional.empty() : Optional.of(TopRows.of(topRows)),
        section.find("labelCol").map(Value::asText).filter(name -> !name.isEmpty()),
        section.find("raw").map(Value::asBoolean).orElse(true),
        section.section("classifier"),
        section.find("output").map(Value::asText).map(Path::new));
  }

  /** What to throw for a key that must be there. */
  static IllegalArgumentException missing(String key, String meaning) {
    return new IllegalArgumentException("%s must be set: %s".formatted(key, meaning));
  }
}
