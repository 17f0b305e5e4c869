package org.sparksae.cli.job;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.feature.VectorAssembler;
import org.sparksae.spark.data.HadoopPaths;

/**
 * The numeric columns that a model was trained on, in their order. A pattern such as {@code x*}
 * takes the columns of a file in the file's order, so other files need the names that it matched.
 */
public final class AssembledColumns {
  /** Where train saves the stages from the source's own rows to codes, in output.dir. */
  public static final String PIPELINE = "pipeline";

  private AssembledColumns() {}

  /**
   * Finds the columns in the pipeline that train saved.
   *
   * @return empty if there is no pipeline, or it does not begin with a VectorAssembler
   */
  static Optional<List<String>> saved(Path pipeline, Configuration hadoop) throws IOException {
    Path stages = new Path(pipeline, "stages");
    FileSystem files = HadoopPaths.fileSystem(stages, hadoop);
    if (!files.exists(stages)) {
      return Optional.empty();
    }
    return Arrays.stream(files.listStatus(stages))
        .map(FileStatus::getPath)
        .filter(stage -> stage.getName().matches("0+_vecAssembler_.*"))
        .findFirst()
        .map(stage -> VectorAssembler.load(stage.toString()))
        .map(assembler -> Arrays.stream(assembler.getInputCols()).map(AssembledColumns::name))
        .map(names -> names.toList());
  }

  /** A name with a dot is saved in backticks. */
  private static String name(String saved) {
    return saved.startsWith("`")
        ? saved.substring(1, saved.length() - 1).replace("``", "`")
        : saved;
  }
}
