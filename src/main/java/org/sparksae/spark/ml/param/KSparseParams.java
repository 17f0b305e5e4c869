package org.sparksae.spark.ml.param;

import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.TopK;

/** k-sparse (TopK) codes: only the largest units of a code are kept (Makhzani and Frey 2013). */
public interface KSparseParams extends ParamGroup {

  /**
   * Units of a code that are kept, the largest; the others become 0. Not set: all are kept. With
   * it, {@code activation} is linear, {@code sparsity} none and {@code regParam} 0 where they are
   * not set.
   */
  default IntParam k() {
    return paramSet()
        .integer(
            "k",
            "units of a code that are kept, the largest; the others become 0: a k-sparse "
                + "(TopK) autoencoder; not set: all are kept",
            Rule.atLeast(1));
  }

  /** The value of {@link #k()}. */
  default int getK() {
    return (Integer) getOrDefault(k());
  }

  /**
   * Units kept in the first epoch, k or more; the number falls in a line to k over the first half
   * of maxIter, so that no unit stays unused from the start. With maxSteps it falls from step to
   * step over the first half of these. For adam.
   */
  default IntParam kStart() {
    return paramSet()
        .integer(
            "kStart",
            "units kept in the first epoch, k or more; the number falls in a line to k over "
                + "the first half of maxIter or maxSteps; for adam; not set: k",
            Rule.atLeast(1));
  }

  /** The value of {@link #kStart()}. */
  default int getKStart() {
    return (Integer) getOrDefault(kStart());
  }

  /** What makes a unit one of the k largest: magnitude or value. */
  default Param<String> topKBy() {
    return paramSet()
        .text(
            "topKBy",
            "what makes a unit large: its magnitude or its value; of equal units the first "
                + "is kept",
            Rule.oneOf(TopK.By.values(), TopK.By::paramName),
            TopK.By.MAGNITUDE.paramName());
  }

  /** The value of {@link #topKBy()}. */
  default String getTopKBy() {
    return getOrDefault(topKBy());
  }

  /**
   * Units of a code that transform keeps; not set: k. More than k (about 3 k) help a classifier
   * that learns from the codes.
   */
  default IntParam encodeK() {
    return paramSet()
        .integer("encodeK", "units of a code that transform keeps; not set: k", Rule.atLeast(1));
  }

  /** The value of {@link #encodeK()}. */
  default int getEncodeK() {
    return (Integer) getOrDefault(encodeK());
  }

  /** The kind of code that these Params ask for, if they do. */
  default Optional<CodeForm> topK() {
    return isDefined(k())
        ? Optional.of(new TopK(getK(), TopK.By.parse("topKBy", getTopKBy())))
        : Optional.empty();
  }

  /** The Params that belong to a code and to no other layer. */
  default List<Param<?>> topKParams() {
    return List.of(k(), kStart(), encodeK());
  }

  /**
   * Checks what depends on the number of units, and on k.
   *
   * @throws IllegalArgumentException naming the Param, its value and the rule
   */
  default void requireTopKFits(int units) {
    for (IntParam param : List.of(kStart(), encodeK())) {
      if (isDefined(param)) {
        SpecBuilder.require(isDefined(k()), "%s needs k to be set", param.name());
        int value = (Integer) getOrDefault(param);
        SpecBuilder.require(
            value <= units,
            "%s must be in [1, %d], the units of the last of the hiddenLayers; got %d",
            param.name(),
            units,
            value);
      }
    }
    if (isDefined(kStart())) {
      SpecBuilder.require(
          getKStart() >= getK(),
          "kStart must be k = %d or more, since it falls to k; got %d",
          getK(),
          getKStart());
    }
  }

  /**
   * Setters of estimator and model.
   *
   * @param <S> the stage's own class
   */
  interface Setters<S> extends KSparseParams {

    /** Sets {@link #encodeK()}. */
    default S setEncodeK(int value) {
      return ParamSet.set(this, encodeK(), value);
    }
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends Setters<S> {

    /** Sets {@link #k()}. */
    default S setK(int value) {
      return ParamSet.set(this, k(), value);
    }

    /** Sets {@link #kStart()}. */
    default S setKStart(int value) {
      return ParamSet.set(this, kStart(), value);
    }

    /** Sets {@link #topKBy()}. */
    default S setTopKBy(String value) {
      return ParamSet.set(this, topKBy(), value);
    }
  }
}
