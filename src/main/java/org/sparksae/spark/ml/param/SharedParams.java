package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasAggregationDepth;
import org.apache.spark.ml.param.shared.HasCheckpointInterval;
import org.apache.spark.ml.param.shared.HasHandleInvalid;
import org.apache.spark.ml.param.shared.HasInputCol;
import org.apache.spark.ml.param.shared.HasMaxIter;
import org.apache.spark.ml.param.shared.HasOutputCol;
import org.apache.spark.ml.param.shared.HasRegParam;
import org.apache.spark.ml.param.shared.HasSeed;
import org.apache.spark.ml.param.shared.HasSolver;
import org.apache.spark.ml.param.shared.HasStepSize;
import org.apache.spark.ml.param.shared.HasTol;
import org.apache.spark.ml.param.shared.HasValidationIndicatorCol;
import org.apache.spark.ml.param.shared.HasWeightCol;

/**
 * MLlib's shared traits of Params, so that code which asks for {@code HasInputCol} finds the stages
 * of this library.
 *
 * <p>A Scala class gets a trait's Param through the trait's initialiser, which calls the methods
 * below. Here each group declares its Params itself, with documentation, rule and default, so
 * nobody calls these methods, and they do nothing.
 */
public final class SharedParams {
  private SharedParams() {}

  /** A stage that reads a column. */
  public interface Input extends HasInputCol {
    @Override
    default void org$apache$spark$ml$param$shared$HasInputCol$_setter_$inputCol_$eq(
        Param<String> unused) {}
  }

  /** A stage that adds a column. */
  public interface Output extends HasOutputCol {
    @Override
    default void org$apache$spark$ml$param$shared$HasOutputCol$_setter_$outputCol_$eq(
        Param<String> unused) {}
  }

  /** A stage that can leave rows out. */
  public interface Validity extends HasHandleInvalid {
    @Override
    default void org$apache$spark$ml$param$shared$HasHandleInvalid$_setter_$handleInvalid_$eq(
        Param<String> unused) {}
  }

  /** A stage whose rows have weights. */
  public interface Weights extends HasWeightCol {
    @Override
    default void org$apache$spark$ml$param$shared$HasWeightCol$_setter_$weightCol_$eq(
        Param<String> unused) {}
  }

  /** A stage that keeps rows for validation. */
  public interface Validation extends HasValidationIndicatorCol {
    @Override
    default void
        org$apache$spark$ml$param$shared$HasValidationIndicatorCol$_setter_$validationIndicatorCol_$eq(
            Param<String> unused) {}
  }

  /** A stage that minimises an objective in steps. */
  public interface Optimiser
      extends HasMaxIter, HasTol, HasStepSize, HasRegParam, HasSolver, HasSeed {
    @Override
    default void org$apache$spark$ml$param$shared$HasMaxIter$_setter_$maxIter_$eq(
        IntParam unused) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasTol$_setter_$tol_$eq(DoubleParam unused) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasStepSize$_setter_$stepSize_$eq(
        DoubleParam unused) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasRegParam$_setter_$regParam_$eq(
        DoubleParam unused) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasSolver$_setter_$solver_$eq(
        Param<String> unused) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasSeed$_setter_$seed_$eq(LongParam unused) {}
  }

  /** A stage that adds up in a tree. */
  public interface Exchange extends HasAggregationDepth {
    @Override
    default void org$apache$spark$ml$param$shared$HasAggregationDepth$_setter_$aggregationDepth_$eq(
        IntParam unused) {}
  }

  /** A stage that saves its state on the way. */
  public interface Checkpoints extends HasCheckpointInterval {
    @Override
    default void
        org$apache$spark$ml$param$shared$HasCheckpointInterval$_setter_$checkpointInterval_$eq(
            IntParam unused) {}
  }
}
