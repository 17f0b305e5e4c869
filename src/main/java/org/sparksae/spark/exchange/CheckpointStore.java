package org.sparksae.spark.exchange;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.train.TrainingLength;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.checkpoint.Checkpoint;
import org.sparksae.core.train.checkpoint.CheckpointFile;
import org.sparksae.core.train.checkpoint.NewerCheckpointException;
import org.sparksae.core.train.checkpoint.RunIdentity;
import org.sparksae.spark.data.HadoopPaths;

/**
 * The checkpoints in a directory: the last {@value #KEPT} files with a {@link CheckpointName}, and
 * {@code run.txt}, which explains them to readers.
 *
 * <p>A file is written under another name, closed and renamed, so a file with its final name is
 * always complete. Older files are deleted last.
 */
final class CheckpointStore {
  /** One spare checkpoint is enough if the newest is damaged. */
  static final int KEPT = 2;

  static final String DESCRIPTION = "run.txt";

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

  private static final Pattern UNFINISHED = Pattern.compile("_.*\\.unfinished");

  private final FileSystem files;
  private final Path directory;
  private final String label;

  private CheckpointStore(FileSystem files, Path directory, String label) {
    this.files = files;
    this.directory = directory;
    this.label = label;
  }

  /** Opens the store in a directory, which need not exist. */
  static CheckpointStore of(String directory, Configuration hadoop) {
    return of(directory, "", hadoop);
  }

  /**
   * Opens the store in a directory, which need not exist.
   *
   * @param directory the value of checkpointDir, for messages
   * @param below the store's subdirectory; empty for the directory itself
   */
  static CheckpointStore of(String directory, String below, Configuration hadoop) {
    try {
      Path path = below.isEmpty() ? new Path(directory) : new Path(directory, below);
      FileSystem files = HadoopPaths.fileSystem(path, hadoop);
      String label = Text.format("checkpointDir '%s'%s", directory, place(below));
      return new CheckpointStore(files, files.makeQualified(path), label);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          Text.format(
              "checkpointDir '%s' cannot be reached: %s; name a directory on a file system that Hadoop knows",
              directory, e.getMessage()),
          e);
    }
  }

  private static String place(String below) {
    return below.isEmpty() ? "" : " (its " + below + ")";
  }

  Path directory() {
    return directory;
  }

  /** Returns the name of the store in messages: the Param with its value. */
  String label() {
    return label;
  }

  /**
   * Reads the newest intact checkpoint; empty if there are no checkpoints.
   *
   * @throws IllegalArgumentException if all checkpoints are damaged, one comes from a newer
   *     release, or one cannot be read
   */
  Optional<Checkpoint> newest() {
    List<Path> paths = newestFirst();
    List<String> damages = new ArrayList<>();
    for (Path path : paths) {
      try {
        return Optional.of(read(path));
      } catch (NewerCheckpointException e) {
        throw new IllegalArgumentException(
            Text.format("%s: %s, or name another checkpointDir", path, e.getMessage()), e);
      } catch (CorruptModelException | ChecksumException | EOFException e) {
        LOG.warn(
            "checkpoint {} is damaged; the previous one is used, if there is one: {}",
            path,
            e.getMessage());
        damages.add(path.getName() + ": " + e.getMessage());
      } catch (IOException e) {
        throw new IllegalArgumentException(
            Text.format(
                "cannot read checkpoint %s: %s; make it readable, or delete it to resume from the previous one",
                path, e.getMessage()),
            e);
      }
    }
    if (!damages.isEmpty()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s has no intact checkpoint (%s); delete it to train anew, or name another",
              label, String.join("; ", damages)));
    }
    return Optional.empty();
  }

  /** Whether there are no checkpoints, damaged ones included. */
  boolean isEmpty() {
    return newestFirst().isEmpty();
  }

  private List<Path> newestFirst() {
    try {
      return Arrays.stream(files.listStatus(directory))
          .filter(FileStatus::isFile)
          .map(FileStatus::getPath)
          .filter(path -> CheckpointName.parse(path.getName()).isPresent())
          .sorted(Comparator.comparing(CheckpointStore::nameOf).reversed())
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          Text.format(
              "%s cannot be listed: %s; make it readable, or name another", label, e.getMessage()),
          e);
    }
  }

  private static CheckpointName nameOf(Path path) {
    return CheckpointName.parse(path.getName()).orElseThrow();
  }

  private Checkpoint read(Path path) throws IOException {
    long length = files.getFileStatus(path).getLen();
    try (InputStream in = files.open(path)) {
      Checkpoint checkpoint = CheckpointFile.read(in, length);
      CheckpointName place = CheckpointName.of(checkpoint.state().progress());
      if (!place.equals(nameOf(path))) {
        throw new CorruptModelException(
            Text.format("it is of %s, which does not match its name", place));
      }
      return checkpoint;
    }
  }

  /**
   * Writes a checkpoint and removes old ones.
   *
   * @throws UncheckedIOException naming path and remedy, if the checkpoint cannot be written
   */
  void write(Checkpoint checkpoint) {
    CheckpointName place = CheckpointName.of(checkpoint.state().progress());
    replace(place.file(), out -> CheckpointFile.write(out, checkpoint));
    try {
      clean(place);
    } catch (IOException e) {
      LOG.warn("checkpoints before {} could not be removed: {}", place, e.getMessage());
    }
  }

  /**
   * Keeps checkpoints of later places: they must be damaged, or the training would have resumed
   * from them.
   */
  private void clean(CheckpointName newest) throws IOException {
    List<Path> older =
        newestFirst().stream().filter(path -> nameOf(path).compareTo(newest) <= 0).toList();
    for (Path path : older.subList(Math.min(KEPT, older.size()), older.size())) {
      files.delete(path, false);
    }
    for (FileStatus file : files.listStatus(directory)) {
      if (UNFINISHED.matcher(file.getPath().getName()).matches()) {
        files.delete(file.getPath(), false);
      }
    }
  }

  /** Rewrites the description of the directory for readers. */
  void describe(RunIdentity run, TrainingProgress progress, TrainingLength length, double tol) {
    String text = RunDescription.of(run, progress, length, tol);
    replace(DESCRIPTION, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes a file that gets its name once it is complete. */
  private void replace(String name, Content content) {
    Path target = new Path(directory, name);
    Path unfinished = beside(name);
    try {
      if (!files.mkdirs(directory)) {
        throw new IOException("the directory could not be created");
      }
      write(unfinished, content);
      exchange(unfinished, target, beside(name));
    } catch (IOException e) {
      remove(unfinished, e);
      throw new UncheckedIOException(
          Text.format(
              "%s: cannot write %s: %s; earlier checkpoints are unchanged: free space or give access and fit again to resume from there, or name another checkpointDir",
              label, target, e.getMessage()),
          e);
    }
  }

  private Path beside(String name) {
    return new Path(directory, Text.format("_%s-%s.unfinished", name, UUID.randomUUID()));
  }

  /**
   * Renames a file to a name that may be taken by an older description, a damaged checkpoint, or a
   * checkpoint of the same iteration from before the training ended. Not every file system can
   * rename over a file.
   */
  private void exchange(Path made, Path target, Path aside) throws IOException {
    boolean replaces = files.exists(target);
    if (replaces && (files.getFileStatus(target).isDirectory() || !files.rename(target, aside))) {
      throw new IOException("the existing entry is not a file, or cannot be renamed");
    }
    if (!files.rename(made, target)) {
      boolean restored = !replaces || files.rename(aside, target);
      throw new IOException(
          Text.format("could not rename %s%s", made, restored ? "" : ", nor " + aside + " back"));
    }
    if (replaces) {
      files.delete(aside, false);
    }
  }

  private void write(Path path, Content content) throws IOException {
    try (FSDataOutputStream out = files.create(path, false)) {
      content.writeTo(out);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    }
  }

  private void remove(Path unfinished, IOException failure) {
    try {
      files.delete(unfinished, false);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
