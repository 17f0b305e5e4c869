package org.sparksae.spark.ml;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.MLReader;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.ModelFile;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.data.HadoopPaths;

/**
 * Reads what {@link ModelWriter} wrote, and refuses anything else by saying what is wrong with it.
 */
final class ModelReader<M extends AutoencoderModel<M>> extends MLReader<M> {
  private final Class<M> type;
  private final Make<M> make;

  /** Makes a model, without Params. */
  interface Make<M> {
    M of(String uid, AutoencoderSpec spec, float[] parameters);
  }

  ModelReader(Class<M> type, Make<M> make) {
    this.type = type;
    this.make = make;
  }

  @Override
  public M load(String path) {
    Configuration hadoop = sc().hadoopConfiguration();
    return SparkMetadata.load(path, hadoop, type, uid -> make(uid, weights(path, hadoop)));
  }

  private M make(String uid, ModelFile.Saved saved) {
    return make.of(uid, saved.spec(), saved.parameters())
        .setPreparation(saved.provenance().getOrDefault(AutoencoderModel.PREPARATION, ""));
  }

  /**
   * What the model in a directory is, without its Params.
   *
   * @throws IllegalArgumentException if it is not there, not whole or damaged
   */
  static ModelFile.Saved weights(String path, Configuration hadoop) {
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
    MemoryNeed.requireForLoad(path, length);
    try (InputStream in = files.open(weights)) {
      return ModelFile.read(in, length);
    }
  }
}
