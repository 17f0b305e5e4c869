package org.sparksae.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.ml.PatchScaling;
import org.sparksae.spark.ml.SavedPipeline;
import org.sparksae.spark.ml.ZcaWhitening;

/**
 * What a job does to the input's rows before the autoencoder gets them: stages one after the other,
 * learned by train from the rows of {@code input} and left in {@code preprocessing}, where encode
 * and evaluate find them.
 */
final class Preprocessing {

  /** Where train leaves what it learned. */
  static final String DIRECTORY = "preprocessing";

  private static final String KEY = "preprocess";
  private static final String STAGE = "stage";
  private static final List<String> COLUMNS = List.of("inputCol", "outputCol");

  /** Name of a stage's column; the last is the autoencoder's input. */
  private static final String PREPARED = "__prepared";

  private final List<Section> stages;

  private Preprocessing(List<Section> stages) {
    this.stages = stages;
  }

  /**
   * Checks the stages of a job.
   *
   * @throws IllegalArgumentException if one is not known, or a Param of it
   */
  static Preprocessing of(Section job) {
    List<Section> stages = job.find(KEY).map(Value::asSections).orElse(List.of());
    stages.forEach(Preprocessing::stage);
    return new Preprocessing(stages);
  }

  boolean isEmpty() {
    return stages.isEmpty();
  }

  private static PipelineStage stage(Section section) {
    Value name =
        section
            .find(STAGE)
            .orElseThrow(
                () -> JobConfig.missing(section.path(STAGE), "patchScaling or zcaWhitening"));
    PipelineStage stage =
        switch (name.asText()) {
          case "patchScaling" -> new PatchScaling();
          case "zcaWhitening" -> new ZcaWhitening();
          default -> throw name.wrong("patchScaling or zcaWhitening");
        };
    List<String> params =
        ParamSetter.names(stage).stream().filter(param -> !COLUMNS.contains(param)).toList();
    ParamSetter.set(stage, section.without(STAGE), params);
    return stage;
  }

  /** Learns the stages from rows. */
  PipelineModel fit(InputTable input) {
    List<PipelineStage> pipeline = new ArrayList<>();
    String column = input.column();
    for (Section section : stages) {
      PipelineStage stage = stage(section);
      stage.set("inputCol", column);
      column = PREPARED + (pipeline.size() + 1);
      stage.set("outputCol", column);
      pipeline.add(stage);
    }
    return new Pipeline().setStages(pipeline.toArray(PipelineStage[]::new)).fit(input.rows());
  }

  /** Rows prepared by what was learned; the input column is the last stage's. */
  InputTable apply(PipelineModel learned, InputTable input) {
    learned.stages()[0].set("inputCol", input.column());
    String[] made = new String[stages.size() - 1];
    for (int i = 0; i < made.length; i++) {
      made[i] = PREPARED + (i + 1);
    }
    return input.prepared(learned.transform(input.rows()).drop(made), PREPARED + stages.size());
  }

  /**
   * Prepares rows by what train left, if the job prepares rows at all.
   *
   * @throws IllegalArgumentException if train left nothing, or other stages
   */
  InputTable applySaved(Path directory, InputTable input, Configuration hadoop) throws IOException {
    if (isEmpty()) {
      return input;
    }
    Path path = new Path(directory, DIRECTORY);
    if (!HadoopPaths.fileSystem(path, hadoop).exists(path)) {
      throw new IllegalArgumentException(
          "there is no %s, which the job's %s needs; 'train' makes it, with the same output.dir"
              .formatted(path, KEY));
    }
    PipelineModel learned = SavedPipeline.load(path.toString());
    if (learned.stages().length != stages.size()) {
      throw new IllegalArgumentException(
          "%s has %d stages, but the job's %s has %d; train again, or set it back"
              .formatted(path, learned.stages().length, KEY, stages.size()));
    }
    return apply(learned, input);
  }
}
