package org.sparksae.cli;

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

/** The stages that a job's {@code preprocess} can name, each by its class's name. */
enum PreparingStage {
  PATCH_SCALING("patchScaling", false, PatchScaling::new),
  ZCA_WHITENING("zcaWhitening", false, ZcaWhitening::new),
  STANDARD_SCALER("standardScaler", true, StandardScaler::new),
  MIN_MAX_SCALER("minMaxScaler", true, MinMaxScaler::new),
  MAX_ABS_SCALER("maxAbsScaler", true, MaxAbsScaler::new);

  /** The key that names the stage; the others are its Params. */
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
   * @throws IllegalArgumentException if it names none
   */
  static PreparingStage kind(Section section) {
    String names =
        Arrays.stream(values()).map(kind -> kind.jobName).collect(Collectors.joining(", "));
    Value name =
        section
            .find(NAME)
            .orElseThrow(() -> JobConfig.missing(section.path(NAME), "one of " + names));
    return Arrays.stream(values())
        .filter(kind -> kind.jobName.equals(name.asText()))
        .findFirst()
        .orElseThrow(() -> name.wrong("one of " + names));
  }

  /**
   * The stage of a section, with its Params; its columns are still to be set.
   *
   * @throws IllegalArgumentException if the section names none, or has a key that is no Param of it
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

  /** Whether it takes Vectors alone. */
  boolean isOfMllib() {
    return ofMllib;
  }

  /** Whether the stage of a section makes other values of zeros, and so dense rows of sparse. */
  static boolean fillsZeros(Section section) {
    PipelineStage stage = of(section);
    return stage instanceof MinMaxScaler
        || stage instanceof StandardScaler scaler && scaler.getWithMean();
  }

  /** A stage of this kind with all of its Params, such as {@code zcaWhitening(epsilon=0.1)}. */
  String describe(PipelineStage stage) {
    return params(stage).stream()
        .map(name -> name + "=" + stage.getOrDefault(stage.getParam(name)))
        .collect(Collectors.joining(", ", jobName + "(", ")"));
  }
}
