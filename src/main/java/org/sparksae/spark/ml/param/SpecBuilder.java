package org.sparksae.spark.ml.param;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.sparksae.core.Text;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InputNorm;
import org.sparksae.core.model.PreBias;
import org.sparksae.core.model.Precision;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.Target;
import org.sparksae.core.model.WeightStart;
import org.sparksae.core.rows.Corruption;
import org.sparksae.core.rows.CorruptionKind;

/** The model that Params describe. */
public final class SpecBuilder {
  private SpecBuilder() {}

  /**
   * The weight of a selecting code's penalty where none is set, for scaled rows. With the weight w
   * of an active latent, one pays that adds more than sqrt(2 w) to a row, where the spread of a
   * column is 1; a slope of w has the limit w. A target costs as much as a model that knows nothing
   * but the mean row.
   */
  private static double penaltyOfCode(SparsityKind kind, int outputSize) {
    return switch (kind) {
      case TARGET_L0 -> Math.max(1, outputSize) / 2.0;
      case L1 -> 2;
      default -> 1;
    };
  }

  /**
   * The spec for rows of a given size.
   *
   * @param inputSize values of an input row
   * @param targetSize values of a target row; 0 where there is none, or it is not known yet
   * @throws IllegalArgumentException naming the Param, its value and the rule, if the Params do not
   *     make a model
   */
  public static AutoencoderSpec build(
      SparseAutoencoderParams params, int inputSize, int targetSize) {
    if (!params.isDefined(params.hiddenLayers())) {
      throw new IllegalArgumentException(
          "hiddenLayers must be set: the units of each hidden layer, for example [256]");
    }
    int[] sizes = params.getHiddenLayers();
    return build(
        params,
        inputSize,
        targetSize,
        sizes.length,
        sizes[sizes.length - 1],
        (k, activation, sparsity, form) -> new HiddenLayer(sizes[k], activation, sparsity, form));
  }

  /**
   * The spec of convolutions, for rows of a given size.
   *
   * @param inputSize values of a row, or 0 for the size of an image
   * @param targetSize values of a target row, or 0
   */
  public static AutoencoderSpec build(
      ConvolutionalSparseAutoencoderParams params, int inputSize, int targetSize) {
    List<Convolution> convolutions = ConvolutionBuilder.build(params);
    Convolution code = convolutions.get(convolutions.size() - 1);
    return build(
        params,
        inputSize == 0 ? convolutions.get(0).input().size() : inputSize,
        targetSize,
        convolutions.size(),
        code.filters(),
        (k, activation, sparsity, form) ->
            new HiddenLayer(convolutions.get(k), activation, sparsity, form));
  }

  /** A hidden layer of a shape. */
  private interface Shape {
    HiddenLayer layer(int k, Activation activation, Sparsity sparsity, CodeForm form);
  }

  private static AutoencoderSpec build(
      AutoencoderParams params,
      int inputSize,
      int targetSize,
      int depth,
      int codeUnits,
      Shape shape) {
    CodeForm form = params.codeForm();
    Activation activation = activation(params, form);
    SparsityScope scope = SparsityScope.parse("sparsityScope", params.getSparsityScope());
    int outputSize = targetSize == 0 ? inputSize : targetSize;
    List<HiddenLayer> layers = new ArrayList<>();
    for (int k = 0; k < depth; k++) {
      boolean isCode = k == depth - 1;
      Sparsity sparsity = sparsity(params, form, scope, outputSize, k, depth);
      layers.add(shape.layer(k, activation, sparsity, isCode ? form : CodeForm.ALL));
    }
    params.requireTopKFits(codeUnits);
    checkSteps(params, form);
    checkSolver(params);
    outputLayer(params, depth);
    require(
        params.getInitialModel().isEmpty() || params.getLayerTraining().equals(Choices.JOINT),
        "initialModel needs layerTraining = joint, since %s begins with untrained layers; clear one"
            + " of them",
        params.getLayerTraining());
    checkStart(params);
    checkResampling(params, layers);
    checkPreActivation(params);
    Target target = target(params, inputSize, targetSize);
    AutoencoderSpec spec =
        new AutoencoderSpec(
            inputSize,
            layers,
            Activation.parse("outputActivation", params.getOutputActivation()),
            params.getTiedWeights(),
            params.getRegParam(),
            DecoderNorm.parse("decoderNorm", params.getDecoderNorm()),
            !params.getPreBias().equals(PreBias.NONE.paramName()),
            target,
            Precision.parse("precision", params.getPrecision()));
    // Last, since inputNorm may be the default of a kind of code that does not fit itself.
    checkInputNorm(params, activation);
    return spec;
  }

  private static void checkPreActivation(AutoencoderParams params) {
    require(
        params.isDefined(params.jumpReluThreshold())
            || !params.isSet(params.preActivationWeight())
            || params.getPreActivationWeight() == 0,
        "preActivationWeight needs jumpReluThreshold, as it draws units to their thresholds; set"
            + " it, or clear preActivationWeight; got %s",
        params.getPreActivationWeight());
  }

  /** What a transcoder predicts; null for an autoencoder. */
  private static Target target(AutoencoderParams params, int inputSize, int targetSize) {
    if (!params.hasTarget()) {
      require(
          !params.getSkipConnection(),
          "skipConnection needs targetCol, since an autoencoder with one would copy its input; set"
              + " targetCol, or clear skipConnection");
      return null;
    }
    require(
        targetSize == 0
            || targetSize == inputSize
            || !params.getInitMode().equals(WeightStart.TIED.paramName()),
        "initMode = tied needs targets of as many values as the input, but targetCol '%s' has %d,"
            + " and inputCol %d; set initMode = glorot",
        params.getTargetCol(),
        targetSize,
        inputSize);
    return new Target(Math.max(1, targetSize), params.getSkipConnection());
  }

  private static void checkStart(AutoencoderParams params) {
    boolean tied = params.getInitMode().equals(WeightStart.TIED.paramName());
    require(
        tied || !params.isSet(params.initDecoderNorm()),
        "initDecoderNorm needs initMode = tied, since %s draws vectors of any length; got %s",
        params.getInitMode(),
        params.getInitDecoderNorm());
    boolean unit = params.getDecoderNorm().equals(DecoderNorm.UNIT.paramName());
    require(
        !unit || params.getInitDecoderNorm() == 1,
        "initDecoderNorm must be 1 with decoderNorm = unit, got %s; clear one of them",
        params.getInitDecoderNorm());
  }

  /** Rows can replace units of one layer that sees rows, and if training notices dead ones. */
  private static void checkResampling(AutoencoderParams params, List<HiddenLayer> layers) {
    if (!params.isDefined(params.resampleSteps())) {
      return;
    }
    HiddenLayer code = layers.get(layers.size() - 1);
    require(
        params.getSolver().equals(Choices.ADAM),
        "resampleSteps needs solver = adam, since %s needs an objective that stays the same; clear"
            + " it, or set solver = adam",
        params.getSolver());
    require(
        layers.size() == 1 && code.convolution() == null,
        "resampleSteps needs one fully connected hidden layer, got %s; clear it",
        code.convolution() == null ? layers.size() + " layers" : "maps of a convolution");
    require(
        code.canBeSilent(),
        "resampleSteps needs units that can be inactive, but activation '%s' is never exactly 0;"
            + " clear it, or set activation = relu",
        code.activation().paramName());
    require(
        params.getAuxK() == 0,
        "resampleSteps and auxK exclude each other, as both revive dead units; clear one");
    require(
        !params.hasTarget(),
        "resampleSteps excludes targetCol, since a row of the input is no decoder vector of a"
            + " transcoder; clear one, or revive dead units by auxK");
  }

  /** Only where f(s z) = s f(z) is a model of scaled rows one of the rows themselves. */
  private static void checkInputNorm(AutoencoderParams params, Activation hidden) {
    String norm = params.getInputNorm();
    String needed =
        "inputNorm = %s needs %s relu or linear, since others change with the scale of what they"
            + " get; got '%s'; set inputNorm = none, or %2$s = relu";
    require(
        norm.equals(InputNorm.NONE.paramName()) || hidden.isHomogeneous(),
        needed,
        norm,
        "activation",
        hidden.paramName());
    require(
        norm.equals(InputNorm.NONE.paramName())
            || Activation.parse("outputActivation", params.getOutputActivation()).isHomogeneous(),
        needed.replace("= relu", "= linear"),
        norm,
        "outputActivation",
        params.getOutputActivation());
  }

  /**
   * How the encoder's input is corrupted in training.
   *
   * @throws IllegalArgumentException if {@code corruptionLevel} is none of {@code corruption}
   */
  public static Corruption corruption(AutoencoderParams params) {
    return new Corruption(
        CorruptionKind.parse("corruption", params.getCorruption()), params.getCorruptionLevel());
  }

  /**
   * The hidden layer whose code transform gives, from 1.
   *
   * @param depth number of hidden layers, of which the last is the default
   * @throws IllegalArgumentException if there is no such layer
   */
  public static int outputLayer(AutoencoderParams params, int depth) {
    if (!params.isDefined(params.outputLayer())) {
      return depth;
    }
    require(
        params.getOutputLayer() <= depth,
        "outputLayer must be in [1, %d], the hidden layers from the input inwards; got %d",
        depth,
        params.getOutputLayer());
    return params.getOutputLayer();
  }

  /** What is set, or else what suits the kind of code. */
  private static Activation activation(AutoencoderParams params, CodeForm form) {
    return params.isSet(params.activation()) || form.defaultActivation() == null
        ? Activation.parse("activation", params.getActivation())
        : form.defaultActivation();
  }

  /** What only steps of mini-batches have. */
  private static void checkSolver(AutoencoderParams params) {
    if (params.getSolver().equals(Choices.ADAM)) {
      return;
    }
    for (IntParam steps : List.of(params.warmupSteps(), params.decaySteps())) {
      require(
          (Integer) params.getOrDefault(steps) == 0,
          "%s needs solver = adam, since %s finds the length of its steps itself; got %s",
          steps.name(),
          params.getSolver(),
          params.getOrDefault(steps));
    }
    require(
        !params.isDefined(params.maxSteps()),
        "maxSteps needs solver = adam, since %s makes no mini-batches; got %s; clear it and set"
            + " maxIter, or set solver = adam",
        params.getSolver(),
        params.isDefined(params.maxSteps()) ? params.getMaxSteps() : 0);
    require(
        !params.isDefined(params.kStart()),
        "kStart needs solver = adam, since %s needs an objective that stays the same",
        params.getSolver());
    require(
        params.getSparsityWarmupSteps() == 0,
        "sparsityWarmupSteps needs solver = adam, since %s needs an objective that stays the same;"
            + " got %s",
        params.getSolver(),
        params.getSparsityWarmupSteps());
    require(
        !params.isDefined(params.gradientClip()),
        "gradientClip needs solver = adam, since %s needs the gradient as it is; clear it",
        params.getSolver());
    require(
        params.getDecoderNorm().equals(DecoderNorm.FREE.paramName()),
        "decoderNorm = %s needs solver = adam, since the straight lines that %s searches leave the"
            + " vectors of length 1; set solver = adam, or decoderNorm = free",
        params.getDecoderNorm(),
        params.getSolver());
    for (DoubleParam constant :
        List.of(params.adamBeta1(), params.adamBeta2(), params.adamEpsilon())) {
      require(
          !params.isSet(constant),
          "%s needs solver = adam, since %s does not use it; clear it, or set solver = adam",
          constant.name(),
          params.getSolver());
    }
  }

  /** What follows from the steps of a training. */
  private static void checkSteps(AutoencoderParams params, CodeForm form) {
    String solver = params.getSolver();
    boolean makesSteps = solver.equals(Choices.ADAM);
    require(
        makesSteps || form.encoding().hasThresholds() == form.hasThresholds(),
        "%s needs solver = adam, since its threshold is a mean over steps; got %s",
        form.paramName(),
        solver);
    require(
        makesSteps || form.hasExactGradient(),
        "%s needs solver = adam, since its gradient is an estimate, which does not suit the line"
            + " search of %s; set solver = adam",
        form.paramName(),
        solver);
    require(
        makesSteps || form.loss().auxK() == null,
        "auxK needs solver = adam, since %s does not count the rows in which a unit is silent; set"
            + " solver = adam, or auxK = 0",
        solver);
  }

  static void require(boolean rule, String message, Object... args) {
    if (!rule) {
      throw new IllegalArgumentException(Text.format(message, args));
    }
  }

  private static Sparsity sparsity(
      AutoencoderParams params,
      CodeForm form,
      SparsityScope scope,
      int outputSize,
      int k,
      int depth) {
    boolean chosen = !form.selects() || params.isSet(params.sparsity());
    SparsityKind usual = form.penalties().get(0);
    if (!chosen && usual == SparsityKind.NONE) {
      return Sparsity.NONE;
    }
    String[] kinds = params.getSparsity();
    SparsityKind kind =
        chosen
            ? SparsityKind.parse("sparsity", kinds[index("sparsity", kinds.length, k, depth)])
            : usual;
    double[] weights =
        form.penalties().size() > 1 && !params.isSet(params.sparsityWeights())
            ? new double[] {penaltyOfCode(kind, outputSize)}
            : params.getSparsityWeights();
    double[] targets = params.getSparsityTargets();
    return new Sparsity(
        kind,
        scope,
        weights[index("sparsityWeights", weights.length, k, depth)],
        targets[index("sparsityTargets", targets.length, k, depth)]);
  }

  /** Entry k of a list with one entry for each hidden layer, or one for all. */
  private static int index(String param, int length, int k, int depth) {
    if (length != 1 && length != depth) {
      throw new IllegalArgumentException(
          Text.format(
              "%s must have 1 entry, or one for each of the %d hidden layers; got %d entries",
              param, depth, length));
    }
    return length == 1 ? 0 : k;
  }
}
