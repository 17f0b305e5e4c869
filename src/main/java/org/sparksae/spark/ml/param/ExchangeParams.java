package org.sparksae.spark.ml.param;

import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.sparksae.spark.exchange.WorkerPlan;

/** How the sums of the partitions come together. */
public interface ExchangeParams extends ParamGroup, SharedParams.Exchange {

  /**
   * How adam's workers add up their gradients: allReduce (with each other, many steps in one
   * stage), tree (through the driver, a job for each step) or auto (allReduce where it can run).
   * l-bfgs always uses a tree.
   */
  default Param<String> aggregation() {
    return paramSet()
        .text(
            "aggregation",
            "how adam's workers add up their gradients: with each other (allReduce), "
                + "through the driver, one job for each step (tree), or allReduce where it can "
                + "run (auto); l-bfgs always uses a tree",
            Rule.oneOf(List.of(WorkerPlan.AUTO, WorkerPlan.ALL_REDUCE, WorkerPlan.TREE)),
            WorkerPlan.AUTO);
  }

  /** The value of {@link #aggregation()}. */
  default String getAggregation() {
    return getOrDefault(aggregation());
  }

  /**
   * Workers of an allReduce, each one task on all of its {@code spark.task.cpus}; not set: as many
   * as can run at once. Under dynamic allocation that is one for each partition of the DataFrame,
   * as far as the cluster grows within {@code spark.scheduler.maxRegisteredResourcesWaitingTime}.
   * Another number gives other bits, because sums are cut differently.
   */
  default IntParam numWorkers() {
    return paramSet()
        .integer(
            "numWorkers",
            "workers of an allReduce, each one task on spark.task.cpus cores; not set: as "
                + "many as can run at once",
            Rule.atLeast(1));
  }

  /** The value of {@link #numWorkers()}. */
  default int getNumWorkers() {
    return (Integer) getOrDefault(numWorkers());
  }

  /** Levels of the tree that adds up the partitions' sums, 1 or more. */
  @Override
  default IntParam aggregationDepth() {
    return paramSet()
        .integer(
            "aggregationDepth",
            "levels of the tree that adds up the partitions' sums",
            Rule.atLeast(1),
            2);
  }

  /** The value of {@link #aggregationDepth()}. */
  @Override
  default int getAggregationDepth() {
    return (Integer) getOrDefault(aggregationDepth());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends ExchangeParams {

    /** Sets {@link #aggregation()}. */
    default S setAggregation(String value) {
      return ParamSet.set(this, aggregation(), value);
    }

    /** Sets {@link #numWorkers()}. */
    default S setNumWorkers(int value) {
      return ParamSet.set(this, numWorkers(), value);
    }

    /** Sets {@link #aggregationDepth()}. */
    default S setAggregationDepth(int value) {
      return ParamSet.set(this, aggregationDepth(), value);
    }
  }
}
