package org.sparksae.spark.ml.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.ModelFile;
import org.sparksae.spark.job.MemoryNeed;

/**
 * Reads what {@link ModelWriter} wrote. Its errors say what is wrong with other directories.
 *
 * @param <M> the model
 * @param <S> its summary
 */
public final class ModelReader<M extends Params, S extends Record> extends MLReader<M> {
  private final Class<M> type;
  private final Class<S> summaryType;
  private final BiFunction<String, Content<S>, M> make;

  /**
   * What a directory holds beside the Params.
   *
   * @param weights the model
   * @param summary how its fit went; null if that is not known
   */
  public record Content<S>(ModelFile.Saved weights, S summary) {}

  /**
   * A reader.
   *
   * @param make makes a model without Params from its uid and the rest of its directory
   */
  public ModelReader(Class<M> type, Class<S> summaryType, BiFunction<String, Content<S>, M> make) {
    this.type = type;
    this.summaryType = summaryType;
    this.make = make;
  }

  @Override
  public M load(String path) {
    Configuration hadoop = sc().hadoopConfiguration();
    return SparkMetadata.load(path, hadoop, type, uid -> make.apply(uid, content(path, hadoop)));
  }

  private Content<S> content(String path, Configuration hadoop) {
    return attempt(
        path,
        () -> {
          StageFolder folder = new StageFolder(path, hadoop);
          return new Content<>(weights(path, folder), SummaryFile.read(folder, summaryType));
        });
  }

  /**
   * The model in a directory, without its Params.
   *
   * @throws IllegalArgumentException if it is missing, incomplete or damaged
   */
  public static ModelFile.Saved weights(String path, Configuration hadoop) {
    return attempt(path, () -> weights(path, new StageFolder(path, hadoop)));
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T attempt(String path, Reading<T> reading) {
    try {
      return reading.read();
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

  private static ModelFile.Saved weights(String path, StageFolder folder) throws IOException {
    return folder.read(
        ModelWriter.WEIGHTS,
        (in, length) -> {
          requireMemory(path, length);
          return ModelFile.read(in, length);
        });
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
