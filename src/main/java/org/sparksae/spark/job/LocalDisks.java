package org.sparksae.spark.job;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.sparksae.core.Text;

/** The directories in which Spark keeps data of this process. */
public final class LocalDisks {
  private LocalDisks() {}

  /** Returns all directories. */
  public static List<File> all() {
    return List.of(SparkEnv.get().blockManager().diskBlockManager().localDirs());
  }

  /**
   * Returns the exception for data that cannot be written. It names the directories, their free
   * space and the remedy.
   *
   * @param what the data and its bytes, as far as they are known
   * @param directories where the data were to go
   */
  public static UncheckedIOException cannotWrite(
      String what, List<File> directories, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return new UncheckedIOException(cause);
    }
    String places =
        directories.stream()
            .map(place -> Text.format("%s (%d bytes free)", place, place.getUsableSpace()))
            .collect(Collectors.joining(", "));
    return new UncheckedIOException(
        Text.format(
            "%s cannot be written to %s: %s; make room, or let spark.local.dir name other directories",
            what, places, cause),
        cause);
  }
}
