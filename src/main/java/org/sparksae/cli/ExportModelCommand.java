package org.sparksae.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.sparksae.core.Text;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.ModelFormats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a model for another library. */
@Command(
    name = "export-model",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Write a trained model as a folder that SAELens or sparsify loads, or an ONNX runtime.",
      "",
      "FROM is the directory 'model' that train leaves in a job's output.dir, or any other that a",
      "model of this library was saved to."
    })
final class ExportModelCommand implements Callable<Integer> {
  @Mixin private CopyOptions options;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "saelens",
      description = "saelens, sparsify or onnx; by default saelens.")
  private String format;

  @Override
  public Integer call() throws IOException {
    options.run(this::copy);
    return 0;
  }

  private String copy(String from, String to) throws IOException {
    AutoencoderModel<?> model = AutoencoderModel.load(from);
    ModelFormats.write(model, format, to);
    String preparation = model.preparation();
    return Text.format(
        "%s, rows of %d values, %d units%s",
        format,
        model.numFeatures(),
        model.codeSize(),
        preparation.isEmpty() ? "" : "\n  it takes rows that were prepared by " + preparation);
  }
}
