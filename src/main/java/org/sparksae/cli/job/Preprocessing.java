package org.sparksae.cli.job;

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
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.ml.ArrayVectorizer;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.SavedPipeline;

/**
 * The stages that prepare a job's rows for the autoencoder. {@code train} fits them to the rows of
 * {@code input} and saves them in {@code preprocessing/}, where {@code encode} and {@code evaluate}
 * find them.
 *
 * <p>An {@link ArrayVectorizer} comes before MLlib's stages, because these take Vectors only and
 * would learn NaN from an invalid row.
 */
public final class Preprocessing {

  /** Where train saves the fitted stages, in the job's output.dir. */
  public static final String DIRECTORY = "preprocessing";

  private static final String KEY = "preprocess";
  private static final String INPUT = "inputCol";
  private static final String OUTPUT = "outputCol";
  private static final String HANDLE_INVALID = "handleInvalid";

  /** Prefix of the stages' output columns; the last one is the autoencoder's input. */
  private static final String PREPARED = "__prepared";

  private final List<Section> stages;

  private Preprocessing(List<Section> stages) {
    this.stages = stages;
  }

  /**
   * Checks the stages of a job.
   *
   * @throws IllegalArgumentException if a stage or one of its keys is not known
   */
  static Preprocessing of(Section job) {
    List<Section> stages = job.find(KEY).map(Value::asSections).orElse(List.of());
    stages.forEach(PreparingStage::of);
    return new Preprocessing(stages);
  }

  public boolean isEmpty() {
    return stages.isEmpty();
  }

  /** The stages and all their Params in words; empty if there are no stages. */
  public String description() {
    return stages.stream()
        .map(section -> PreparingStage.kind(section).describe(PreparingStage.of(section)))
        .collect(Collectors.joining(", "));
  }

  /**
   * Fits the stages to rows.
   *
   * @param handleInvalid what to do with invalid rows: error or skip
   */
  public PipelineModel fit(InputTable input, String handleInvalid) {
    List<PipelineStage> pipeline = new ArrayList<>();
    if (PreparingStage.kind(stages.get(0)).isOfMllib()) {
      int size = FeatureColumn.of(input.rows(), "input.columns", input.column()).size();
      pipeline.add(new ArrayVectorizer().setSize(size).setHandleInvalid(handleInvalid));
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
   * Prepares rows by fitted stages. The input column is then the last stage's output.
   *
   * @param handleInvalid what to do with invalid rows: error or skip
   */
  public static InputTable apply(PipelineModel learned, InputTable input, String handleInvalid) {
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
   * Loads the stages that train fitted.
   *
   * @throws IllegalArgumentException if there are none
   */
  PipelineModel saved(Path directory, Configuration hadoop) throws IOException {
    Path path = new Path(directory, DIRECTORY);
    if (!HadoopPaths.fileSystem(path, hadoop).exists(path)) {
      throw new IllegalArgumentException(
          Text.format(
              "there is no %s, which the job's %s needs; run 'train' with the same output.dir first",
              path, KEY));
    }
    return SavedPipeline.load(path.toString());
  }

  /**
   * Refuses a model whose training rows were prepared differently from what the job says now. A
   * model without a description is accepted, because older releases did not save one.
   *
   * @param path the model's path, for the message
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
