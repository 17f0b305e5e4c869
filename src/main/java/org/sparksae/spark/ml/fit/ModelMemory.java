package org.sparksae.spark.ml.fit;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.spark.exchange.WorkerPlan;
import org.sparksae.spark.job.MemoryNeed;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.Choices;

/**
 * Memory that a fit or a model is sure to need.
 *
 * <p>Only arrays with one number for each parameter are counted, and only those that exist at the
 * same moment. Rows, activations and Spark's own memory come on top. So a fit that passes may still
 * run out of memory, but one that is refused would have failed.
 */
public final class ModelMemory {
  /**
   * L-BFGS with m = 10 has 2 m + 7 arrays of doubles, and two of floats: its start and the point
   * being evaluated.
   */
  private static final int LBFGS_BYTES = 27 * Double.BYTES + 2 * Float.BYTES;

  /** Adam on the driver: parameters, gradient and two moments. */
  private static final int ADAM_BYTES = 4 * Float.BYTES;

  /** The sums of the partitions, and the gradient made from them. */
  private static final int EVALUATION_BYTES = 2 * Double.BYTES;

  /** A task's sums in double, the gradient of one tile, and the parameters. */
  private static final int TASK_BYTES = Double.BYTES + 2 * Float.BYTES;

  /** The state between two rounds: parameters and both moments. */
  private static final int STATE_BYTES = 3 * Float.BYTES;

  /** A worker's parameters and gradient. */
  private static final int WORKER_BYTES = 2 * Float.BYTES;

  /** Both moments of the parameters that a worker owns. */
  private static final int MOMENT_BYTES = 2 * Float.BYTES;

  private ModelMemory() {}

  /**
   * Refuses a fit that is sure to lack memory.
   *
   * @param spec the whole model
   * @param kept bytes on the driver of models that the same call has trained before
   * @throws IllegalArgumentException naming what lacks memory, how much it needs and has, and what
   *     to change; or if there are more parameters than an array can have
   */
  public static void requireForFit(
      AutoencoderParams params,
      AutoencoderSpec spec,
      WorkerPlan plan,
      long kept,
      SparkContext context) {
    AutoencoderSpec trained = largest(params, spec);
    long parameters = trained.layout().size();
    if (!params.trains()) {
      return;
    }
    boolean fullBatch = params.getSolver().equals(Choices.LBFGS);
    MemoryNeed fit = ofFit(parameters, fullBatch, plan.workers(), context.isLocal());
    String others = kept == 0 ? "" : Text.format(", after models of %d bytes that are kept,", kept);
    String instead =
        fullBatch
            ? "rows of fewer values, fewer units, or solver = adam, which needs less"
            : "rows of fewer values, or fewer units";
    new MemoryNeed(fit.driver() + kept, fit.executor())
        .require(
            context,
            "training by solver = " + params.getSolver() + " of " + describe(trained) + others,
            kept == 0 ? instead : "fitEach, which keeps no model, " + instead);
  }

  /** The largest of the models that are trained one at a time. */
  private static AutoencoderSpec largest(AutoencoderParams params, AutoencoderSpec spec) {
    Comparator<AutoencoderSpec> bySize = Comparator.comparingInt(model -> model.layout().size());
    return params.getLayerTraining().equals(Choices.GREEDY)
        ? IntStream.rangeClosed(1, spec.depth()).mapToObj(spec::layer).max(bySize).orElseThrow()
        : spec;
  }

  /**
   * What a training needs.
   *
   * @param workers of an all-reduce; 0 where the driver collects the gradients
   */
  public static MemoryNeed ofFit(long parameters, boolean fullBatch, int workers, boolean local) {
    if (workers == 0) {
      long optimizer = parameters * (fullBatch ? LBFGS_BYTES : ADAM_BYTES);
      long task = parameters * TASK_BYTES;
      return local
          ? new MemoryNeed(optimizer + Math.max(task, parameters * EVALUATION_BYTES), 0)
          : new MemoryNeed(optimizer + parameters * EVALUATION_BYTES, task);
    }
    long state = parameters * STATE_BYTES;
    if (local) {
      long tasks = workers * parameters * WORKER_BYTES + parameters * MOMENT_BYTES;
      return new MemoryNeed(state + tasks, 0);
    }
    // The workers' arrays come in pieces, so there is the state before the round and that after it.
    return new MemoryNeed(
        2 * state, parameters * WORKER_BYTES + parameters * MOMENT_BYTES / workers);
  }

  /**
   * Refuses to encode with a model that executors cannot hold.
   *
   * @throws IllegalArgumentException naming how much is needed and there
   */
  public static void requireForTransform(
      AutoencoderSpec spec, int parameters, SparkContext context) {
    if (!context.isLocal()) {
      MemoryNeed need = new MemoryNeed(0, (long) Float.BYTES * parameters);
      need.require(context, "transform by " + describe(spec), "another model");
    }
  }

  /** Returns the bytes of a trained model on the driver. */
  public static long ofModel(AutoencoderSpec spec) {
    return (long) Float.BYTES * spec.layout().size();
  }

  private static String describe(AutoencoderSpec spec) {
    return Text.format(
        "%d parameters (rows of %d values, hidden layers of %s)",
        spec.layout().size(),
        spec.inputSize(),
        spec.hiddenLayers().stream().map(HiddenLayer::size).toList());
  }
}
