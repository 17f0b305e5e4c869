package org.sparksae.core.train.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.DoubleTensor;
import org.sparksae.core.format.NamedArray;
import org.sparksae.core.format.Safetensors;
import org.sparksae.core.format.Tensor;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.optim.Lbfgs;
import org.sparksae.core.train.EpochPart;
import org.sparksae.core.train.FullBatchLoop;
import org.sparksae.core.train.FullBatchState;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.RunState;
import org.sparksae.core.train.StopReason;
import org.sparksae.core.train.TrainingBuffers;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.TrainingState;

/**
 * Reads and writes a {@link Checkpoint} as one safetensors file, exact to the last bit.
 *
 * <pre>
 * history          F64 [iterations, terms + 3]: terms, validation objective, rows, seconds
 * best             F32 [p], if there are validation rows
 * adam:   parameters, firstMoment, secondMoment          F32 [p]
 *         buffer.name, for each buffer of the training    F64 [n]
 *         epochTerms, inside an epoch: sums so far        F64 [terms]
 * l-bfgs: point, gradient, step.i, gradientChange.i      F64 [p]
 * </pre>
 *
 * <p>Everything else is in the metadata, as strings; the fields of the run are {@code run.<name>}.
 * The checksums of Safetensors and of the metadata protect all of the content.
 */
public final class CheckpointFile {
  private static final String FORMAT = "spark-sparse-autoencoder-checkpoint";

  /** The newest version that this release reads, of checkpoints inside an epoch. */
  static final int VERSION = 2;

  /** The version of all other checkpoints, which earlier releases read as well. */
  private static final int VERSION_BETWEEN_EPOCHS = 1;

  private static final String ADAM = "adam";
  private static final String LBFGS = "l-bfgs";
  private static final String RUN = "run.";
  private static final String BUFFER = "buffer.";

  /** Number of columns of the history in addition to the terms. */
  private static final int OTHERS = 3;

  private CheckpointFile() {}

  /** Writes a checkpoint. Equal checkpoints give equal bytes. The stream stays open. */
  public static void write(OutputStream out, Checkpoint checkpoint) throws IOException {
    RunState state = checkpoint.state();
    TrainingProgress progress = state.progress();
    Metadata metadata = new Metadata();
    metadata.put("format", FORMAT);
    metadata.put("formatVersion", progress.epoch().isEmpty() ? VERSION_BETWEEN_EPOCHS : VERSION);
    metadata.put("tol", checkpoint.tol());
    metadata.put("passes", progress.iterations());
    metadata.put("lastObjective", progress.lastObjective());
    metadata.put("bestValidation", progress.bestValidation());
    metadata.put("passesSinceBest", progress.iterationsSinceBest());
    if (progress.stopReason() != null) {
      metadata.put("stopReason", progress.stopReason().name());
    }
    checkpoint.run().fields().forEach((name, value) -> metadata.put(RUN + name, value));
    metadata.put("runFields", String.join(" ", checkpoint.run().fields().keySet()));
    List<NamedArray> tensors = new ArrayList<>();
    if (state instanceof TrainingState adam) {
      put(adam, tensors, metadata);
    } else if (state instanceof FullBatchState lbfgs) {
      put(lbfgs, tensors, metadata);
    }
    if (progress.best() != null) {
      tensors.add(Tensor.of("best", progress.best(), progress.best().length));
    }
    tensors.add(history(progress.history(), metadata));
    metadata.put("size", state.parameters().length);
    metadata.put(
        "tensors", tensors.stream().map(NamedArray::name).collect(Collectors.joining(" ")));
    Safetensors.write(out, tensors, metadata.signed());
  }

  private static void put(TrainingState state, List<NamedArray> tensors, Metadata metadata) {
    int size = state.parameters().length;
    metadata.put("solver", ADAM);
    metadata.put("steps", state.optimizer().steps());
    tensors.add(Tensor.of("parameters", state.parameters(), size));
    tensors.add(Tensor.of("firstMoment", state.optimizer().firstMoment(), size));
    tensors.add(Tensor.of("secondMoment", state.optimizer().secondMoment(), size));
    Map<String, double[]> buffers = state.buffers().arrays();
    if (!buffers.isEmpty()) {
      metadata.put("buffers", String.join(" ", buffers.keySet()));
      buffers.forEach(
          (name, values) -> tensors.add(DoubleTensor.of(BUFFER + name, values, values.length)));
    }
    if (!state.progress().epoch().isEmpty()) {
      put(state.progress().epoch(), tensors, metadata);
    }
  }

  private static void put(EpochPart epoch, List<NamedArray> tensors, Metadata metadata) {
    metadata.put("epochSteps", epoch.steps());
    metadata.put("epochRows", epoch.rows());
    metadata.put("epochWeight", epoch.weight());
    metadata.put("epochSeconds", epoch.seconds());
    tensors.add(DoubleTensor.of("epochTerms", epoch.terms(), epoch.terms().length));
  }

  private static void put(FullBatchState state, List<NamedArray> tensors, Metadata metadata) {
    Lbfgs.State optimizer = state.optimizer();
    int size = optimizer.point().length;
    metadata.put("solver", LBFGS);
    metadata.put("value", optimizer.value());
    metadata.put("evaluations", optimizer.evaluations());
    metadata.put("pairs", optimizer.steps().length);
    tensors.add(DoubleTensor.of("point", optimizer.point(), size));
    tensors.add(DoubleTensor.of("gradient", optimizer.gradient(), size));
    for (int i = 0; i < optimizer.steps().length; i++) {
      tensors.add(DoubleTensor.of("step." + i, optimizer.steps()[i], size));
      tensors.add(DoubleTensor.of("gradientChange." + i, optimizer.gradientChanges()[i], size));
    }
  }

  private static NamedArray history(List<IterationRecord> history, Metadata metadata) {
    List<String> terms = history.isEmpty() ? List.of() : history.get(0).terms().names();
    metadata.put("terms", String.join(" ", terms));
    int columns = terms.size() + OTHERS;
    double[] values = new double[history.size() * columns];
    int at = 0;
    for (IterationRecord iteration : history) {
      for (double term : iteration.terms().values()) {
        values[at++] = term;
      }
      values[at++] = iteration.validationObjective();
      values[at++] = iteration.rows(); // exact up to 2^53
      values[at++] = iteration.seconds();
    }
    return DoubleTensor.of("history", values, history.size(), columns);
  }

  /**
   * Reads a checkpoint.
   *
   * @param in stream at the first byte of the file; stays open
   * @param length length of the file in bytes
   * @throws NewerCheckpointException if a newer release wrote the file
   * @throws CorruptModelException if the file is not a checkpoint, is damaged, or has parameters
   *     that are NaN or infinite
   */
  public static Checkpoint read(InputStream in, long length) throws IOException {
    Safetensors.Contents contents = Safetensors.read(in, length);
    Metadata metadata = new Metadata(contents.metadata());
    checkFormat(metadata);
    metadata.checkSignature();
    Tensors tensors = new Tensors(contents, metadata);
    try {
      TrainingProgress progress = progress(metadata, tensors);
      RunState state =
          switch (metadata.text("solver")) {
            case ADAM -> adam(metadata, tensors, progress);
            case LBFGS -> lbfgs(metadata, tensors, progress);
            default ->
                throw new CorruptModelException(
                    Text.format(
                        "solver must be %s or %s, got %s", ADAM, LBFGS, metadata.text("solver")));
          };
      return new Checkpoint(run(metadata), metadata.real("tol"), state);
    } catch (IllegalArgumentException e) {
      throw new CorruptModelException("the checkpoint does not fit together: " + e.getMessage(), e);
    }
  }

  private static void checkFormat(Metadata metadata) throws IOException {
    String format = metadata.text("format");
    if (!format.equals(FORMAT)) {
      throw new CorruptModelException(
          Text.format(
              "format must be '%s', got '%s'; this is another program's file", FORMAT, format));
    }
    int version = metadata.whole("formatVersion");
    if (version > VERSION) {
      throw new NewerCheckpointException(
          Text.format(
              "formatVersion must be at most %d, got %d; go on with the newer release that wrote it",
              VERSION, version));
    }
  }

  private static RunIdentity run(Metadata metadata) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String name : metadata.words("runFields")) {
      fields.put(name, metadata.text(RUN + name));
    }
    return new RunIdentity(fields);
  }

  private static TrainingProgress progress(Metadata metadata, Tensors tensors) throws IOException {
    int iterations = metadata.whole("passes");
    List<String> terms = metadata.words("terms");
    int columns = terms.size() + OTHERS;
    double[] values = tensors.doubles("history", Math.multiplyExact(iterations, columns));
    List<IterationRecord> history = new ArrayList<>();
    for (int iteration = 0; iteration < iterations; iteration++) {
      int from = iteration * columns;
      int others = from + terms.size();
      double[] own = Arrays.copyOfRange(values, from, others);
      history.add(
          new IterationRecord(
              iteration + 1,
              new ObjectiveTerms(terms, own),
              values[others],
              (long) values[others + 1],
              values[others + 2]));
    }
    return new TrainingProgress(
        List.copyOf(history),
        metadata.real("lastObjective"),
        metadata.real("bestValidation"),
        tensors.has("best") ? tensors.parameters("best") : null,
        metadata.whole("passesSinceBest"),
        metadata.has("stopReason") ? StopReason.valueOf(metadata.text("stopReason")) : null,
        metadata.has("epochSteps") ? epoch(metadata, tensors) : EpochPart.NONE);
  }

  private static EpochPart epoch(Metadata metadata, Tensors tensors) throws IOException {
    return new EpochPart(
        metadata.wholeLong("epochSteps"),
        metadata.wholeLong("epochRows"),
        metadata.real("epochWeight"),
        tensors.anyDoubles("epochTerms"),
        metadata.real("epochSeconds"));
  }

  private static TrainingState adam(Metadata metadata, Tensors tensors, TrainingProgress progress)
      throws IOException {
    float[] parameters = tensors.parameters("parameters");
    Adam.State optimizer =
        new Adam.State(
            metadata.whole("steps"), tensors.floats("firstMoment"), tensors.floats("secondMoment"));
    return new TrainingState(parameters, optimizer, buffers(metadata, tensors), progress);
  }

  /** Reads the buffers. Earlier releases did not write any. */
  private static TrainingBuffers buffers(Metadata metadata, Tensors tensors) throws IOException {
    Map<String, double[]> buffers = new LinkedHashMap<>();
    for (String name : metadata.has("buffers") ? metadata.words("buffers") : List.<String>of()) {
      buffers.put(name, tensors.anyDoubles(BUFFER + name));
    }
    return new TrainingBuffers(buffers);
  }

  private static FullBatchState lbfgs(Metadata metadata, Tensors tensors, TrainingProgress progress)
      throws IOException {
    double[] point = tensors.doubles("point");
    int pairs = metadata.whole("pairs");
    double[][] steps = new double[pairs][];
    double[][] changes = new double[pairs][];
    for (int i = 0; i < pairs; i++) {
      steps[i] = tensors.doubles("step." + i);
      changes[i] = tensors.doubles("gradientChange." + i);
    }
    Lbfgs.State optimizer =
        new Lbfgs.State(
            point,
            metadata.real("value"),
            tensors.doubles("gradient"),
            steps,
            changes,
            metadata.whole("evaluations"));
    float[] parameters = FullBatchLoop.toFloats(point);
    Tensor.of("point", parameters, parameters.length).requireFinite();
    return new FullBatchState(parameters, optimizer, progress);
  }
}
