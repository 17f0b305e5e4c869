package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.rows.StoragePrecision;

/** How rows that may exceed the memory are kept and visited. */
public interface StorageParams extends ParamGroup {

  /**
   * How the fit stores the values of its rows on disk: float32, or bfloat16, which takes half the
   * place. Values are rounded to it when they are read, and everything that the fit computes is
   * computed from the rounded values.
   */
  default Param<String> storagePrecision() {
    return paramSet()
        .text(
            "storagePrecision",
            "how the values of training and validation rows are stored on disk: float32, or "
                + "bfloat16, which rounds them to 8 bits and takes half the place",
            Rule.oneOf(StoragePrecision.values(), StoragePrecision::paramName),
            StoragePrecision.FLOAT32.paramName());
  }

  /** The value of {@link #storagePrecision()}. */
  default String getStoragePrecision() {
    return getOrDefault(storagePrecision());
  }

  /** The precision that {@link #storagePrecision()} names. */
  default StoragePrecision storedPrecision() {
    return StoragePrecision.parse("storagePrecision", getStoragePrecision());
  }

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

    /** Sets {@link #storagePrecision()}. */
    default S setStoragePrecision(String value) {
      return ParamSet.set(this, storagePrecision(), value);
    }

    /** Sets {@link #shuffleWindow()}. */
    default S setShuffleWindow(int value) {
      return ParamSet.set(this, shuffleWindow(), value);
    }
  }
}
