package org.sparksae.core.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparksae.core.Text;

/**
 * Named views of one flat parameter array.
 *
 * <p>Optimisers and exchanges see only the {@code float[]}; layers and model files see the tensors
 * in it. The tensors follow each other without gaps: first the encoder's layers inwards, then the
 * decoder's outwards.
 *
 * <pre>
 * encoder.k.weight  [out, in]      convolution: [filters, channels K^2]     k = 0 at the input
 * encoder.k.bias    [out]          convolution: one per map
 * decoder.k.weight  [out, in]      convolution: [filters, channels K^2];    none if tied
 * decoder.k.bias    [out]          convolution: one per channel of the reconstruction
 * encoder.0.preBias [in]           of a model with a {@link Target} and a pre-bias
 * decoder.0.skip    [out, in]      from the input to the prediction of a {@link Target}, if it has one
 * encoder.k.threshold, encoder.k.logScale, encoder.k.magnitudeBias  [out]
 *                   where the kind of code has them ({@link CodeForm#tensors}); the last tensors
 * </pre>
 *
 * <p>A decoder that reads selected latents of a code ({@link CodeForm#isDecodedByUnit}) stores its
 * matrix as [in, out], so that the weights of a latent (a hidden unit) are adjacent.
 *
 * <p>The decoder vector of a unit is a row of a tied matrix, of a matrix [in, out] and of kernels;
 * it is a column of a matrix [out, in]. With {@link DecoderNorm#UNIT} the role of the matrix says
 * which.
 */
public final class ParameterLayout implements Serializable {
  private static final long serialVersionUID = 2L;

  /**
   * A tensor of the parameter array.
   *
   * @param name unique name, such as {@code encoder.0.weight}
   * @param role what its values are, and what must hold for them
   * @param offset index of its first element in the array
   * @param rows first dimension; the length of a vector
   * @param columns second dimension, or 0 for a vector
   * @param fans {@code n_in + n_out} of weights: the number of inputs of an output plus the number
   *     of outputs of an input; 0 for a vector
   */
  public record Tensor(String name, TensorRole role, int offset, int rows, int columns, int fans)
      implements Serializable {

    /** Returns whether this is a matrix [rows, columns] and not a vector [rows]. */
    public boolean isMatrix() {
      return columns > 0;
    }

    /** Returns the number of elements. */
    public int size() {
      return isMatrix() ? rows * columns : rows;
    }

    /** Returns the index after its last element in the array. */
    public int end() {
      return offset + size();
    }

    /** Returns {@code [rows, columns]}, or {@code [rows]} for a vector. */
    public int[] shape() {
      return isMatrix() ? new int[] {rows, columns} : new int[] {rows};
    }
  }

  /** The name of the vector that the encoder of a transcoder subtracts from its input. */
  public static final String PRE_BIAS = "encoder.0.preBias";

  /** The name of the weights by which the input enters the prediction of a transcoder. */
  public static final String SKIP = "decoder.0.skip";

  private final ArrayList<Tensor> tensors = new ArrayList<>();
  private final List<Tensor> inOrder = Collections.unmodifiableList(tensors);
  private final Map<String, Tensor> byName = new LinkedHashMap<>();
  private int size;

  ParameterLayout() {}

  /**
   * The layout of a model.
   *
   * @param layers the hidden layers, from the input inwards
   * @param tied whether the decoder uses the encoder's weights
   * @param preBias whether the encoder subtracts a vector from its input
   * @param target what a transcoder predicts, or null
   */
  static ParameterLayout of(
      int inputSize,
      List<HiddenLayer> layers,
      boolean tied,
      DecoderNorm decoderNorm,
      boolean preBias,
      Target target) {
    int outputSize = target == null ? inputSize : target.size();
    ParameterLayout layout = new ParameterLayout();
    for (int k = 1; k <= layers.size(); k++) {
      TensorRole role = tied ? decoderRole(decoderNorm, true) : TensorRole.WEIGHT;
      layout.addEncoder(k, layers.get(k - 1), k == 1 ? inputSize : layers.get(k - 2).size(), role);
    }
    for (int k = layers.size(); k >= 1; k--) {
      HiddenLayer layer = layers.get(k - 1);
      int outputs = k == 1 ? outputSize : layers.get(k - 2).size();
      if (!tied) {
        layout.addDecoder(k, layer, outputs, decoderNorm);
      }
      boolean convolves = layer.convolution() != null;
      layout.add(
          decoderBias(k),
          TensorRole.BIAS,
          convolves ? layer.convolution().input().channels() : outputs,
          0,
          0);
    }
    if (target != null && preBias) {
      layout.add(PRE_BIAS, TensorRole.BIAS, inputSize, 0, 0);
    }
    if (target != null && target.skip()) {
      layout.add(SKIP, TensorRole.SKIP, outputSize, inputSize, inputSize + outputSize);
    }
    HiddenLayer code = layers.get(layers.size() - 1);
    for (TensorRole role : code.form().tensors()) {
      layout.add(ofCode(layers.size(), role), role, code.units(), 0, 0);
    }
    return layout;
  }

  private void addEncoder(int k, HiddenLayer layer, int inputs, TensorRole role) {
    if (layer.convolution() == null) {
      addWeights(encoderWeight(k), role, layer.size(), inputs);
    } else {
      addKernels(encoderWeight(k), role, layer.convolution());
    }
    add(encoderBias(k), TensorRole.BIAS, layer.units(), 0, 0);
  }

  /** Adds the weights of an untied decoder layer. */
  private void addDecoder(int k, HiddenLayer layer, int outputs, DecoderNorm decoderNorm) {
    if (layer.convolution() != null) {
      addKernels(decoderWeight(k), decoderRole(decoderNorm, true), layer.convolution());
    } else if (layer.form().isDecodedByUnit()) {
      addWeights(decoderWeight(k), decoderRole(decoderNorm, true), layer.size(), outputs);
    } else {
      addWeights(decoderWeight(k), decoderRole(decoderNorm, false), outputs, layer.size());
    }
  }

  private static TensorRole decoderRole(DecoderNorm decoderNorm, boolean byRows) {
    if (decoderNorm == DecoderNorm.FREE) {
      return TensorRole.WEIGHT;
    }
    return byRows ? TensorRole.UNIT_ROWS : TensorRole.UNIT_COLUMNS;
  }

  private void addWeights(String name, TensorRole role, int rows, int columns) {
    add(name, role, rows, columns, rows + columns);
  }

  private void addKernels(String name, TensorRole role, Convolution convolution) {
    add(name, role, convolution.filters(), convolution.windowSize(), convolution.fans());
  }

  Tensor add(String name, TensorRole role, int rows, int columns, int fans) {
    long end = size + (columns == 0 ? rows : (long) rows * columns);
    if (end > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          Text.format(
              "the model has more than 2^31 - 9 parameters at %s [%d, %d], which an array cannot hold; use fewer units, or rows of fewer values",
              name, rows, columns));
    }
    Tensor tensor = new Tensor(name, role, size, rows, columns, fans);
    tensors.add(tensor);
    byName.put(name, tensor);
    size = (int) end;
    return tensor;
  }

  /** Returns the name of the weights that compute h_k, k from 1. */
  public static String encoderWeight(int k) {
    return "encoder." + (k - 1) + ".weight";
  }

  /** Returns the name of the biases of h_k, k from 1. */
  public static String encoderBias(int k) {
    return "encoder." + (k - 1) + ".bias";
  }

  /** Returns the name of the thresholds of the code h_k, k from 1; few kinds of code have them. */
  public static String threshold(int k) {
    return ofCode(k, TensorRole.THRESHOLD);
  }

  /** Returns the name of a tensor of {@link CodeForm#tensors} of the code h_k, k from 1. */
  public static String ofCode(int k, TensorRole role) {
    return "encoder." + (k - 1) + "." + role.tensorName();
  }

  /**
   * Returns the name of the weights that reconstruct h_(k-1) from h_k, k from 1; no such tensor
   * exists if weights are tied.
   */
  public static String decoderWeight(int k) {
    return "decoder." + (k - 1) + ".weight";
  }

  /** Returns the name of the biases of the reconstruction of h_(k-1), k from 1. */
  public static String decoderBias(int k) {
    return "decoder." + (k - 1) + ".bias";
  }

  /** Returns the tensors in order. */
  public List<Tensor> tensors() {
    return inOrder;
  }

  /**
   * Returns the tensor with the given name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the valid names
   */
  public Tensor tensor(String name) {
    Tensor tensor = byName.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          Text.format("no tensor '%s'; there are %s", name, byName.keySet()));
    }
    return tensor;
  }

  /** Returns the number of parameters. */
  public int size() {
    return size;
  }
}
