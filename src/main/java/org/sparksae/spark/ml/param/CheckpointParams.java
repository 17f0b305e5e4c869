package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/** Checkpoints, from which an interrupted fit continues. */
public interface CheckpointParams extends ParamGroup, SharedParams.Checkpoints {

  /**
   * Directory for checkpoints, on any file system that Hadoop knows; empty for none. A fit that
   * finds its own checkpoints there continues from the newest, to the same bits, and refuses those
   * of another fit. Each training needs a directory of its own.
   */
  default Param<String> checkpointDir() {
    return paramSet()
        .text(
            "checkpointDir",
            "directory for checkpoints of this training alone, on any file system that "
                + "Hadoop knows; a repeated fit continues from the newest; empty: none",
            Rule.text(),
            "");
  }

  /** The value of {@link #checkpointDir()}. */
  default String getCheckpointDir() {
    return getOrDefault(checkpointDir());
  }

  /** Iterations between checkpoints, 1 or more. */
  @Override
  default IntParam checkpointInterval() {
    return paramSet()
        .integer("checkpointInterval", "iterations between checkpoints", Rule.atLeast(1), 10);
  }

  /** The value of {@link #checkpointInterval()}. */
  @Override
  default int getCheckpointInterval() {
    return (Integer) getOrDefault(checkpointInterval());
  }

  /**
   * Minutes after which the next round writes a checkpoint, even inside an epoch, above 0; so that
   * an epoch of hours can go on from its middle. Not set: checkpoints by checkpointInterval alone.
   */
  default DoubleParam checkpointMinutes() {
    return paramSet()
        .number(
            "checkpointMinutes",
            "minutes after the last checkpoint when another is written, even inside an epoch; not "
                + "set: checkpointInterval alone decides",
            Rule.positive());
  }

  /** The value of {@link #checkpointMinutes()}. */
  default double getCheckpointMinutes() {
    return (Double) getOrDefault(checkpointMinutes());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends CheckpointParams {

    /** Sets {@link #checkpointDir()}. */
    default S setCheckpointDir(String value) {
      return ParamSet.set(this, checkpointDir(), value);
    }

    /** Sets {@link #checkpointInterval()}. */
    default S setCheckpointInterval(int value) {
      return ParamSet.set(this, checkpointInterval(), value);
    }

    /** Sets {@link #checkpointMinutes()}. */
    default S setCheckpointMinutes(double value) {
      return ParamSet.set(this, checkpointMinutes(), value);
    }
  }
}
