package org.sparksae.spark.ml.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLWriter;
import org.sparksae.core.format.ModelFile;

/**
 * Writes {@code weights.safetensors}, {@code summary.json} if there is a summary, and then Spark's
 * {@code metadata}. Readers need the metadata, so a writer that is interrupted leaves nothing that
 * looks like a model.
 */
public final class ModelWriter extends MLWriter {
  static final String WEIGHTS = "weights.safetensors";

  private final Params model;
  private final ModelFile.Saved weights;
  private final Record summary;

  /**
   * A writer.
   *
   * @param model the Params to save
   * @param weights what to save beside them
   * @param summary how the fit went; null if that is not known
   */
  public ModelWriter(Params model, ModelFile.Saved weights, Record summary) {
    this.model = model;
    this.weights = weights;
    this.summary = summary;
  }

  @Override
  public void saveImpl(String path) {
    try {
      StageFolder folder = new StageFolder(path, sc().hadoopConfiguration());
      folder.write(
          WEIGHTS,
          out -> ModelFile.write(out, weights.spec(), weights.parameters(), weights.provenance()));
      if (summary != null) {
        SummaryFile.write(folder, summary);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the model to " + path, e);
    }
    SparkMetadata.save(model, path, sc());
  }
}
