package org.sparksae.core.nn;

import java.util.List;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;

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
  private final Network network;

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
    this.network = new Network(spec, maxRows, team);
  }

  /** The values behind the parameter array are others from now on. */
  public void parametersChanged() {
    network.parametersChanged();
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
    List<Rows> h = network.below(parameters, x, network.spec().depth() - 1);
    h.add(network.code().encode(parameters, h.isEmpty() ? x : h.get(h.size() - 1)));
    return new EncodedBatch(network, parameters, x, h);
  }

  /**
   * h_k alone, the activations of hidden layer k from 1, [n, size of layer k].
   *
   * @throws IllegalArgumentException if x has another shape than {@link #encode} takes
   */
  public Rows encode(float[] parameters, Rows x, int k) {
    return k == network.spec().depth()
        ? encode(parameters, x).code()
        : network.below(parameters, x, k).get(k - 1);
  }
}
