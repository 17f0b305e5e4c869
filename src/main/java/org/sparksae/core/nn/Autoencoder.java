package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.code.CodeMaker;
import org.sparksae.core.nn.code.CodeMakers;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * Forward and backward pass of an {@link AutoencoderSpec} over some rows at a time.
 *
 * <pre>
 * forward:   h_k = f(W_k h_(k-1) + b_k) up to x_hat
 * backward:  dJ/dW_l, dJ/db_l of every layer
 * </pre>
 *
 * <p>{@link #encode} gives an {@link EncodedBatch}, which reconstructs as a trained model does, or
 * gives a {@link TrainingBatch}, which has a gradient: what cannot be asked yet is not there to
 * call.
 *
 * <p>Everything is a sum over rows, not a mean: sums of blocks and partitions add up. A team splits
 * what is computed row by row by rows, and the gradient of a weight matrix by its units, so there
 * is one gradient however many threads there are.
 *
 * <p>It holds the buffers, so an instance belongs to one caller, and a batch is valid until the
 * next call of {@link #encode}.
 */
public final class Autoencoder {
  private final AutoencoderSpec spec;
  private final Team team;
  private final List<Layer> layers;
  private final List<LayerForward> below = new ArrayList<>();
  private final CodeMaker code;
  private final List<LayerForward> decoder = new ArrayList<>();
  private final int maxRows;
  private BackwardPass backwardPass;

  /** For one thread. */
  public Autoencoder(AutoencoderSpec spec, int maxRows) {
    this(spec, maxRows, Team.SOLO);
  }

  /**
   * Makes the buffers.
   *
   * @param spec the model
   * @param maxRows rows of a call at most, 1 or more
   * @param team who works on them
   */
  public Autoencoder(AutoencoderSpec spec, int maxRows, Team team) {
    this.spec = spec;
    this.team = team;
    this.maxRows = maxRows;
    Layers bound = Layers.of(spec);
    this.layers = bound.all();
    int grain = rowGrain(spec);
    for (Layer layer : bound.encoder().subList(0, spec.depth() - 1)) {
      below.add(new LayerForward(layer, maxRows, grain, team));
    }
    this.code = CodeMakers.of(spec.code(), layers.get(spec.depth() - 1), maxRows, grain, team);
    for (Layer layer : bound.decoder()) {
      decoder.add(new LayerForward(layer, maxRows, grain, team));
    }
  }

  /** Rows that a member of the team takes at once. */
  static int rowGrain(AutoencoderSpec spec) {
    return spec.isConvolutional() ? 1 : LayerForward.ROW_GRAIN;
  }

  /** The values behind the parameter array are others from now on. */
  public void parametersChanged() {
    layers.forEach(Layer::parametersChanged);
  }

  /**
   * The activations of every hidden layer.
   *
   * @param parameters flat parameters; what was derived from them is kept until {@link
   *     #parametersChanged()}
   * @param x input, [n, inputSize], n at most maxRows
   * @throws IllegalArgumentException if x has another shape
   */
  public EncodedBatch encode(float[] parameters, Rows x) {
    List<Rows> h = forwardBelow(parameters, x, spec.depth() - 1);
    h.add(code.encode(parameters, h.isEmpty() ? x : h.get(h.size() - 1)));
    return new EncodedBatch(this, parameters, x, h);
  }

  /**
   * h_k alone, the activations of hidden layer k from 1, [n, size of layer k].
   *
   * @throws IllegalArgumentException if x has another shape than {@link #encode} takes
   */
  public Rows encode(float[] parameters, Rows x, int k) {
    return k == spec.depth()
        ? encode(parameters, x).code()
        : forwardBelow(parameters, x, k).get(k - 1);
  }

  private List<Rows> forwardBelow(float[] parameters, Rows x, int count) {
    if (x.rows() > maxRows || x.columns() != spec.inputSize()) {
      throw new IllegalArgumentException(
          Text.format(
              "rows must be [at most %d, %d], got [%d, %d]",
              maxRows, spec.inputSize(), x.rows(), x.columns()));
    }
    List<Rows> h = new ArrayList<>();
    Rows input = x;
    for (LayerForward layer : below.subList(0, count)) {
      input = layer.apply(parameters, input);
      h.add(input);
    }
    return h;
  }

  /** The decoder's activations outwards, of which the last is x_hat. */
  List<DenseRows> decode(float[] parameters, Rows ofCode) {
    List<DenseRows> outputs = new ArrayList<>();
    Rows input = ofCode;
    for (LayerForward layer : decoder) {
      DenseRows output = layer.apply(parameters, input);
      outputs.add(output);
      input = output;
    }
    return outputs;
  }

  AutoencoderSpec spec() {
    return spec;
  }

  Team team() {
    return team;
  }

  CodeMaker code() {
    return code;
  }

  BackwardPass backwardPass() {
    if (backwardPass == null) {
      backwardPass = new BackwardPass(spec, layers, code, maxRows, team);
    }
    return backwardPass;
  }
}
