package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.sparksae.core.train.Corruption;

/** The Params of the corruption of the encoder's input in training, see {@link Corruption}. */
public interface CorruptionParams extends Params {

  /** The Param objects of this instance; built after the uid. */
  AutoencoderParamSet paramSet();

  /**
   * What is done to the encoder's input in training, while the reconstruction is compared with the
   * clean row: none, masking (values become 0), gaussian (normal noise is added) or saltAndPepper
   * (values become 0 or 1). With adam each epoch draws anew; with l-bfgs, whose line search needs
   * an objective that stays the same, and for validation rows, there is one draw for the run. With
   * layerTraining, each layer's own input is corrupted.
   */
  default Param<String> corruption() {
    return paramSet().corruption;
  }

  /**
   * How much: the probability that a value is replaced, in [0, 1), of masking and saltAndPepper;
   * the standard deviation, 0 or more, of gaussian.
   */
  default DoubleParam corruptionLevel() {
    return paramSet().corruptionLevel;
  }

  /** The value of {@link #corruption()}. */
  default String getCorruption() {
    return getOrDefault(corruption());
  }

  /** The value of {@link #corruptionLevel()}. */
  default double getCorruptionLevel() {
    return (Double) getOrDefault(corruptionLevel());
  }
}
