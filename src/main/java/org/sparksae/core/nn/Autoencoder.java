package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.ParameterLayout.Tensor;

/**
 * Forward and backward pass of an {@link AutoencoderSpec} over tiles of rows.
 *
 * <pre>
 * forward:   h_k = f(W_k h_(k-1) + b_k) up to x_hat
 * backward:  delta = dJ/dh_l per layer from the output inwards; dJ/dW_l = (delta * f'(z))' h_(l-1)
 * </pre>
 *
 * <p>Everything is a sum over rows, not a mean: sums of tiles, blocks and partitions add up. It
 * holds the buffers for one tile, so an instance belongs to one thread and results are valid until
 * the next call.
 */
public final class Autoencoder {
  private final AutoencoderSpec spec;
  private final List<DenseLayer> layers;
  private final List<float[]> outputs = new ArrayList<>();
  private final float[] deltaBuffer;
  private final float[] nextDeltaBuffer;
  private final List<DenseRows> h = new ArrayList<>();

  /**
   * Makes the buffers.
   *
   * @param spec the model
   * @param tileRows rows of a tile at most
   */
  public Autoencoder(AutoencoderSpec spec, int tileRows) {
    this.spec = spec;
    Layers bound = Layers.of(spec);
    this.layers = new ArrayList<>(bound.encoder());
    this.layers.addAll(bound.decoder());
    int widest = 0;
    for (DenseLayer layer : layers) {
      outputs.add(new float[Math.multiplyExact(tileRows, layer.outputSize())]);
      widest = Math.max(widest, layer.outputSize());
    }
    this.deltaBuffer = new float[tileRows * widest];
    this.nextDeltaBuffer = new float[tileRows * widest];
  }

  /**
   * The classic initial parameters: {@code W ~ U(-r, r)}, {@code r = sqrt(6 / (n_in + n_out + 1))},
   * biases 0 (Ng 2011).
   *
   * @return flat parameters as {@link AutoencoderSpec#layout()} lays them
   */
  public static float[] initialParameters(AutoencoderSpec spec, long seed) {
    float[] parameters = new float[spec.layout().size()];
    SplittableRandom seeds = new SplittableRandom(seed);
    for (Tensor tensor : spec.layout().tensors()) {
      if (tensor.isMatrix()) {
        SplittableRandom random = seeds.split();
        double r = Math.sqrt(6.0 / (tensor.rows() + tensor.columns() + 1));
        for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
          parameters[i] = (float) ((2 * random.nextDouble() - 1) * r);
        }
      }
    }
    return parameters;
  }

  /**
   * The activations of every hidden layer.
   *
   * @param x input, [n, inputSize]
   */
  public void encode(float[] parameters, DenseRows x) {
    h.clear();
    forward(parameters, x, spec.depth());
  }

  /**
   * {@link #encode} and the reconstruction.
   *
   * @param x input, [n, inputSize]
   */
  public void reconstruct(float[] parameters, DenseRows x) {
    h.clear();
    forward(parameters, x, layers.size());
  }

  private void forward(float[] parameters, DenseRows x, int count) {
    DenseRows input = x;
    for (int l = 0; l < count; l++) {
      DenseLayer layer = layers.get(l);
      DenseRows output = DenseRows.of(outputs.get(l), x.rows(), layer.outputSize());
      layer.forward(parameters, input, output);
      h.add(output);
      input = output;
    }
  }

  /** h_k of the last {@link #encode} or {@link #reconstruct}, [n, size of layer k], k from 1. */
  public DenseRows hidden(int k) {
    return h.get(k - 1);
  }

  /** h_K, the code of the last {@link #encode} or {@link #reconstruct}, [n, codeSize]. */
  public DenseRows code() {
    return hidden(spec.depth());
  }

  /** x_hat of the last {@link #reconstruct}, [n, inputSize]. */
  public DenseRows reconstruction() {
    return h.get(layers.size() - 1);
  }

  /**
   * Adds the gradient of the tile that was last given to {@link #reconstruct}.
   *
   * @param x that tile, [n, inputSize]
   * @param rowWeights weight of each row, or null for 1
   * @param meanSlopes per hidden layer {@code w s'(rho, mean_j)}, [units], or null where its
   *     penalty is not one of means
   * @param rowPenalties per hidden layer: gets the sum over the rows of a penalty of rows
   * @param gradient flat gradient, added to
   */
  public void backward(
      float[] parameters,
      DenseRows x,
      float[] rowWeights,
      float[][] meanSlopes,
      double[] rowPenalties,
      float[] gradient) {
    float[] current = deltaBuffer;
    float[] next = nextDeltaBuffer;
    DenseRows delta = DenseRows.of(current, x.rows(), spec.inputSize());
    Kernels.subtract(reconstruction(), x, delta);
    Kernels.scaleRows(delta, rowWeights);
    for (int l = layers.size() - 1; l >= 0; l--) {
      DenseLayer layer = layers.get(l);
      if (l < spec.depth()) {
        addSparsity(l, delta, rowWeights, meanSlopes[l], rowPenalties);
      }
      DenseRows input = l == 0 ? x : h.get(l - 1);
      DenseRows inputDelta = l == 0 ? null : DenseRows.of(next, x.rows(), layer.inputSize());
      layer.backward(parameters, input, h.get(l), delta, inputDelta, gradient);
      delta = inputDelta;
      float[] swap = current;
      current = next;
      next = swap;
    }
  }

  private void addSparsity(
      int layer, DenseRows delta, float[] rowWeights, float[] slopes, double[] rowPenalties) {
    Sparsity sparsity = spec.hiddenLayers().get(layer).sparsity();
    if (slopes != null) {
      Kernels.addScaledToRows(delta, rowWeights, slopes);
    } else if (sparsity.isOfRows()) {
      rowPenalties[layer] += sparsity.addRows(h.get(layer), rowWeights, delta);
    }
  }
}
