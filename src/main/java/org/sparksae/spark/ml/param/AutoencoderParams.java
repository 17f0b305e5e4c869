package org.sparksae.spark.ml.param;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.InputNorm;
import org.sparksae.core.model.PreBias;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.WeightStart;

/** The Params of every autoencoder and its model, in the order of their documentation. */
public interface AutoencoderParams
    extends InputParams,
        TargetParams,
        OutputParams,
        OutlierParams,
        ArchitectureParams,
        StartParams,
        SparsityParams,
        KSparseParams,
        BatchTopKParams,
        JumpReluParams,
        GatedParams,
        CodeLossParams,
        WinnerTakeAllParams,
        CorruptionParams,
        OptimiserParams,
        PrecisionParams,
        StorageParams,
        ExchangeParams,
        CheckpointParams {

  /** The published 3e-6 is beside the whole square of the error, of which J has half. */
  double PRE_ACTIVATION_OF_TANH = 1.5e-6;

  /** The value of {@link #regParam()}; where it is not set, that depends on the kind of code. */
  @Override
  default double getRegParam() {
    boolean selects = !codeForms().isEmpty();
    return selects && !isSet(regParam()) ? 0 : OptimiserParams.super.getRegParam();
  }

  /** The value of {@link #decoderNorm()}; where it is not set, that depends on the kind of code. */
  @Override
  default String getDecoderNorm() {
    return isWide() && !isSet(decoderNorm())
        ? DecoderNorm.UNIT.paramName()
        : ArchitectureParams.super.getDecoderNorm();
  }

  /** The value of {@link #solver()}; where it is not set, that depends on the kind of code. */
  @Override
  default String getSolver() {
    return isWide() && !isSet(solver()) ? Choices.ADAM : OptimiserParams.super.getSolver();
  }

  /**
   * The value of {@link #initMode()}; where it is not set, that depends on the kind of code. The
   * decoder of a transcoder has nothing that its encoder should look for.
   */
  @Override
  default String getInitMode() {
    return isWide() && !hasTarget() && !isSet(initMode())
        ? WeightStart.TIED.paramName()
        : StartParams.super.getInitMode();
  }

  /**
   * The value of {@link #preBias()}; where it is not set, that depends on the kind of code. An
   * autoencoder needs a linear reconstruction for one.
   */
  @Override
  default String getPreBias() {
    boolean linear = getOutputActivation().equals(Activation.LINEAR.paramName());
    return isWide() && (linear || hasTarget()) && !isSet(preBias())
        ? PreBias.MEAN.paramName()
        : StartParams.super.getPreBias();
  }

  /**
   * The value of {@link #inputNorm()}; where it is not set, that depends on the kind of code. Only
   * a reconstruction that can have any scale allows it.
   */
  @Override
  default String getInputNorm() {
    return isWide() && hasAnyScale(getOutputActivation()) && !isSet(inputNorm())
        ? InputNorm.SQRT_SIZE.paramName()
        : StartParams.super.getInputNorm();
  }

  private static boolean hasAnyScale(String activation) {
    return Stream.of(Activation.values())
        .anyMatch(one -> one.isHomogeneous() && one.paramName().equals(activation));
  }

  /**
   * The value of {@link #preActivationWeight()}; where it is not set, that depends on the penalty.
   */
  @Override
  default double getPreActivationWeight() {
    boolean isTanh = Arrays.asList(getSparsity()).contains(SparsityKind.TANH.paramName());
    return isTanh && !isSet(preActivationWeight())
        ? PRE_ACTIVATION_OF_TANH
        : JumpReluParams.super.getPreActivationWeight();
  }

  private boolean isWide() {
    return codeForms().stream().anyMatch(CodeForm::isWide);
  }

  /** The kinds of codes that are asked for; more than one is an error. */
  private List<CodeForm> codeForms() {
    return Stream.of(topK(), batchTopKForm(), jumpRelu(), gatedForm(), lifetime())
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * The kind of code that is asked for.
   *
   * @throws IllegalArgumentException if there are several, or the objective needs another
   */
  default CodeForm codeForm() {
    return CodeForm.oneOf(codeForms()).with(codeLoss());
  }

  /** The Params of all kinds of codes, which layers below the code do not have. */
  default List<Param<?>> codeParams() {
    List<Param<?>> others = List.of(batchTopK(), jumpReluThreshold(), gated(), lifetimeSparsity());
    return Stream.of(topKParams(), codeLossParams(), others)
        .<Param<?>>flatMap(List::stream)
        .toList();
  }

  /**
   * Setters of estimator and model.
   *
   * @param <S> the stage's own class
   */
  interface Setters<S>
      extends AutoencoderParams,
          InputParams.Setters<S>,
          TargetParams.Setters<S>,
          OutputParams.Setters<S>,
          OutlierParams.Setters<S>,
          KSparseParams.Setters<S>,
          PrecisionParams.Setters<S> {}

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S>
      extends Setters<S>,
          InputParams.TrainingSetters<S>,
          TargetParams.TrainingSetters<S>,
          OutlierParams.TrainingSetters<S>,
          ArchitectureParams.TrainingSetters<S>,
          StartParams.TrainingSetters<S>,
          SparsityParams.TrainingSetters<S>,
          KSparseParams.TrainingSetters<S>,
          BatchTopKParams.TrainingSetters<S>,
          JumpReluParams.TrainingSetters<S>,
          GatedParams.TrainingSetters<S>,
          CodeLossParams.TrainingSetters<S>,
          WinnerTakeAllParams.TrainingSetters<S>,
          CorruptionParams.TrainingSetters<S>,
          OptimiserParams.TrainingSetters<S>,
          StorageParams.TrainingSetters<S>,
          ExchangeParams.TrainingSetters<S>,
          CheckpointParams.TrainingSetters<S> {}
}
