package org.sparksae.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparksae.core.Text;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.ml.ArrayVectorizer;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.SavedPipeline;

/**
 * What a job does to the input's rows before the autoencoder gets them: stages one after the other,
 * learned by train from the rows of {@code input} and left in {@code preprocessing}, where encode
 * and evaluate find them.
 *
 * <p>Before a stage of MLlib comes an {@link ArrayVectorizer}, since such a stage takes Vectors
 * alone, and learns NaN from a row that is not valid.
 */
final class Preprocessing {

  /** Where train leaves what it learned. */
  static final String DIRECTORY = "preprocessing";

  private static final String KEY = "preprocess";
  private static final String INPUT = "inputCol";
  private static final String OUTPUT = "outputCol";
  private static final String HANDLE_INVALID = "handleInvalid";

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
    stages.forEach(PreparingStage::of);
    return new Preprocessing(stages);
  }

  boolean isEmpty() {
    return stages.isEmpty();
  }

  /** The stages with all of their Params, in words; empty if there are none. */
  String description() {
    return stages.stream()
        .map(section -> PreparingStage.kind(section).describe(PreparingStage.of(section)))
        .collect(Collectors.joining(", "));
  }

  /**
   * Learns the stages from rows.
   *
   * @param handleInvalid what becomes of rows that are not valid: error or skip
   */
  PipelineModel fit(InputTable input, String handleInvalid) {
    List<PipelineStage> pipeline = new ArrayList<>();
    if (PreparingStage.kind(stages.get(0)).isOfMllib()) {
      pipeline.add(new ArrayVectorizer().setHandleInvalid(handleInvalid));
    }
    for (Section section : stages) {
      if (PreparingStage.fillsZeros(section)) {
        input.requireDense(section.path(PreparingStage.NAME));
      }
      pipeline.add(PreparingStage.of(section));
    }
    String column = input.column();
    for (PipelineStage stage : pipeline) {
      stage.set(INPUT, column);
      column = PREPARED + (pipeline.indexOf(stage) + 1);
      stage.set(OUTPUT, column);
    }
    return new Pipeline().setStages(pipeline.toArray(PipelineStage[]::new)).fit(input.rows());
  }

  /**
   * Rows prepared by what was learned; the input column is the last stage's.
   *
   * @param handleInvalid what becomes of rows that are not valid: error or skip
   */
  static InputTable apply(PipelineModel learned, InputTable input, String handleInvalid) {
    Transformer[] stages = learned.stages();
    stages[0].set(INPUT, input.column());
    if (stages[0].hasParam(HANDLE_INVALID)) {
      stages[0].set(HANDLE_INVALID, handleInvalid);
    }
    String[] made = Arrays.stream(stages).map(Preprocessing::outputCol).toArray(String[]::new);
    int last = made.length - 1;
    Dataset<Row> prepared = learned.transform(input.rows()).drop(Arrays.copyOf(made, last));
    return input.prepared(prepared, made[last]);
  }

  private static String outputCol(Params stage) {
    return (String) stage.getOrDefault(stage.getParam(OUTPUT));
  }

  /**
   * What train left.
   *
   * @throws IllegalArgumentException if it left nothing
   */
  PipelineModel saved(Path directory, Configuration hadoop) throws IOException {
    Path path = new Path(directory, DIRECTORY);
    if (!HadoopPaths.fileSystem(path, hadoop).exists(path)) {
      throw new IllegalArgumentException(
          Text.format(
              "there is no %s, which the job's %s needs; 'train' makes it, with the same output.dir",
              path, KEY));
    }
    return SavedPipeline.load(path.toString());
  }

  /**
   * Refuses a model whose rows were prepared otherwise than the job says now. A model that says
   * nothing of it may be of an older release.
   *
   * @param path of the model, for the message
   */
  void requireSame(AutoencoderModel<?> model, Path path) {
    if (!model.preparation().isEmpty() && !model.preparation().equals(description())) {
      throw new IllegalArgumentException(
          Text.format(
              "%s was trained on rows prepared by %s, but the job's %s says %s; train again, or set it back",
              path, model.preparation(), KEY, isEmpty() ? "nothing" : description()));
    }
  }
}
