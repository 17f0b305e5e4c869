package org.sparksae.spark.ml.param;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.model.PoolingKind;

/** What {@code outputCol} gets of the maps of a convolution. */
public interface PoolingParams extends ParamGroup {

  /**
   * What outputCol gets of the maps: all of them (none), or the largest value (max) or the mean
   * (average) of each window. Pooling changes only outputCol: training, the reconstruction and the
   * summary use the full maps.
   */
  default Param<String> pooling() {
    return paramSet()
        .text(
            "pooling",
            "what outputCol gets of each window of the maps: its largest value (max), its "
                + "mean (average), or all of the maps (none); training, reconstruction and "
                + "summary use the full maps",
            Rule.oneOf(kinds()),
            Choices.NO_POOLING);
  }

  /** The value of {@link #pooling()}. */
  default String getPooling() {
    return getOrDefault(pooling());
  }

  /** Rows and columns of the windows of {@link #pooling()}, at most those of a map. */
  default IntParam poolSize() {
    return paramSet()
        .integer(
            "poolSize",
            "rows and columns of the windows of pooling, at most those of a map",
            Rule.atLeast(1));
  }

  /** The value of {@link #poolSize()}. */
  default int getPoolSize() {
    return (Integer) getOrDefault(poolSize());
  }

  /**
   * Rows and columns from one window of {@link #pooling()} to the next, at most poolSize; not set:
   * poolSize. A stride that would leave out values is refused.
   */
  default IntParam poolStride() {
    return paramSet()
        .integer(
            "poolStride",
            "rows and columns from one window of pooling to the next, at most poolSize; a "
                + "stride that would leave out values is refused; not set: poolSize",
            Rule.atLeast(1));
  }

  /** The value of {@link #poolStride()}. */
  default int getPoolStride() {
    return (Integer) getOrDefault(poolStride());
  }

  private static List<String> kinds() {
    Stream<String> kinds = Arrays.stream(PoolingKind.values()).map(PoolingKind::paramName);
    return Stream.concat(Stream.of(Choices.NO_POOLING), kinds).toList();
  }

  /**
   * Setters of estimator and model.
   *
   * @param <S> the stage's own class
   */
  interface Setters<S> extends PoolingParams {

    /** Sets {@link #pooling()}. */
    default S setPooling(String value) {
      return ParamSet.set(this, pooling(), value);
    }

    /** Sets {@link #poolSize()}. */
    default S setPoolSize(int value) {
      return ParamSet.set(this, poolSize(), value);
    }

    /** Sets {@link #poolStride()}. */
    default S setPoolStride(int value) {
      return ParamSet.set(this, poolStride(), value);
    }
  }
}
