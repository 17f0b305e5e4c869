package org.sparksae.spark.exchange;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.TrainingLength;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.checkpoint.RunIdentity;

/** The text that describes a checkpoint directory to a person who finds it. */
final class RunDescription {
  private RunDescription() {}

  /** Returns the text, with the present time. */
  static String of(RunIdentity run, TrainingProgress progress, TrainingLength length, double tol) {
    StringBuilder text = new StringBuilder();
    text.append("Checkpoints of a training of a sparse autoencoder (org.sparksae).\n\n");
    text.append(
        "To resume from the newest, fit again with the same checkpointDir, the same data in the same\n");
    text.append("order and partitions, and the Params below; ")
        .append(changes(run, length.param()));
    text.append(". The result is, bit for bit, that of a\n");
    text.append("training that never stopped. To train anew, delete this directory.\n\n");
    line(text, "written", Instant.now().truncatedTo(ChronoUnit.SECONDS));
    line(text, "library", version());
    line(
        text,
        "iterations",
        Text.format("%d of at most %d", progress.iterations(), length.epochs()));
    if (length.inSteps() || !progress.epoch().isEmpty()) {
      line(text, "steps", Text.format("%d of at most %d", progress.steps(length), length.steps()));
    }
    line(text, "tol", tol);
    line(text, "ended", progress.stopReason() != null ? progress.stopReason() : "no");
    List<IterationRecord> history = progress.history();
    if (!history.isEmpty()) {
      IterationRecord last = history.get(history.size() - 1);
      line(text, "objective", last.terms().total() + " (" + last.terms().describe() + ")");
      if (!Double.isNaN(last.validationObjective())) {
        line(text, "validation", last.validationObjective());
      }
    }
    text.append('\n');
    run.fields().forEach((name, value) -> line(text, name, value));
    return text.toString();
  }

  private static String changes(RunIdentity run, String limit) {
    if (run.fields().containsKey("tol")) {
      return limit + " and tol are among them";
    }
    return run.fields().containsKey(limit)
        ? limit + " is one of them"
        : limit + " and tol may change";
  }

  private static String version() {
    String version = RunDescription.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(Text.format("%-20s %s%n", name, value).replace(System.lineSeparator(), "\n"));
  }
}
