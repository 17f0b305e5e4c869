package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.IntParam;

/** How rows that may exceed the memory are kept and visited. */
public interface StorageParams extends ParamGroup {

  /**
   * Rows among which adam draws its mini-batches: a window of chunks from anywhere in the data,
   * visited one window after the other. Not set, or as many as there are rows: all rows. Set it if
   * the rows exceed the executors' memory, and their disks are slow at random reads, to the rows
   * that fit in half of that memory.
   */
  default IntParam shuffleWindow() {
    return paramSet()
        .integer(
            "shuffleWindow",
            "rows among which a mini-batch is drawn, in chunks from anywhere in the data, so that "
                + "rows are read from disk in long pieces; for adam; not set: all rows",
            Rule.atLeast(1));
  }

  /** The value of {@link #shuffleWindow()}. */
  default int getShuffleWindow() {
    return (Integer) getOrDefault(shuffleWindow());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends StorageParams {

    /** Sets {@link #shuffleWindow()}. */
    default S setShuffleWindow(int value) {
      return ParamSet.set(this, shuffleWindow(), value);
    }
  }
}
