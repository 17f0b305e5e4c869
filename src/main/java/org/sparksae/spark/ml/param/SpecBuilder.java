package org.sparksae.spark.ml.param;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.sparksae.core.Text;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.LifetimeSparsity;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.SpatialSparsity;
import org.sparksae.core.model.TopK;
import org.sparksae.core.train.Corruption;
import org.sparksae.core.train.CorruptionKind;

/** The model that Params describe. */
public final class SpecBuilder {
  private SpecBuilder() {}

  /**
   * The spec for rows of a given size.
   *
   * @throws IllegalArgumentException naming the Param, its value and the rule, if the Params do not
   *     make a model
   */
  public static AutoencoderSpec build(SparseAutoencoderParams params, int inputSize) {
    if (!params.isDefined(params.hiddenLayers())) {
      throw new IllegalArgumentException(
          "hiddenLayers must be set: the units of each hidden layer, for example [256]");
    }
    int[] sizes = params.getHiddenLayers();
    return build(
        params,
        inputSize,
        sizes.length,
        sizes[sizes.length - 1],
        codeForm(params),
        (k, activation, sparsity, form) -> new HiddenLayer(sizes[k], activation, sparsity, form));
  }

  /**
   * The spec of convolutions, for rows of a given size.
   *
   * @param inputSize values of a row, or 0 for the size of an image
   */
  public static AutoencoderSpec build(ConvolutionalSparseAutoencoderParams params, int inputSize) {
    List<Convolution> convolutions = ConvolutionBuilder.build(params);
    Convolution code = convolutions.get(convolutions.size() - 1);
    return build(
        params,
        inputSize == 0 ? convolutions.get(0).input().size() : inputSize,
        convolutions.size(),
        code.filters(),
        params.getSpatialSparsity() ? new SpatialSparsity(codeForm(params)) : codeForm(params),
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
      int depth,
      int codeUnits,
      CodeForm form,
      Shape shape) {
    Activation activation = activation(params);
    SparsityScope scope = SparsityScope.parse("sparsityScope", params.getSparsityScope());
    List<HiddenLayer> layers = new ArrayList<>();
    for (int k = 0; k < depth; k++) {
      boolean isCode = k == depth - 1;
      Sparsity sparsity = sparsity(params, scope, k, depth);
      layers.add(shape.layer(k, activation, sparsity, isCode ? form : CodeForm.ALL));
    }
    checkK(params, codeUnits);
    outputLayer(params, depth);
    require(
        params.getInitialModel().isEmpty() || params.getLayerTraining().equals(Choices.JOINT),
        "initialModel needs layerTraining = joint, since %s begins with untrained layers; clear one"
            + " of them",
        params.getLayerTraining());
    return new AutoencoderSpec(
        inputSize,
        layers,
        Activation.parse("outputActivation", params.getOutputActivation()),
        params.getTiedWeights(),
        params.getRegParam());
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

  /** The kind of code that is asked for. */
  private static CodeForm codeForm(AutoencoderParams params) {
    List<CodeForm> wanted = new ArrayList<>();
    if (params.isDefined(params.k())) {
      wanted.add(new TopK(params.getK(), TopK.By.parse("topKBy", params.getTopKBy())));
    }
    if (params.isDefined(params.lifetimeSparsity())) {
      wanted.add(new LifetimeSparsity(params.getLifetimeSparsity()));
    }
    return CodeForm.oneOf(wanted);
  }

  /** By default a k-sparse code is linear, and a winner-take-all code has ReLU. */
  private static Activation activation(AutoencoderParams params) {
    if (params.isSet(params.activation()) || !selects(params)) {
      return Activation.parse("activation", params.getActivation());
    }
    return params.isDefined(params.k()) ? Activation.LINEAR : Activation.RELU;
  }

  /**
   * Whether a code is sparse because only some of it is kept; it then has no penalty by default.
   */
  private static boolean selects(AutoencoderParams params) {
    return params.isDefined(params.k())
        || params.isDefined(params.lifetimeSparsity())
        || (params instanceof ConvolutionalSparseAutoencoderParams maps
            && maps.getSpatialSparsity());
  }

  private static void checkK(AutoencoderParams params, int units) {
    for (IntParam param : List.of(params.kStart(), params.encodeK())) {
      if (params.isDefined(param)) {
        require(params.isDefined(params.k()), "%s needs k to be set", param.name());
        int value = (Integer) params.getOrDefault(param);
        require(
            value <= units,
            "%s must be in [1, %d], the units of the last of the hiddenLayers; got %d",
            param.name(),
            units,
            value);
      }
    }
    if (params.isDefined(params.kStart())) {
      require(
          params.getKStart() >= params.getK(),
          "kStart must be k = %d or more, since it falls to k; got %d",
          params.getK(),
          params.getKStart());
      require(
          params.getSolver().equals(Choices.ADAM),
          "kStart needs solver = adam, since %s needs an objective that stays the same",
          params.getSolver());
    }
  }

  private static void require(boolean rule, String message, Object... args) {
    if (!rule) {
      throw new IllegalArgumentException(Text.format(message, args));
    }
  }

  private static Sparsity sparsity(
      AutoencoderParams params, SparsityScope scope, int k, int depth) {
    if (selects(params) && !params.isSet(params.sparsity())) {
      return Sparsity.NONE;
    }
    String[] kinds = params.getSparsity();
    double[] weights = params.getSparsityWeights();
    double[] targets = params.getSparsityTargets();
    return new Sparsity(
        SparsityKind.parse("sparsity", kinds[index("sparsity", kinds.length, k, depth)]),
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
