package org.sparksae.cli.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.MaxAbsScaler;
import org.apache.spark.ml.feature.MinMaxScaler;
import org.apache.spark.ml.feature.StandardScaler;
import org.sparksae.spark.ml.PatchScaling;
import org.sparksae.spark.ml.ZcaWhitening;

/** The stages that a job's {@code preprocess} can name, each by the name of its class. */
enum PreparingStage {
  PATCH_SCALING("patchScaling", false, PatchScaling::new),
  ZCA_WHITENING("zcaWhitening", false, ZcaWhitening::new),
  STANDARD_SCALER("standardScaler", true, StandardScaler::new),
  MIN_MAX_SCALER("minMaxScaler", true, MinMaxScaler::new),
  MAX_ABS_SCALER("maxAbsScaler", true, MaxAbsScaler::new);

  /** The key that names the stage; all other keys are its Params. */
  static final String NAME = "stage";

  private static final List<String> COLUMNS = List.of("inputCol", "outputCol");

  private final String jobName;
  private final boolean ofMllib;
  private final Supplier<PipelineStage> make;

  PreparingStage(String jobName, boolean ofMllib, Supplier<PipelineStage> make) {
    this.jobName = jobName;
    this.ofMllib = ofMllib;
    this.make = make;
  }

  /**
   * The kind that a section names.
   *
   * @throws IllegalArgumentException if it names no known kind
   */
  static PreparingStage kind(Section section) {
    String names =
        Arrays.stream(values()).map(kind -> kind.jobName).collect(Collectors.joining(", "));
    Value name = section.require(NAME, "one of " + names);
    return Arrays.stream(values())
        .filter(kind -> kind.jobName.equals(name.asText()))
        .findFirst()
        .orElseThrow(() -> name.wrong("one of " + names));
  }

  /**
   * The stage of a section, with its Params. The caller sets its columns.
   *
   * @throws IllegalArgumentException if the section names no known stage, or a key is not one of
   *     its Params
   */
  static PipelineStage of(Section section) {
    PipelineStage stage = kind(section).make.get();
    List<String> params = params(stage);
    List<String> keys = new ArrayList<>(params);
    keys.add(NAME);
    section.only(keys);
    ParamSetter.set(stage, section.without(NAME), params);
    return stage;
  }

  private static List<String> params(PipelineStage stage) {
    return ParamSetter.names(stage).stream().filter(param -> !COLUMNS.contains(param)).toList();
  }

  /** Whether it is one of MLlib's stages, which take Vectors only. */
  boolean isOfMllib() {
    return ofMllib;
  }

  /** Whether a section's stage turns zeros into other values, and so makes sparse rows dense. */
  static boolean fillsZeros(Section section) {
    PipelineStage stage = of(section);
    return stage instanceof MinMaxScaler
        || stage instanceof StandardScaler scaler && scaler.getWithMean();
  }

  /** Names a stage of this kind and all its Params, such as {@code zcaWhitening(epsilon=0.1)}. */
  String describe(PipelineStage stage) {
    return params(stage).stream()
        .map(name -> name + "=" + stage.getOrDefault(stage.getParam(name)))
        .collect(Collectors.joining(", ", jobName + "(", ")"));
  }
}
