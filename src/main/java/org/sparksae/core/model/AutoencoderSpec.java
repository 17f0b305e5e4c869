package org.sparksae.core.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.Collectors;

/**
 * The description of a sparse autoencoder: everything except the weights.
 *
 * <pre>
 * h_0 = x;   h_k = f_k(W_k h_(k-1) + b_k),  k = 1 .. K;   the code is h_K
 * the decoder mirrors the sizes back to x_hat, with f_k in its hidden layers and the output activation in its last
 * </pre>
 *
 * <p>With a pre-bias, which needs one hidden layer and a linear reconstruction, the encoder sees
 * the distance from the decoder's bias c, which is the reconstruction of a row without active
 * units:
 *
 * <pre>
 * h = f(W (x - c) + b);   x_hat = V h + c
 * </pre>
 *
 * <p>A transcoder has a {@link Target}: its decoder predicts the rows of another column, with their
 * size. It has one fully connected hidden layer and weights that are not tied. Its pre-bias is a
 * vector of its own, since the decoder's bias is no input row.
 *
 * <p>The K hidden layers are trained jointly, or each as a separate autoencoder ({@link #layer}).
 * With tied weights the decoder uses {@code W_k'} and its own biases.
 *
 * @param inputSize d, the number of columns, 1 or more
 * @param hiddenLayers the encoder's layers from the input inwards, 1 or more
 * @param outputActivation activation of the reconstruction; its range should contain the data
 * @param tiedWeights whether the decoder uses the transposed weights of the encoder
 * @param regParam lambda, the strength of weight decay, 0 or more
 * @param decoderNorm what holds for the lengths of the vectors of every decoder layer
 * @param preBias whether the encoder subtracts the decoder's bias, or its own vector, from its
 *     input
 * @param target what a transcoder predicts; null for an autoencoder, which reconstructs its input
 * @param precision how the products of its layers are computed; a saved model does not have it, but
 *     a Param
 */
public record AutoencoderSpec(
    int inputSize,
    List<HiddenLayer> hiddenLayers,
    Activation outputActivation,
    boolean tiedWeights,
    double regParam,
    DecoderNorm decoderNorm,
    boolean preBias,
    Target target,
    Precision precision)
    implements Serializable {

  /**
   * The most rows in a tile: enough for matrix products at full speed, and to amortise adding up
   * one gradient.
   */
  private static final int MAX_TILE_ROWS = 2048;

  /**
   * The most floats in a tile's widest layer, so that wide models do not need gigabytes of buffers.
   */
  private static final int MAX_TILE_FLOATS = 1 << 22;

  /**
   * The same for layers with maps. Images gain nothing from being processed together, so a tile has
   * few enough rows for the maps to stay in the cache from the forward to the backward pass.
   */
  private static final int MAX_TILE_MAP_FLOATS = 1 << 18;

  /** The layouts of the specs in use, each computed once. */
  private static final Map<AutoencoderSpec, ParameterLayout> LAYOUTS =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * Checks the model as a whole.
   *
   * @throws IllegalArgumentException naming the Param, its value and the rule
   */
  public AutoencoderSpec {
    hiddenLayers = List.copyOf(hiddenLayers);
    Rule.require(inputSize >= 1, "the input must have at least 1 column, got %d", inputSize);
    Rule.require(!hiddenLayers.isEmpty(), "hiddenLayers must name at least one layer, got none");
    Rule.require(
        regParam >= 0 && Double.isFinite(regParam),
        "regParam must be 0 or more and finite, got %s",
        regParam);
    // First, since the penalties that a kind of code brings fit its own layer only.
    CodeForm code = hiddenLayers.get(hiddenLayers.size() - 1).form();
    code.checkModel(hiddenLayers.size(), outputActivation);
    for (int k = 0; k < hiddenLayers.size(); k++) {
      check(k, hiddenLayers.get(k), k == hiddenLayers.size() - 1);
      checkInput(k, hiddenLayers.get(k), inputSize, k == 0 ? null : hiddenLayers.get(k - 1));
    }
    if (target != null) {
      checkTarget(target, hiddenLayers, tiedWeights);
    }
    if (preBias) {
      checkPreBias(hiddenLayers, outputActivation, target != null);
    }
    Rule.require(
        precision == Precision.FLOAT32
            || hiddenLayers.stream().allMatch(layer -> layer.convolution() == null),
        "precision = %s needs fully connected layers, got maps of a convolution; set precision ="
            + " float32",
        precision.paramName());
  }

  /**
   * Creates an autoencoder of float32 whose decoder vectors have any length, without a pre-bias.
   */
  public AutoencoderSpec(
      int inputSize,
      List<HiddenLayer> hiddenLayers,
      Activation outputActivation,
      boolean tiedWeights,
      double regParam) {
    this(
        inputSize,
        hiddenLayers,
        outputActivation,
        tiedWeights,
        regParam,
        DecoderNorm.FREE,
        false,
        null,
        Precision.FLOAT32);
  }

  /** Checks that the decoder's bias is a row, so that it can be subtracted from one. */
  private static void checkPreBias(
      List<HiddenLayer> layers, Activation output, boolean hasOwnVector) {
    Rule.require(
        layers.size() == 1,
        "preBias needs one hidden layer, got %d; set preBias = none, or train an estimator for each"
            + " layer",
        layers.size());
    Rule.require(
        layers.get(0).convolution() == null,
        "preBias needs a fully connected layer, got maps of a convolution; set preBias = none");
    Rule.require(
        hasOwnVector || output == Activation.LINEAR,
        "preBias needs outputActivation 'linear', got '%s'; set preBias = none, or outputActivation"
            + " = linear",
        output.paramName());
  }

  /** Checks that nothing takes the predicted rows for the input. */
  private static void checkTarget(Target target, List<HiddenLayer> layers, boolean tiedWeights) {
    Rule.require(
        target.size() >= 1, "targetCol must have at least 1 value in a row, got %d", target.size());
    Rule.require(
        layers.size() == 1,
        "targetCol needs one hidden layer, got %d; name one of hiddenLayers, or clear targetCol",
        layers.size());
    Rule.require(
        layers.get(0).convolution() == null,
        "targetCol needs a fully connected layer, got maps of a convolution; clear targetCol");
    Rule.require(
        !tiedWeights,
        "targetCol excludes tiedWeights, since the decoder predicts other values than the encoder"
            + " sees; clear one");
  }

  /** Checks that a convolution takes the image that the layer before produces. */
  private static void checkInput(int k, HiddenLayer layer, int inputSize, HiddenLayer before) {
    Convolution convolution = layer.convolution();
    if (convolution == null) {
      return;
    }
    Rule.require(
        layer.size() == convolution.output().size(),
        "hidden layer %d has maps of %s, so its size must be %d, got %d",
        k + 1,
        convolution.output(),
        convolution.output().size(),
        layer.size());
    int size = before == null ? inputSize : before.size();
    Rule.require(
        convolution.input().size() == size,
        "imageShape %s of hidden layer %d has %d values, but %s has %d; set imageShape to"
            + " [channels, height, width] of %s",
        convolution.input(),
        k + 1,
        convolution.input().size(),
        before == null ? "a row" : "the layer before",
        size,
        before == null ? "the rows" : "the output of that layer");
    Rule.require(
        before == null
            || before.convolution() == null
            || before.convolution().output().equals(convolution.input()),
        "hidden layer %d takes an image of %s, but the layer before has maps of %s; set imageShape"
            + " to these",
        k + 1,
        convolution.input(),
        before == null || before.convolution() == null ? null : before.convolution().output());
  }

  private static void check(int k, HiddenLayer layer, boolean isCode) {
    Sparsity sparsity = layer.sparsity();
    Rule.require(layer.size() >= 1, "hiddenLayers[%d] must be 1 or more, got %d", k, layer.size());
    checkForm(k, layer, isCode);
    checkCount(k, layer);
    Rule.require(
        sparsity.weight() >= 0 && Double.isFinite(sparsity.weight()),
        "sparsityWeights[%d] must be 0 or more and finite, got %s",
        k,
        sparsity.weight());
    Rule.require(
        sparsity.kind() != SparsityKind.DECODER_L1 || layer.convolution() == null,
        "sparsity 'decoderL1' needs a fully connected layer, but hidden layer %d has maps of a"
            + " convolution; use l1",
        k + 1);
    if (!sparsity.kind().hasTarget()) {
      return;
    }
    Activation activation = layer.activation();
    Rule.require(
        sparsity.kind() != SparsityKind.KL || activation.isProbability(),
        "sparsity 'kl' of hidden layer %d needs activations in (0, 1), but activation is '%s', with"
            + " range %s; use activation = sigmoid, or sparsity = targetL1, targetL2, l1 or l2",
        k,
        activation.paramName(),
        activation.range());
    Rule.require(
        activation.canReach(sparsity.target()),
        "sparsityTargets[%d] must lie in the range %s of activation '%s', got %s",
        k,
        activation.range(),
        activation.paramName(),
        sparsity.target());
  }

  private static void checkForm(int k, HiddenLayer layer, boolean isCode) {
    CodeForm form = layer.form();
    if (!form.selects()) {
      return;
    }
    Rule.require(
        isCode,
        "%s applies to the last of the hiddenLayers, the code; got it for hidden layer %d",
        form.paramName(),
        k + 1);
    form.check(layer.activation(), layer.units(), layer.convolution() != null);
    List<SparsityKind> penalties = form.penalties();
    Rule.require(
        penalties.contains(layer.sparsity().kind()),
        penalties.size() > 1
            ? "with %s, sparsity must be one of %3$s for the last of the hiddenLayers, got '%2$s'"
            : "%s makes the code sparse by itself: sparsity must be 'none' for the last of the"
                + " hiddenLayers, got '%s'",
        form.paramName(),
        layer.sparsity().kind().paramName(),
        penalties.stream().map(SparsityKind::paramName).collect(Collectors.joining(", ")));
  }

  private static void checkCount(int k, HiddenLayer layer) {
    Sparsity sparsity = layer.sparsity();
    String name = sparsity.kind().paramName();
    Rule.require(
        !sparsity.kind().isOfThresholds() || layer.form().selects(),
        "sparsity '%s' moves thresholds, so it needs jumpReluThreshold; set it, or use sparsity ="
            + " l1",
        name);
    Rule.require(
        sparsity.kind() != SparsityKind.TARGET_L0
            || sparsity.target() >= 1 && sparsity.target() <= layer.units(),
        "sparsityTargets[%d] must be in [1, %d] with sparsity '%s': the mean number of active"
            + " units of a row; got %s",
        k,
        layer.units(),
        name,
        sparsity.target());
  }

  /** Returns K, the number of hidden layers. */
  public int depth() {
    return hiddenLayers.size();
  }

  /** Returns the number of values of layer k per row; layer 0 is the input. */
  public int size(int k) {
    return k == 0 ? inputSize : hiddenLayers.get(k - 1).size();
  }

  /** Returns the number of values of x_hat. */
  public int outputSize() {
    return target == null ? inputSize : target.size();
  }

  /** Returns the name of the tensor that a pre-bias subtracts from the input. */
  public String preBiasTensor() {
    return target == null ? ParameterLayout.decoderBias(1) : ParameterLayout.PRE_BIAS;
  }

  /** Returns whether the input enters x_hat by a matrix of its own. */
  public boolean hasSkip() {
    return target != null && target.skip();
  }

  /**
   * Returns where stored rows are cut into the encoder's input and the {@link Target}: the number
   * of columns of the input, or 0 if the input itself is reconstructed.
   */
  public int cut() {
    return target == null ? 0 : inputSize;
  }

  /** Returns the number of values of the code h_K. */
  public int codeSize() {
    return size(depth());
  }

  /**
   * Returns the number of units of hidden layer k, from 1. Each has a mean activation; in a
   * convolution a unit is a map.
   */
  public int units(int k) {
    return hiddenLayers.get(k - 1).units();
  }

  /** Returns the number of units of all hidden layers together. */
  public int hiddenUnits() {
    return hiddenLayers.stream().mapToInt(HiddenLayer::units).sum();
  }

  /** Returns the last hidden layer, whose activations are the code. */
  public HiddenLayer code() {
    return hiddenLayers.get(depth() - 1);
  }

  /**
   * Returns the same model with another k, the number of latents (hidden units) that a row keeps.
   *
   * @throws IllegalArgumentException if this model keeps all latents, or k is out of range
   */
  public AutoencoderSpec withK(int k) {
    return withCode(code().with(code().form().withUnitsKept(k)));
  }

  /** Returns the same model with the form of code that a trained model uses to encode. */
  public AutoencoderSpec encoding() {
    return withCode(code().with(code().form().encoding()));
  }

  /** Returns the model that a training of this one results in, whatever computed its products. */
  public AutoencoderSpec trained() {
    return withCode(code().with(code().form().trained())).with(Precision.FLOAT32);
  }

  /**
   * Returns the same model with penalties whose slopes do not jump; see {@link
   * Sparsity#withoutKink}.
   */
  public AutoencoderSpec withoutKinks() {
    List<HiddenLayer> smooth =
        hiddenLayers.stream().map(layer -> layer.with(layer.sparsity().withoutKink())).toList();
    return with(smooth);
  }

  /** Returns the same model with the weight of every penalty multiplied by a factor, 0 or more. */
  public AutoencoderSpec withSparsityTimes(double factor) {
    return factor == 1
        ? this
        : with(
            hiddenLayers.stream()
                .map(layer -> layer.with(layer.sparsity().times(factor)))
                .toList());
  }

  /** Returns whether another model differs at most in the weights of its penalties. */
  public boolean isButForSparsityWeights(AutoencoderSpec other) {
    return equals(other) || withSparsityTimes(0).equals(other.withSparsityTimes(0));
  }

  private AutoencoderSpec withCode(HiddenLayer code) {
    List<HiddenLayer> layers = new ArrayList<>(hiddenLayers);
    layers.set(depth() - 1, code);
    return with(layers);
  }

  private AutoencoderSpec with(List<HiddenLayer> layers) {
    return copy(layers, decoderNorm, preBias, target, precision);
  }

  /** Returns the same model with another rule for the lengths of decoder vectors. */
  public AutoencoderSpec with(DecoderNorm other) {
    return copy(hiddenLayers, other, preBias, target, precision);
  }

  /** Returns the same model with a pre-bias, or without one. */
  public AutoencoderSpec withPreBias(boolean other) {
    return copy(hiddenLayers, decoderNorm, other, target, precision);
  }

  /** Returns the same model as a transcoder, or with null as an autoencoder. */
  public AutoencoderSpec withTarget(Target other) {
    return copy(hiddenLayers, decoderNorm, preBias, other, precision);
  }

  /**
   * Returns the same model with products of another precision.
   *
   * @throws IllegalArgumentException if its layers do not have them
   */
  public AutoencoderSpec with(Precision other) {
    return copy(hiddenLayers, decoderNorm, preBias, target, other);
  }

  private AutoencoderSpec copy(
      List<HiddenLayer> layers,
      DecoderNorm norm,
      boolean hasPreBias,
      Target predicted,
      Precision ofProducts) {
    return new AutoencoderSpec(
        inputSize,
        layers,
        outputActivation,
        tiedWeights,
        regParam,
        norm,
        hasPreBias,
        predicted,
        ofProducts);
  }

  /**
   * Returns layer k, from 1, as a separate autoencoder with one hidden layer. It encodes h_(k-1) as
   * h_k and reconstructs it like the decoder layer of that size.
   *
   * <pre>
   * h_k = f_k(W_k h_(k-1) + b_k);   h_(k-1) is reconstructed with f_(k-1), x with the output activation
   * </pre>
   *
   * @throws IllegalArgumentException if there is no such layer
   */
  public AutoencoderSpec layer(int k) {
    Rule.require(k >= 1 && k <= depth(), "the layer must be in [1, %d], got %d", depth(), k);
    return new AutoencoderSpec(
        size(k - 1),
        List.of(hiddenLayers.get(k - 1)),
        activation(k - 1),
        tiedWeights,
        regParam,
        decoderNorm,
        preBias,
        target,
        precision);
  }

  /** Returns the activation of layer k; for layer 0, that of the reconstruction. */
  public Activation activation(int k) {
    return k == 0 ? outputActivation : hiddenLayers.get(k - 1).activation();
  }

  /**
   * Returns whether any layer's penalty needs the mean activations of the batch before the
   * gradient.
   */
  public boolean needsMeans() {
    return hiddenLayers.stream().anyMatch(layer -> layer.sparsity().needsMeans());
  }

  /**
   * Returns the rows in a tile, whose activations are held in memory together: as many as keep
   * products fast and buffers small.
   */
  public int tileRows() {
    int rows = MAX_TILE_ROWS;
    for (HiddenLayer layer : hiddenLayers) {
      boolean hasMaps = layer.convolution() != null && !layer.form().keepsFew();
      int floats = hasMaps ? MAX_TILE_MAP_FLOATS : MAX_TILE_FLOATS;
      rows = Math.min(rows, floats / layer.form().valuesHeld(layer.units(), layer.positions()));
    }
    return Math.max(1, Math.min(rows, MAX_TILE_FLOATS / Math.max(inputSize, outputSize())));
  }

  /**
   * Returns the rows in one block of the data: the same as in a tile, except with maps, whose tiles
   * are small.
   */
  public int blockRows() {
    return isConvolutional()
        ? Math.max(1, Math.min(MAX_TILE_ROWS, MAX_TILE_FLOATS / inputSize))
        : tileRows();
  }

  /** Returns whether any layer is a convolution. */
  public boolean isConvolutional() {
    return hiddenLayers.stream().anyMatch(layer -> layer.convolution() != null);
  }

  /** Returns the position of each tensor in the flat parameter array. */
  public ParameterLayout layout() {
    return LAYOUTS.computeIfAbsent(
        this,
        spec ->
            ParameterLayout.of(inputSize, hiddenLayers, tiedWeights, decoderNorm, preBias, target));
  }
}
