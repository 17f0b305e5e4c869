package org.sparksae.spark.ml;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamPair;
import org.sparksae.core.Text;
import org.sparksae.core.train.DivergedException;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An estimator to fit, and how its errors name it.
 *
 * @param index its place in the call
 * @param name such as {@code paramMaps[3] (k = 16)}; empty for an estimator that is fitted alone
 * @param <M> its model
 */
record Candidate<M extends AutoencoderModel<M>>(
    int index, String name, AutoencoderEstimator<?, M> estimator) {

  /** An estimator that is fitted alone. */
  static <M extends AutoencoderModel<M>> Candidate<M> alone(AutoencoderEstimator<?, M> estimator) {
    return new Candidate<>(0, "", estimator);
  }

  /** A copy of an estimator with one of several ParamMaps. */
  static <E extends AutoencoderEstimator<E, M>, M extends AutoencoderModel<M>> Candidate<M> of(
      AutoencoderEstimator<E, M> estimator, ParamMap map, int index) {
    String name = Text.format("paramMaps[%d] (%s)", index, describe(map));
    return new Candidate<>(index, name, estimator.copy(map));
  }

  private static String describe(ParamMap map) {
    List<ParamPair<?>> pairs = CollectionConverters.asJava(map.toSeq());
    return pairs.isEmpty()
        ? "empty"
        : pairs.stream()
            .sorted(Comparator.comparing(pair -> pair.param().name()))
            .map(Candidate::describe)
            .collect(Collectors.joining(", "));
  }

  private static <T> String describe(ParamPair<T> pair) {
    return pair.param().name() + " = " + pair.param().jsonEncode(pair.value());
  }

  /** Runs a check, as {@link #named} does. */
  void check(Runnable check) {
    named(
        () -> {
          check.run();
          return null;
        });
  }

  /**
   * Returns what a supplier gives. If it fails, the exception names this candidate: in its message
   * if the estimator is refused or diverges, otherwise in a suppressed exception.
   */
  <T> T named(Supplier<T> work) {
    try {
      return work.get();
    } catch (Throwable failure) {
      if (name.isEmpty() || failure instanceof CancellationException) {
        throw failure;
      } else if (failure instanceof IllegalArgumentException) {
        throw new IllegalArgumentException(name + ": " + failure.getMessage(), failure);
      } else if (failure instanceof DivergedException diverged) {
        throw new DivergedException(name, diverged);
      }
      failure.addSuppressed(new IllegalStateException("this happened in the fit of " + name));
      throw failure;
    }
  }
}
