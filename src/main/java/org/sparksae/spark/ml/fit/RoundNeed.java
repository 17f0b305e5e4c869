package org.sparksae.spark.ml.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Precision;
import org.sparksae.spark.exchange.WorkerTraining;
import org.sparksae.spark.job.MemoryNeed;
import org.sparksae.spark.job.ResultSize;
import org.sparksae.spark.job.Slots;

/**
 * What it takes to train a model by workers, to decide how many models are trained together.
 *
 * <p>A fit is refused only if it is sure to lack memory ({@link ModelMemory}). Models are trained
 * together only if they are sure to have enough, since one after the other they may need less. So
 * here the buffers of batches count as well, all workers of an executor do, and half of each heap
 * is left for everything else.
 *
 * @param driver bytes on the driver; in local mode including those of its tasks
 * @param executor bytes on each executor; in local mode 0
 * @param results bytes that a round brings to the driver in the results of tasks
 */
public record RoundNeed(long driver, long executor, long results) {
  /** A worker's share of a batch varies by less than an eighth. */
  private static final double HEADROOM = 9 / 8.0;

  /**
   * For each value of a row: input, its noisy copy, reconstruction and delta; likewise of codes.
   */
  private static final int COPIES = 4;

  /**
   * Rounded: both sides of the gradients' products, of the encoder and of the decoder, and the
   * tiles that are multiplied, at most as much again.
   */
  private static final int ROUNDED_COPIES = 4;

  /** At a round's start: parameters for all workers of an executor, and moments for each. */
  private static final int BROADCAST_BYTES = Float.BYTES;

  private static final int MOMENT_BYTES = 2 * Float.BYTES;

  /**
   * Returns the need of a model.
   *
   * @param workers number of workers, 1 or more
   * @param validated whether there are validation rows
   */
  public static RoundNeed of(
      AutoencoderSpec spec, int batchSize, int workers, boolean validated, SparkContext context) {
    int cores = context.conf().getInt("spark.task.cpus", 1);
    long buffers = bufferBytes(spec, batchSize, workers, cores);
    long results = WorkerTraining.resultBytes(spec, workers, validated);
    long parameters = spec.layout().size();
    MemoryNeed arrays = ModelMemory.ofFit(parameters, false, workers, context.isLocal());
    if (context.isLocal()) {
      return new RoundNeed(arrays.driver() + workers * buffers, 0, results);
    }
    int tasks = Math.min(workers, Slots.ofExecutor(context));
    long start = parameters * BROADCAST_BYTES + tasks * parameters * MOMENT_BYTES / workers;
    return new RoundNeed(arrays.driver(), tasks * (arrays.executor() + buffers) + start, results);
  }

  /** Bytes of a worker's buffers for the rows of a batch, and of its rounded weights. */
  private static long bufferBytes(AutoencoderSpec spec, int batchSize, int workers, int cores) {
    double rows = Math.min((double) batchSize / workers, (double) spec.tileRows() * cores);
    long values = spec.inputSize();
    // A target is copied apart, as the input is, and a skip connection has a result of its own.
    values += spec.target() == null ? 0 : 2L * spec.outputSize();
    for (HiddenLayer layer : spec.hiddenLayers()) {
      values += layer.form().valuesHeld(layer.units(), layer.positions());
    }
    // Each nested width has a reconstruction of its own.
    values += (long) spec.code().form().loss().furtherReconstructions() * spec.outputSize();
    boolean rounds = spec.precision() != Precision.FLOAT32;
    int copies = rounds ? COPIES + ROUNDED_COPIES : COPIES;
    // Where the processor has no bfloat16, rounded values are floats.
    long weights = rounds ? (long) Float.BYTES * spec.layout().size() : 0;
    return weights + (long) (HEADROOM * rows * copies * Float.BYTES * values);
  }

  /**
   * Returns what there is for all models that are trained together.
   *
   * @param kept bytes on the driver of models that the call keeps
   */
  public static RoundNeed limit(SparkContext context, long kept) {
    return new RoundNeed(
        (Runtime.getRuntime().maxMemory() - kept) / 2,
        MemoryNeed.executorHeap(context) / 2,
        ResultSize.limit(context));
  }

  /**
   * Divides models into groups, each to be trained together: as few as the limit permits. A model
   * that exceeds it alone has a group of its own.
   *
   * @param models stay in their order
   */
  public static <T> List<List<T>> groups(
      List<T> models, Function<? super T, RoundNeed> needOf, RoundNeed limit) {
    List<List<T>> groups = new ArrayList<>();
    RoundNeed sum = new RoundNeed(0, 0, 0);
    for (T model : models) {
      RoundNeed need = needOf.apply(model);
      sum = sum.plus(need);
      if (groups.isEmpty() || !sum.isWithin(limit)) {
        groups.add(new ArrayList<>());
        sum = need;
      }
      groups.get(groups.size() - 1).add(model);
    }
    return groups;
  }

  private RoundNeed plus(RoundNeed other) {
    return new RoundNeed(driver + other.driver, executor + other.executor, results + other.results);
  }

  private boolean isWithin(RoundNeed limit) {
    return driver <= limit.driver && executor <= limit.executor && results <= limit.results;
  }
}
