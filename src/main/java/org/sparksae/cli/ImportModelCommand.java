package org.sparksae.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.sparksae.core.Text;
import org.sparksae.spark.ml.ModelFormats;
import org.sparksae.spark.ml.SparseAutoencoderModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a model of this library from one of another. */
@Command(
    name = "import-model",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Read a model of SAELens, sparsify or Gemma Scope, and write it as a model of this library.",
      "",
      "FROM is the folder with cfg.json and sae_weights.safetensors (SAELens) or sae.safetensors",
      "(sparsify), with params.npz (Gemma Scope), or with config.json and params.safetensors",
      "(Gemma Scope 2). To use the model in encode and evaluate, let TO be the directory 'model'",
      "in a job's output.dir."
    })
final class ImportModelCommand implements Callable<Integer> {
  @Mixin private CopyOptions options;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "saelens, sparsify, gemmaScope or gemmaScope2; needed only where FROM has the files of"
              + " several.")
  private String format;

  @Override
  public Integer call() throws IOException {
    options.run(this::copy);
    return 0;
  }

  private String copy(String from, String to) throws IOException {
    SparseAutoencoderModel model = ModelFormats.read(from, format);
    model.save(to);
    return Text.format("rows of %d values, %d units", model.numFeatures(), model.codeSize());
  }
}
