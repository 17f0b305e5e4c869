package org.sparksae.core.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.sparksae.core.Text;

/**
 * A sparse autoencoder as data: everything but the weights.
 *
 * <pre>
 * h_0 = x;   h_k = f_k(W_k h_(k-1) + b_k),  k = 1 .. K;   the code is h_K
 * the decoder mirrors the sizes back to x_hat; f_k in its hidden layers, the output activation in its last
 * </pre>
 *
 * <p>The K hidden layers are trained jointly, or each as an autoencoder of its own ({@link
 * #layer}). With tied weights the decoder uses {@code W_k'} and has biases of its own.
 *
 * @param inputSize d, the columns of a row, 1 or more
 * @param hiddenLayers the encoder's layers from the input inwards, 1 or more
 * @param outputActivation activation of the reconstruction; its range should hold the data
 * @param tiedWeights whether the decoder uses the encoder's weights, transposed
 * @param regParam lambda of weight decay, 0 or more
 */
public record AutoencoderSpec(
    int inputSize,
    List<HiddenLayer> hiddenLayers,
    Activation outputActivation,
    boolean tiedWeights,
    double regParam)
    implements Serializable {

  /**
   * Rows that are worked on together at most: enough for a product at full speed, and to bear the
   * cost of one sum of gradients.
   */
  private static final int MAX_TILE_ROWS = 2048;

  /**
   * Floats of one tile's widest layer at most, so that wide models do not need gigabytes of
   * buffers.
   */
  private static final int MAX_TILE_FLOATS = 1 << 22;

  /**
   * The same where there are maps: an image is as fast alone as among others, so rows are few
   * enough for the maps to stay in the cache from the forward to the backward pass.
   */
  private static final int MAX_TILE_MAP_FLOATS = 1 << 18;

  /** The layouts of the specs in use, each made once. */
  private static final Map<AutoencoderSpec, ParameterLayout> LAYOUTS =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * Checks the model as a whole.
   *
   * @throws IllegalArgumentException naming the Param, its value and the rule
   */
  public AutoencoderSpec {
    hiddenLayers = List.copyOf(hiddenLayers);
    require(inputSize >= 1, "the input must have at least 1 column, got %d", inputSize);
    require(!hiddenLayers.isEmpty(), "hiddenLayers must name at least one layer, got none");
    require(
        regParam >= 0 && Double.isFinite(regParam),
        "regParam must be 0 or more and finite, got %s",
        regParam);
    for (int k = 0; k < hiddenLayers.size(); k++) {
      check(k, hiddenLayers.get(k), k == hiddenLayers.size() - 1);
      checkInput(k, hiddenLayers.get(k), inputSize, k == 0 ? null : hiddenLayers.get(k - 1));
    }
  }

  /** A convolution takes the image that the layer before gives. */
  private static void checkInput(int k, HiddenLayer layer, int inputSize, HiddenLayer before) {
    Convolution convolution = layer.convolution();
    if (convolution == null) {
      return;
    }
    require(
        layer.size() == convolution.output().size(),
        "hidden layer %d has maps of %s, so its size must be %d, got %d",
        k + 1,
        convolution.output(),
        convolution.output().size(),
        layer.size());
    int size = before == null ? inputSize : before.size();
    require(
        convolution.input().size() == size,
        "imageShape %s of hidden layer %d is of %d values, but %s has %d; set imageShape to"
            + " [channels, height, width] of %s",
        convolution.input(),
        k + 1,
        convolution.input().size(),
        before == null ? "a row" : "the layer before",
        size,
        before == null ? "the rows" : "what that layer gives");
    require(
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
    require(layer.size() >= 1, "hiddenLayers[%d] must be 1 or more, got %d", k, layer.size());
    if (layer.topK() != null) {
      checkTopK(k, layer, isCode);
    }
    if (layer.lifetime() != null) {
      checkLifetime(k, layer, isCode);
    }
    if (layer.isSpatial()) {
      checkSpatial(k, layer, isCode);
    }
    require(
        sparsity.weight() >= 0 && Double.isFinite(sparsity.weight()),
        "sparsityWeights[%d] must be 0 or more and finite, got %s",
        k,
        sparsity.weight());
    if (!sparsity.kind().hasTarget()) {
      return;
    }
    Activation activation = layer.activation();
    require(
        sparsity.kind() != SparsityKind.KL || activation.isProbability(),
        "sparsity 'kl' of hidden layer %d needs activations in (0, 1), but activation is '%s', with"
            + " range %s; use activation = sigmoid, or sparsity = targetL1, targetL2, l1 or l2",
        k,
        activation.paramName(),
        activation.range());
    require(
        activation.canReach(sparsity.target()),
        "sparsityTargets[%d] must lie in the range %s of activation '%s', got %s",
        k,
        activation.range(),
        activation.paramName(),
        sparsity.target());
  }

  private static void checkTopK(int layerIndex, HiddenLayer layer, boolean isCode) {
    int k = layer.topK().k();
    require(isCode, "k is of the last of the hiddenLayers, the code; got it for %d", layerIndex);
    require(
        k >= 1 && k <= layer.units(),
        "k must be in [1, %d], the units of the last of the hiddenLayers; got %d",
        layer.units(),
        k);
    require(
        layer.activation() == Activation.LINEAR || layer.activation() == Activation.RELU,
        "k needs activation 'linear' or 'relu', got '%s'",
        layer.activation().paramName());
    require(
        layer.sparsity().kind() == SparsityKind.NONE,
        "k makes the code sparse by itself: sparsity must be 'none' for the last of the"
            + " hiddenLayers, got '%s'",
        layer.sparsity().kind().paramName());
  }

  private static void checkLifetime(int layerIndex, HiddenLayer layer, boolean isCode) {
    double share = layer.lifetime().share();
    require(
        isCode,
        "lifetimeSparsity is of the last of the hiddenLayers, the code; got it for %d",
        layerIndex);
    require(share > 0 && share < 1, "lifetimeSparsity must be in (0, 1), got %s", share);
    require(
        layer.topK() == null,
        "lifetimeSparsity and k exclude each other, as both say which activations are kept; clear"
            + " one");
    require(
        layer.activation() == Activation.RELU,
        "lifetimeSparsity needs activation 'relu', whose 0 stands for a unit that is off; got '%s'",
        layer.activation().paramName());
    require(
        layer.sparsity().kind() == SparsityKind.NONE,
        "lifetimeSparsity makes the code sparse by itself: sparsity must be 'none' for the last of"
            + " the hiddenLayers, got '%s'",
        layer.sparsity().kind().paramName());
  }

  private static void checkSpatial(int layerIndex, HiddenLayer layer, boolean isCode) {
    require(
        isCode,
        "spatialSparsity is of the last of the hidden layers, the code; got it for %d",
        layerIndex);
    require(
        layer.topK() == null,
        "spatialSparsity and k exclude each other, as both say which activations are kept; clear"
            + " one");
    require(
        layer.sparsity().kind() == SparsityKind.NONE,
        "spatialSparsity makes the code sparse by itself: sparsity must be 'none' for the last of"
            + " the hidden layers, got '%s'",
        layer.sparsity().kind().paramName());
  }

  private static void require(boolean rule, String message, Object... args) {
    if (!rule) {
      throw new IllegalArgumentException(Text.format(message, args));
    }
  }

  /** K, the number of hidden layers. */
  public int depth() {
    return hiddenLayers.size();
  }

  /** Values of a row of layer k; layer 0 is the input. */
  public int size(int k) {
    return k == 0 ? inputSize : hiddenLayers.get(k - 1).size();
  }

  /** Values of the code h_K. */
  public int codeSize() {
    return size(depth());
  }

  /**
   * Units of hidden layer k, from 1, that have a mean activation: a map of a convolution is one.
   */
  public int units(int k) {
    return hiddenLayers.get(k - 1).units();
  }

  /** Units of all hidden layers together. */
  public int hiddenUnits() {
    return hiddenLayers.stream().mapToInt(HiddenLayer::units).sum();
  }

  /** Values of a row by which a unit of the code competes with other rows for its lifetime. */
  public int winnersOfRow() {
    HiddenLayer code = hiddenLayers.get(depth() - 1);
    return code.isSpatial() ? 1 : code.positions();
  }

  /** Which units of a code are kept, or null for all. */
  public TopK topK() {
    return hiddenLayers.get(depth() - 1).topK();
  }

  /** Which activations of a batch each unit of the code keeps in training, or null for all. */
  public LifetimeSparsity lifetime() {
    return hiddenLayers.get(depth() - 1).lifetime();
  }

  /**
   * The same model, keeping another number of units of a code.
   *
   * @throws IllegalArgumentException if this one keeps all, or k is out of range
   */
  public AutoencoderSpec withK(int k) {
    require(topK() != null, "there is no k to change: all units of a code are kept");
    HiddenLayer code = hiddenLayers.get(depth() - 1);
    return withCode(
        new HiddenLayer(
            code.size(),
            code.activation(),
            code.sparsity(),
            new TopK(k, topK().by()),
            code.lifetime(),
            code.convolution()));
  }

  /** The same model with the plain activations of its maps for a code: without spatial sparsity. */
  public AutoencoderSpec withAllOfMaps() {
    HiddenLayer code = hiddenLayers.get(depth() - 1);
    if (!code.isSpatial()) {
      return this;
    }
    return withCode(
        new HiddenLayer(
            code.convolution().withAllOfMaps(),
            code.activation(),
            code.sparsity(),
            code.topK(),
            code.lifetime()));
  }

  /** The same model with penalties whose slopes do not jump: see {@link Sparsity#withoutKink}. */
  public AutoencoderSpec withoutKinks() {
    List<HiddenLayer> smooth =
        hiddenLayers.stream()
            .map(
                layer ->
                    new HiddenLayer(
                        layer.size(),
                        layer.activation(),
                        layer.sparsity().withoutKink(),
                        layer.topK(),
                        layer.lifetime(),
                        layer.convolution()))
            .toList();
    return new AutoencoderSpec(inputSize, smooth, outputActivation, tiedWeights, regParam);
  }

  private AutoencoderSpec withCode(HiddenLayer code) {
    List<HiddenLayer> layers = new ArrayList<>(hiddenLayers);
    layers.set(depth() - 1, code);
    return new AutoencoderSpec(inputSize, layers, outputActivation, tiedWeights, regParam);
  }

  /**
   * Layer k alone, from 1: the autoencoder of one hidden layer that codes h_(k-1) as h_k and
   * reconstructs it as the decoder's layer of that size does.
   *
   * <pre>
   * h_k = f_k(W_k h_(k-1) + b_k);   the reconstruction of h_(k-1) by f_(k-1), that of x by the output activation
   * </pre>
   *
   * @throws IllegalArgumentException if there is no such layer
   */
  public AutoencoderSpec layer(int k) {
    require(k >= 1 && k <= depth(), "the layer must be in [1, %d], got %d", depth(), k);
    return new AutoencoderSpec(
        size(k - 1), List.of(hiddenLayers.get(k - 1)), activation(k - 1), tiedWeights, regParam);
  }

  /** Activation of the values of layer k; those of layer 0 are the reconstruction. */
  public Activation activation(int k) {
    return k == 0 ? outputActivation : hiddenLayers.get(k - 1).activation();
  }

  /** Whether any layer's penalty needs the batch's mean activations before the gradient. */
  public boolean needsMeans() {
    return hiddenLayers.stream().anyMatch(layer -> layer.sparsity().needsMeans());
  }

  /**
   * Rows whose activations are held together: as many as keep the products fast and the buffers
   * small.
   */
  public int tileRows() {
    int rows = MAX_TILE_ROWS;
    for (HiddenLayer layer : hiddenLayers) {
      boolean hasMaps = layer.convolution() != null && !layer.keepsFew();
      rows = Math.min(rows, (hasMaps ? MAX_TILE_MAP_FLOATS : MAX_TILE_FLOATS) / kept(layer));
    }
    return Math.max(1, Math.min(rows, MAX_TILE_FLOATS / inputSize));
  }

  /** Values of a row that are held. */
  private static int kept(HiddenLayer layer) {
    if (layer.isSpatial()) {
      return layer.units();
    }
    return layer.topK() == null ? layer.size() : layer.topK().k() * layer.positions();
  }

  /**
   * Rows that lie in one block of the data: those of a tile, but for maps, where tiles are small.
   */
  public int blockRows() {
    return isConvolutional()
        ? Math.max(1, Math.min(MAX_TILE_ROWS, MAX_TILE_FLOATS / inputSize))
        : tileRows();
  }

  /** Whether any layer is a convolution. */
  public boolean isConvolutional() {
    return hiddenLayers.stream().anyMatch(layer -> layer.convolution() != null);
  }

  /** Where each tensor lies in the flat parameter array, see {@link ParameterLayout}. */
  public ParameterLayout layout() {
    return LAYOUTS.computeIfAbsent(this, ParameterLayout::of);
  }
}
