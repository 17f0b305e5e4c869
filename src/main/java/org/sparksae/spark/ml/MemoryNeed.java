package org.sparksae.spark.ml;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.spark.exchange.WorkerPlan;

/**
 * Memory that a fit or a model is sure to need, so that one which cannot work is refused in place
 * of an OutOfMemoryError after a long time.
 *
 * <p>Only arrays that have one number a parameter are counted, and only those that are all there at
 * one moment. Rows, activations and what Spark keeps come on top, so a fit that passes may still
 * lack memory; one that is refused would have failed.
 *
 * @param driver bytes of the driver; in local mode those of its tasks, too
 * @param executor bytes of an executor; in local mode 0
 */
record MemoryNeed(long driver, long executor) {
  /**
   * L-BFGS of m = 10 has 2 m + 7 arrays of doubles; its start and the point in question, floats.
   */
  private static final int LBFGS_BYTES = 27 * Double.BYTES + 2 * Float.BYTES;

  /** Adam on the driver: parameters, gradient and two moments. */
  private static final int ADAM_BYTES = 4 * Float.BYTES;

  /** The partitions' sums, and the gradient that is made of them. */
  private static final int EVALUATION_BYTES = 2 * Double.BYTES;

  /** A task's sums in double, the gradient of one tile, and the parameters. */
  private static final int TASK_BYTES = Double.BYTES + 2 * Float.BYTES;

  /** At the end of a round: parameters and moments before, what workers sent, and both together. */
  private static final int ROUND_BYTES = 9 * Float.BYTES;

  /** A worker's parameters and gradient. */
  private static final int WORKER_BYTES = 2 * Float.BYTES;

  /** Both moments of the parameters that a worker owns. */
  private static final int MOMENT_BYTES = 2 * Float.BYTES;

  /**
   * Refuses a fit that is sure to lack memory.
   *
   * @param spec the whole model
   * @throws IllegalArgumentException naming what lacks memory, how much it needs and has, and what
   *     to change; or if there are more parameters than an array can have
   */
  static void requireForFit(
      AutoencoderParams params, AutoencoderSpec spec, WorkerPlan plan, SparkContext context) {
    AutoencoderSpec trained = largest(params, spec);
    long parameters = trained.layout().size();
    if (params.getMaxIter() == 0) {
      return;
    }
    boolean fullBatch = params.getSolver().equals(AutoencoderParamSet.LBFGS);
    ofFit(parameters, fullBatch, plan.workers(), context.isLocal())
        .require(
            Runtime.getRuntime().maxMemory(),
            executorHeap(context),
            "training by solver = " + params.getSolver() + " of " + describe(trained),
            fullBatch
                ? "rows of fewer values, fewer units, or solver = adam, which needs less"
                : "rows of fewer values, or fewer units");
  }

  /** Of the models that are trained, one at a time, the one of most parameters. */
  private static AutoencoderSpec largest(AutoencoderParams params, AutoencoderSpec spec) {
    Comparator<AutoencoderSpec> bySize = Comparator.comparingInt(model -> model.layout().size());
    return params.getLayerTraining().equals(AutoencoderParamSet.GREEDY)
        ? IntStream.rangeClosed(1, spec.depth()).mapToObj(spec::layer).max(bySize).orElseThrow()
        : spec;
  }

  /**
   * What a training needs.
   *
   * @param workers of an all-reduce; 0 where the driver collects the gradients
   */
  static MemoryNeed ofFit(long parameters, boolean fullBatch, int workers, boolean local) {
    if (workers == 0) {
      long optimizer = parameters * (fullBatch ? LBFGS_BYTES : ADAM_BYTES);
      long task = parameters * TASK_BYTES;
      return local
          ? new MemoryNeed(optimizer + Math.max(task, parameters * EVALUATION_BYTES), 0)
          : new MemoryNeed(optimizer + parameters * EVALUATION_BYTES, task);
    }
    long driver = parameters * ROUND_BYTES;
    if (!local) {
      return new MemoryNeed(
          driver, parameters * WORKER_BYTES + parameters * MOMENT_BYTES / workers);
    }
    long before = parameters * (Float.BYTES + MOMENT_BYTES);
    long tasks = workers * parameters * WORKER_BYTES + parameters * MOMENT_BYTES;
    return new MemoryNeed(Math.max(driver, before + tasks), 0);
  }

  /**
   * Refuses to encode by a model that executors cannot hold.
   *
   * @throws IllegalArgumentException naming how much is needed and there
   */
  static void requireForTransform(AutoencoderSpec spec, int parameters, SparkContext context) {
    if (!context.isLocal()) {
      MemoryNeed need = new MemoryNeed(0, (long) Float.BYTES * parameters);
      need.require(
          Long.MAX_VALUE, executorHeap(context), "transform by " + describe(spec), "another model");
    }
  }

  /**
   * Refuses to load a model that does not fit: its tensors are read, then put together.
   *
   * @param length of its file in bytes
   * @throws IllegalArgumentException naming how much is needed and there
   */
  static void requireForLoad(String path, long length) {
    new MemoryNeed(2 * length, 0)
        .require(
            Runtime.getRuntime().maxMemory(),
            Long.MAX_VALUE,
            "loading the model in " + path,
            "another model");
  }

  /** Refuses what needs more than there is. */
  void require(long driverHeap, long executorHeap, String what, String change) {
    if (driver > driverHeap) {
      throw refusal(what, driver, "the driver", driverHeap, "spark.driver.memory", change);
    }
    if (executor > executorHeap) {
      throw refusal(what, executor, "each executor", executorHeap, "spark.executor.memory", change);
    }
  }

  private static IllegalArgumentException refusal(
      String what, long need, String where, long heap, String setting, String change) {
    return new IllegalArgumentException(
        Text.format(
            "%s needs at least %s (%d bytes) of memory on %s, which has %s (%d bytes); set %s to more, or use %s",
            what, gibibytes(need), need, where, gibibytes(heap), heap, setting, change));
  }

  private static String gibibytes(long bytes) {
    return Text.format("%.1f GiB", bytes / (double) (1L << 30));
  }

  private static String describe(AutoencoderSpec spec) {
    return Text.format(
        "%d parameters (rows of %d values, hidden layers of %s)",
        spec.layout().size(),
        spec.inputSize(),
        spec.hiddenLayers().stream().map(HiddenLayer::size).toList());
  }

  /** Spark starts an executor's JVM with so much. */
  private static long executorHeap(SparkContext context) {
    return context.conf().getSizeAsMb("spark.executor.memory", "1g") << 20;
  }
}
