package org.sparksae.core.nn;

import java.util.List;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.code.CodeMemory;

/**
 * Computes the forward and the backward pass of an {@link AutoencoderSpec} over a block of rows.
 *
 * <pre>
 * forward:   h_k = f(W_k h_(k-1) + b_k), through to x_hat
 * backward:  dJ/dW_l, dJ/db_l of every layer
 * </pre>
 *
 * <p>{@link #encode} returns an {@link EncodedBatch}, which reconstructs as a trained model does.
 * {@link EncodedBatch#forTraining} turns it into a {@link TrainingBatch}, which computes gradients.
 * So each method is available only when it can be called.
 *
 * <p>All results are sums over rows, not means, so the sums of blocks and partitions can be added.
 * A team divides row-wise work by rows, and the gradient of a weight matrix by units, so there is
 * only one gradient for any number of threads.
 *
 * <p>An instance holds the buffers, so only one caller may use it, and a batch is valid until the
 * next call of {@link #encode}.
 */
public final class Autoencoder {
  private final Network network;

  /** Creates an autoencoder that uses one thread. */
  public Autoencoder(AutoencoderSpec spec, int maxRows) {
    this(spec, maxRows, Team.SOLO);
  }

  /**
   * Allocates the buffers.
   *
   * @param spec the model
   * @param maxRows the most rows per call, 1 or more
   * @param team the threads that share the work
   */
  public Autoencoder(AutoencoderSpec spec, int maxRows, Team team) {
    this.network = new Network(spec, maxRows, team);
  }

  /**
   * Takes the weights of the penalties of another model, if it is the same otherwise.
   *
   * @return whether it is
   */
  public boolean takeSparsityWeights(AutoencoderSpec other) {
    boolean same = other.isButForSparsityWeights(network.spec());
    if (same) {
      network.takeSparsityWeights(other);
    }
    return same;
  }

  /** Tells the model that the values in the parameter array have changed. */
  public void parametersChanged() {
    network.parametersChanged();
  }

  /**
   * Computes the activations of every hidden layer.
   *
   * @param parameters flat parameters; values derived from them are kept until {@link
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
   * Computes the activations of every hidden layer for {@link EncodedBatch#forTraining}, which
   * selects the code.
   *
   * @param memory what the training remembers of earlier batches
   * @throws IllegalArgumentException if x has another shape than {@link #encode} takes
   */
  public EncodedBatch encodeForTraining(float[] parameters, Rows x, CodeMemory memory) {
    List<Rows> h = network.below(parameters, x, network.spec().depth() - 1);
    Rows input = h.isEmpty() ? x : h.get(h.size() - 1);
    h.add(network.code().encodeForTraining(parameters, input, memory));
    return new EncodedBatch(network, parameters, x, h);
  }

  /**
   * Computes only h_k, the activations of hidden layer k from 1, [n, size of layer k].
   *
   * @throws IllegalArgumentException if x does not have the shape that {@link #encode} takes
   */
  public Rows encode(float[] parameters, Rows x, int k) {
    return k == network.spec().depth()
        ? encode(parameters, x).code()
        : network.below(parameters, x, k).get(k - 1);
  }
}
