package org.sparksae.spark.ml.param;

/** The Params of every autoencoder and its model, in the order of their documentation. */
public interface AutoencoderParams
    extends InputParams,
        OutputParams,
        OutlierParams,
        ArchitectureParams,
        SparsityParams,
        KSparseParams,
        WinnerTakeAllParams,
        CorruptionParams,
        OptimiserParams,
        ExchangeParams,
        CheckpointParams {

  /** The value of {@link #regParam()}; where it is not set, that depends on the kind of code. */
  @Override
  default double getRegParam() {
    boolean keepsSome = isDefined(k()) || isDefined(lifetimeSparsity());
    return keepsSome && !isSet(regParam()) ? 0 : OptimiserParams.super.getRegParam();
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
          SparsityParams.TrainingSetters<S>,
          KSparseParams.TrainingSetters<S>,
          WinnerTakeAllParams.TrainingSetters<S>,
          CorruptionParams.TrainingSetters<S>,
          OptimiserParams.TrainingSetters<S>,
          ExchangeParams.TrainingSetters<S>,
          CheckpointParams.TrainingSetters<S> {}
}
