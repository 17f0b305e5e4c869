package org.sparksae.spark.ml;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.MLWriter;
import org.sparksae.core.format.ModelFile;
import org.sparksae.spark.data.HadoopPaths;

/**
 * Writes {@code weights.safetensors} and then Spark's {@code metadata}; without the metadata, which
 * come last, a directory is no model to any reader, so a writer that dies half-way leaves none.
 */
final class ModelWriter extends MLWriter {
  static final String WEIGHTS = "weights.safetensors";

  private final AutoencoderModel<?> model;

  ModelWriter(AutoencoderModel<?> model) {
    this.model = model;
  }

  @Override
  public void saveImpl(String path) {
    try {
      writeWeights(new Path(path));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the model's weights to " + path, e);
    }
    SparkMetadata.save(model, path, sc());
  }

  private void writeWeights(Path directory) throws IOException {
    FileSystem files = HadoopPaths.fileSystem(directory, sc().hadoopConfiguration());
    Path target = new Path(directory, WEIGHTS);
    Path unfinished = new Path(directory, "_" + WEIGHTS + ".unfinished");
    try (OutputStream out = files.create(unfinished, true)) {
      ModelFile.write(out, model.spec(), model.sharedParameters(), model.provenance());
    }
    if (!files.rename(unfinished, target)) {
      throw new IOException("cannot rename " + unfinished + " to " + target);
    }
  }
}
