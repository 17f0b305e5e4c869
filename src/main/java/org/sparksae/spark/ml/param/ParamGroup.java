package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.Params;

/**
 * Some Params that belong together.
 *
 * <p>A group has, for each Param, an accessor that declares it and a getter. Setters stand in
 * nested interfaces, as a model does not take all that an estimator takes: {@code Setters} for what
 * {@code transform} looks at, {@code TrainingSetters} for what only {@code fit} does.
 */
public interface ParamGroup extends Params {

  /** The Param objects of this stage. */
  ParamSet paramSet();
}
