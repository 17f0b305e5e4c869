package org.sparksae.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.sql.SparkSession;
import org.sparksae.core.Text;
import org.sparksae.core.train.Corruption;
import org.sparksae.core.train.CorruptionKind;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;

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
 * @param denoise what to corrupt and reconstruct
 * @param anomaly in what to find other classes
 */
record JobConfig(
    Source input,
    Preprocessing preprocessing,
    Section model,
    Path directory,
    Optional<Picture> picture,
    Encode encode,
    Evaluate evaluate,
    Denoise denoise,
    Anomaly anomaly) {

  /**
   * Params of the job file that an existing model takes, if its kind has them; the others were for
   * its training.
   */
  private static final List<String> TRANSFORM_PARAMS =
      List.of(
          "outputCol",
          "reconstructionCol",
          "reconstructionErrorCol",
          "outlierCol",
          "handleInvalid",
          "activationThreshold",
          "encodeK",
          "outputLayer",
          "pooling",
          "poolSize",
          "poolStride");

  /** Params of MLlib's MultilayerPerceptronClassifier that a job may set. */
  private static final List<String> FINE_TUNING_PARAMS =
      List.of("maxIter", "tol", "solver", "stepSize", "blockSize");

  /** The code's column, unless the job names one; a Parquet file needs a name that lasts. */
  private static final String CODE_COLUMN = "code";

  /** What to encode, where to, and whether the input's columns stay. */
  record Encode(Source input, Path output, boolean keepInput) {}

  /**
   * What to evaluate on; label and JSON file if there are any.
   *
   * @param training rows that the classifiers learn from
   * @param raw whether one learns from raw rows as well
   * @param fineTuning whether, and by which Params, the encoder is trained with the labels
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
      Optional<Section> fineTuning,
      Optional<Path> output) {

    ClassifierKind kind() {
      return ClassifierKind.of(classifier);
    }
  }

  /** What to corrupt, how, and how many rows to draw. */
  record Denoise(Source input, Corruption corruption, long seed, int images) {}

  /**
   * In what to find other classes: by which column, which classes to learn (none: all), with which
   * seeds, and beside how many principal components.
   */
  record Anomaly(
      Source input, String labelCol, double[] classes, List<Long> seeds, int[] components) {}

  /**
   * Checks all sections.
   *
   * @throws IllegalArgumentException naming key, place, value, rule and remedy
   */
  static JobConfig of(Section job) {
    job.only(
        List.of(
            "input",
            "preprocess",
            "model",
            "output",
            "picture",
            "encode",
            "evaluate",
            "denoise",
            "anomaly"));
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
    int layers = ModelKind.of(model).layers(estimator(model)).length;
    JobConfig config =
        new JobConfig(
            Source.of(input, model),
            Preprocessing.of(job),
            model,
            directory,
            Picture.of(job.section("picture"), layers),
            encode(job.section("encode"), input, model, directory),
            evaluate(job.section("evaluate"), input, model),
            denoise(job.section("denoise"), input, model),
            anomaly(job.section("anomaly"), input, model));
    config.classifier();
    config.fineTuning();
    return config;
  }

  /** Rows of a source, as the autoencoder that train left takes them. */
  InputTable prepared(SparkSession spark, Source source) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    AutoencoderEstimator<?, ?> estimator = estimator();
    InputTable table = InputTable.read(spark, source, estimator);
    return preprocessing.isEmpty()
        ? table
        : Preprocessing.apply(
            preprocessing.saved(directory, hadoop), table, estimator.getHandleInvalid());
  }

  /** The estimator with the job's Params; its input column is still to be set. */
  AutoencoderEstimator<?, ?> estimator() {
    return estimator(model);
  }

  private static AutoencoderEstimator<?, ?> estimator(Section model) {
    AutoencoderEstimator<?, ?> estimator = ModelKind.of(model).estimator(model);
    return model.has("outputCol") ? estimator : estimator.setOutputCol(CODE_COLUMN);
  }

  /**
   * The model that train left, with those of the job's Params that concern its application.
   *
   * @throws IllegalArgumentException if there is none, it is not whole, or its rows were prepared
   *     otherwise
   */
  AutoencoderModel<?> trainedModel(Configuration hadoop) throws IOException {
    Path path = new Path(directory, "model");
    if (!HadoopPaths.fileSystem(path, hadoop).exists(path)) {
      throw new IllegalArgumentException(
          Text.format("there is no model %s; 'train' makes it, with the same output.dir", path));
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
    // What was learned stays, if the job says nothing else.
    if (wanted.isDefined(wanted.outlierThreshold())) {
      trained.setOutlierThreshold(wanted.getOutlierThreshold());
    }
    return trained;
  }

  /** The classifier with the job's settings; its columns are still to be set. */
  Estimator<?> classifier() {
    return evaluate.kind().classifier(evaluate.classifier());
  }

  /** What a network that starts at a model's encoder is trained by, if at all. */
  Optional<MultilayerPerceptronClassifier> fineTuning() {
    if (evaluate.fineTuning().isPresent()
        && evaluate.kind() != ClassifierKind.LOGISTIC_REGRESSION) {
      throw new IllegalArgumentException(
          "evaluate.fineTuning begins with the softmax layer of a logistic regression on the codes:"
              + " leave out evaluate.classifier.kind, or evaluate.fineTuning");
    }
    return evaluate
        .fineTuning()
        .map(
            section -> {
              MultilayerPerceptronClassifier network = new MultilayerPerceptronClassifier();
              ParamSetter.set(network, section, FINE_TUNING_PARAMS);
              return network;
            });
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

  private static Evaluate evaluate(Section section, Section input, Section model) {
    section.only(
        List.of(
            "input",
            "training",
            "topRows",
            "labelCol",
            "raw",
            "classifier",
            "fineTuning",
            "output"));
    Section topRows =
        section.section("topRows").only(List.of("input", "column", "units", "rows", "seed"));
    return new Evaluate(
        Source.of(section.section("input").orElse(input), model),
        Source.of(section.section("training").orElse(input), model),
        Source.of(topRows.section("input").orElse(input), model),
        topRows.object().isEmpty() ? Optional.empty() : Optional.of(TopRows.of(topRows)),
        section.find("labelCol").map(Value::asText).filter(name -> !name.isEmpty()),
        section.find("raw").map(Value::asBoolean).orElse(true),
        section.section("classifier"),
        section.has("fineTuning") ? Optional.of(section.section("fineTuning")) : Optional.empty(),
        section.find("output").map(Value::asText).map(Path::new));
  }

  private static Denoise denoise(Section section, Section input, Section model) {
    section.only(List.of("input", "corruption", "corruptionLevel", "seed", "images"));
    AutoencoderEstimator<?, ?> trained = estimator(model);
    String kind = section.find("corruption").map(Value::asText).orElse(trained.getCorruption());
    double level =
        section.find("corruptionLevel").map(Value::asDouble).orElse(trained.getCorruptionLevel());
    return new Denoise(
        Source.of(section.section("input").orElse(input), model),
        new Corruption(CorruptionKind.parse(section.path("corruption"), kind), level),
        section.find("seed").map(Value::asLong).orElse(1L),
        section.find("images").map(Value::asPositiveInt).orElse(12));
  }

  private static Anomaly anomaly(Section section, Section input, Section model) {
    section.only(List.of("input", "labelCol", "classes", "seeds", "components"));
    AutoencoderEstimator<?, ?> estimator = estimator(model);
    return new Anomaly(
        Source.of(section.section("input").orElse(input), model),
        section.find("labelCol").map(Value::asText).orElse(""),
        section.find("classes").map(Value::asDoubles).orElse(new double[0]),
        section.find("seeds").map(JobConfig::seeds).orElse(List.of(estimator.getSeed())),
        section
            .find("components")
            .map(JobConfig::sizes)
            .orElseGet(
                () ->
                    section.has("labelCol")
                        ? ModelKind.of(model).components(estimator)
                        : new int[0]));
  }

  private static List<Long> seeds(Value value) {
    List<Long> seeds = value.asLongs();
    if (seeds.isEmpty()) {
      throw value.wrong("at least one whole number");
    }
    return seeds;
  }

  private static int[] sizes(Value value) {
    int[] sizes = value.asInts();
    if (Arrays.stream(sizes).anyMatch(size -> size < 1)) {
      throw value.wrong("a list of numbers of components, each 1 or more");
    }
    return sizes;
  }

  /** What to throw for a key that must be there. */
  static IllegalArgumentException missing(String key, String meaning) {
    return new IllegalArgumentException(Text.format("%s must be set: %s", key, meaning));
  }
}
