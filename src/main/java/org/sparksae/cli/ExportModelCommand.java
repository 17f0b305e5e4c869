package org.sparksae.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.sparksae.core.Text;
import org.sparksae.spark.ml.ModelFormats;
import org.sparksae.spark.ml.SparseAutoencoderModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a model for another library. */
@Command(
    name = "export-model",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Write a trained model as a folder that SAELens or sparsify loads.",
      "",
      "FROM is the directory 'model' that train leaves in a job's output.dir, or any other that a",
      "SparseAutoencoderModel was saved to."
    })
final class ExportModelCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private CopyOptions options;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "saelens",
      description = "saelens or sparsify; by default saelens.")
  private String format;

  @Override
  public Integer call() throws IOException {
    options.run("export-model", this::copy);
    return 0;
  }

  private void copy(String from, String to) throws IOException {
    SparseAutoencoderModel model = SparseAutoencoderModel.read().load(from);
    ModelFormats.write(model, format, to);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        Text.format(
            "%s: %s, rows of %d values, %d units",
            options.target(), format, model.numFeatures(), model.codeSize()));
    if (!model.preparation().isEmpty()) {
      out.println("  it takes rows that were prepared by " + model.preparation());
    }
  }
}
