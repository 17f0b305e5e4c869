package org.sparksae.spark.ml.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.ModelFile;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.job.MemoryNeed;

/** Reads what {@link ModelWriter} wrote. Its errors say what is wrong with other directories. */
public final class ModelReader<M extends Params> extends MLReader<M> {
  private final Class<M> type;
  private final BiFunction<String, ModelFile.Saved, M> make;

  /**
   * A reader.
   *
   * @param make makes a model without Params from its uid and the saved weights
   */
  public ModelReader(Class<M> type, BiFunction<String, ModelFile.Saved, M> make) {
    this.type = type;
    this.make = make;
  }

  @Override
  public M load(String path) {
    Configuration hadoop = sc().hadoopConfiguration();
    return SparkMetadata.load(path, hadoop, type, uid -> make.apply(uid, weights(path, hadoop)));
  }

  /**
   * The model in a directory, without its Params.
   *
   * @throws IllegalArgumentException if it is missing, incomplete or damaged
   */
  public static ModelFile.Saved weights(String path, Configuration hadoop) {
    try {
      return read(path, hadoop);
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException(
          Text.format("%s is not a whole model directory: %s", path, e.getMessage()), e);
    } catch (CorruptModelException e) {
      throw new IllegalArgumentException(
          Text.format("the model in %s is damaged or not readable: %s", path, e.getMessage()), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          Text.format("cannot read the model in %s: %s", path, e.getMessage()), e);
    }
  }

  private static ModelFile.Saved read(String path, Configuration hadoop) throws IOException {
    Path directory = new Path(path);
    FileSystem files = HadoopPaths.fileSystem(directory, hadoop);
    Path weights = new Path(directory, ModelWriter.WEIGHTS);
    long length = files.getFileStatus(weights).getLen();
    requireMemory(path, length);
    try (InputStream in = files.open(weights)) {
      return ModelFile.read(in, length);
    }
  }

  /**
   * Refuses a model that the driver cannot hold. Its tensors are read and then copied into one
   * array.
   *
   * @param length length of its file in bytes
   */
  public static void requireMemory(String path, long length) {
    new MemoryNeed(2 * length, 0)
        .require(
            Runtime.getRuntime().maxMemory(),
            Long.MAX_VALUE,
            "loading the model in " + path,
            "another model");
  }
}
