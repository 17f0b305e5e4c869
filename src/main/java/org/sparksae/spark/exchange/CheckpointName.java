package org.sparksae.spark.exchange;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sparksae.core.Text;
import org.sparksae.core.train.TrainingProgress;

/**
 * The place in a training at which a checkpoint was written. It is the name of its file: {@code
 * checkpoint-<iterations>.safetensors}, or {@code checkpoint-<iterations>-<steps>.safetensors}
 * inside an epoch. Earlier releases read only files of the first kind, and ignore others.
 *
 * @param iterations number of complete iterations
 * @param steps number of steps made in the epoch after them; 0 between epochs
 */
record CheckpointName(int iterations, long steps) implements Comparable<CheckpointName> {

  /** Accepts digits of any script, because older releases used the JVM's locale. */
  private static final Pattern FILE =
      Pattern.compile("checkpoint-(\\p{Nd}{8,})(?:-(\\p{Nd}{8,}))?\\.safetensors");

  private static final Comparator<CheckpointName> ORDER =
      Comparator.comparingInt(CheckpointName::iterations).thenComparingLong(CheckpointName::steps);

  /** The place that a training has reached. */
  static CheckpointName of(TrainingProgress progress) {
    return new CheckpointName(progress.iterations(), progress.epoch().steps());
  }

  /** Returns the place that a file's name gives; empty if it is not the name of a checkpoint. */
  static Optional<CheckpointName> parse(String file) {
    Matcher name = FILE.matcher(file);
    if (!name.matches()) {
      return Optional.empty();
    }
    long steps = name.group(2) == null ? 0 : Long.parseLong(name.group(2));
    return Optional.of(new CheckpointName(Integer.parseInt(name.group(1)), steps));
  }

  /** Returns the name of the file. */
  String file() {
    String inside = steps == 0 ? "" : Text.format("-%08d", steps);
    return Text.format("checkpoint-%08d%s.safetensors", iterations, inside);
  }

  @Override
  public int compareTo(CheckpointName other) {
    return ORDER.compare(this, other);
  }

  /** The place in words, such as {@code iteration 3} or {@code iteration 3 and 120 steps}. */
  @Override
  public String toString() {
    return steps == 0
        ? "iteration " + iterations
        : Text.format("iteration %d and %d steps", iterations, steps);
  }
}
