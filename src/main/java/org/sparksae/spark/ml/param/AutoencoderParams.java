package org.sparksae.spark.ml.param;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.model.CodeForm;

/** The Params of every autoencoder and its model, in the order of their documentation. */
public interface AutoencoderParams
    extends InputParams,
        OutputParams,
        OutlierParams,
        ArchitectureParams,
        StartParams,
        SparsityParams,
        KSparseParams,
        WinnerTakeAllParams,
        CorruptionParams,
        OptimiserParams,
        StorageParams,
        ExchangeParams,
        CheckpointParams {

  /** The value of {@link #regParam()}; where it is not set, that depends on the kind of code. */
  @Override
  default double getRegParam() {
    boolean selects = !codeForms().isEmpty();
    return selects && !isSet(regParam()) ? 0 : OptimiserParams.super.getRegParam();
  }

  /** The kinds of codes that are asked for; more than one is an error. */
  private List<CodeForm> codeForms() {
    return Stream.of(topK(), lifetime()).flatMap(Optional::stream).toList();
  }

  /**
   * The kind of code that is asked for.
   *
   * @throws IllegalArgumentException if there are several
   */
  default CodeForm codeForm() {
    return CodeForm.oneOf(codeForms());
  }

  /** The Params of all kinds of codes, which layers below the code do not have. */
  default List<Param<?>> codeParams() {
    return Stream.concat(topKParams().stream(), Stream.of(lifetimeSparsity())).toList();
  }

  /**
   * Setters of estimator and model.
   *
   * @param <S> the stage's own class
   */
  interface Setters<S>
      extends AutoencoderParams,
          InputParams.Setters<S>,
          OutputParams.Setters<S>,
          OutlierParams.Setters<S>,
          KSparseParams.Setters<S> {}

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S>
      extends Setters<S>,
          InputParams.TrainingSetters<S>,
          OutlierParams.TrainingSetters<S>,
          ArchitectureParams.TrainingSetters<S>,
          StartParams.TrainingSetters<S>,
          SparsityParams.TrainingSetters<S>,
          KSparseParams.TrainingSetters<S>,
          WinnerTakeAllParams.TrainingSetters<S>,
          CorruptionParams.TrainingSetters<S>,
          OptimiserParams.TrainingSetters<S>,
          StorageParams.TrainingSetters<S>,
          ExchangeParams.TrainingSetters<S>,
          CheckpointParams.TrainingSetters<S> {}
}
