package org.sparksae.spark.ml.param;

import java.util.Optional;
import org.apache.spark.ml.param.DoubleParam;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.LifetimeSparsity;

/** Lifetime winner-take-all: rows compete for a unit (Makhzani and Frey 2015). */
public interface WinnerTakeAllParams extends ParamGroup {

  /**
   * The part of a batch for which each unit of the code stays active in training, in (0, 1). Over
   * the whole batch, on all workers, the unit's largest {@code ceil(lifetimeSparsity N)}
   * activations stay if they are above 0, and the others become 0; activations equal to the last of
   * them stay too. Not set: all stay. With it, {@code activation} is relu, {@code sparsity} none
   * and {@code regParam} 0 where they are not set. A batch is batchSize rows with adam, and all
   * rows with l-bfgs and for validation. {@code transform} and the summary's statistics use the
   * plain code, without competition between rows.
   */
  default DoubleParam lifetimeSparsity() {
    return paramSet()
        .number(
            "lifetimeSparsity",
            "part of a batch for which each unit of the code stays active in training; "
                + "excludes k; not set: units stay active for all rows",
            Rule.share());
  }

  /** The value of {@link #lifetimeSparsity()}. */
  default double getLifetimeSparsity() {
    return (Double) getOrDefault(lifetimeSparsity());
  }

  /** The kind of code that these Params ask for, if they do. */
  default Optional<CodeForm> lifetime() {
    return isDefined(lifetimeSparsity())
        ? Optional.of(new LifetimeSparsity(getLifetimeSparsity()))
        : Optional.empty();
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends WinnerTakeAllParams {

    /** Sets {@link #lifetimeSparsity()}. */
    default S setLifetimeSparsity(double value) {
      return ParamSet.set(this, lifetimeSparsity(), value);
    }
  }
}
