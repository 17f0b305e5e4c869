package org.sparksae.spark.ml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.SparkSession;
import org.sparksae.core.Text;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.ml.file.SparkMetadata;

/**
 * Loads a {@link PipelineModel} from a directory whose name is taken literally. {@code
 * PipelineModel.load} takes a name as a pattern, so it does not find a directory such as {@code
 * run[1]}; for other names both do the same.
 */
public final class SavedPipeline {
  private static final String OURS = "org.sparksae.";

  private SavedPipeline() {}

  /**
   * Loads what {@code PipelineModel.save} wrote.
   *
   * @throws IllegalArgumentException naming the path, if it holds no PipelineModel, or a stage of
   *     it cannot be loaded
   */
  public static PipelineModel load(String path) {
    Configuration hadoop = SparkSession.active().sparkContext().hadoopConfiguration();
    DefaultParamsReader.Metadata metadata = SparkMetadata.read(path, hadoop, PipelineModel.class);
    List<Transformer> stages = new ArrayList<>();
    for (String stage : stages(path, hadoop)) {
      stages.add(stage(stage, hadoop));
    }
    return new PipelineModel(metadata.uid(), stages);
  }

  /** The directories of the stages, in order: their names begin with zero-padded numbers. */
  private static List<String> stages(String path, Configuration hadoop) {
    Path stages = new Path(path, "stages");
    try {
      return Arrays.stream(HadoopPaths.fileSystem(stages, hadoop).listStatus(stages))
          .filter(FileStatus::isDirectory)
          .map(stage -> stage.getPath().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + stages, e);
    }
  }

  /**
   * Loads what a transformer's {@code save} wrote: a model, or a pipeline of them.
   *
   * @throws IllegalArgumentException naming the path, if it holds none or it cannot be loaded
   */
  public static Transformer loadTransformer(String path) {
    return stage(path, SparkSession.active().sparkContext().hadoopConfiguration());
  }

  private static Transformer stage(String path, Configuration hadoop) {
    String type = SparkMetadata.read(path, hadoop).className();
    if (type.equals(PipelineModel.class.getName())) {
      return load(path);
    }
    // Other readers take a path as a pattern; those of this library take it literally.
    Object loaded =
        reader(type, path).load(type.startsWith(OURS) ? path : HadoopPaths.pattern(path));
    if (loaded instanceof Transformer transformer) {
      return transformer;
    }
    throw new IllegalArgumentException(
        Text.format(
            "%s holds a %s, which cannot transform rows: name the model that its fit returned",
            path, type));
  }

  private static MLReader<?> reader(String type, String path) {
    try {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      return (MLReader<?>) Class.forName(type, true, loader).getMethod("read").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          Text.format("the stage in %s is a %s, which cannot be read here: %s", path, type, e), e);
    }
  }
}
