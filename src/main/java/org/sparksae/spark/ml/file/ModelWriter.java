package org.sparksae.spark.ml.file;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLWriter;
import org.sparksae.core.format.ModelFile;
import org.sparksae.spark.data.HadoopPaths;

/**
 * Writes {@code weights.safetensors} and then Spark's {@code metadata}. Readers need the metadata,
 * so a writer that is interrupted leaves nothing that looks like a model.
 */
public final class ModelWriter extends MLWriter {
  static final String WEIGHTS = "weights.safetensors";

  private final Params model;
  private final ModelFile.Saved weights;

  /**
   * A writer.
   *
   * @param model the Params to save
   * @param weights what to save beside them
   */
  public ModelWriter(Params model, ModelFile.Saved weights) {
    this.model = model;
    this.weights = weights;
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
      ModelFile.write(out, weights.spec(), weights.parameters(), weights.provenance());
    }
    if (!files.rename(unfinished, target)) {
      throw new IOException("cannot rename " + unfinished + " to " + target);
    }
  }
}
