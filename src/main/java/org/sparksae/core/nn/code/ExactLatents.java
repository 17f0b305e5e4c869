package org.sparksae.core.nn.code;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.UpperBounds;

/**
 * Computes single pre-activations {@code z_ij = W_j . x_i + b_j} in float32, for a code whose
 * candidates were found by {@link UpperBounds}. Each has the bits of {@link
 * Kernels#dotGatheredRows}, whichever others are computed with it.
 *
 * <p>A product of whole matrices has other bits: BLAS sums in an order that depends on the place of
 * an element in the matrix. Both are sums in float32 of the same terms.
 */
final class ExactLatents {
  private final DenseLayer encoder;
  private final int[] all;
  private float[] parameters;
  private DenseRows x;

  ExactLatents(DenseLayer encoder) {
    this.encoder = encoder;
    this.all = new int[encoder.outputSize()];
    Arrays.setAll(all, j -> j);
  }

  /** Begins a batch. */
  void begin(float[] ofStep, DenseRows rows) {
    parameters = ofStep;
    x = rows;
  }

  /**
   * Sets {@code values[p]} to z of latent {@code latents[p]} of a row, for from &lt;= p &lt; to.
   */
  void compute(int row, int[] latents, int from, int to, float[] values) {
    dots(row, latents, from, to, values);
    float[] biases = encoder.biases(parameters);
    int biasesFrom = encoder.biasesFrom();
    for (int p = from; p < to; p++) {
      values[p] += biases[biasesFrom + latents[p]];
    }
  }

  /** Sets {@code products[j]} to {@code W_j . x_i} for all latents. */
  void allProducts(int row, float[] products) {
    dots(row, all, 0, all.length, products);
  }

  private void dots(int row, int[] latents, int from, int to, float[] out) {
    Kernels.dotGatheredRows(
        x.values(),
        x.rowOffset(row),
        latents,
        from,
        to,
        parameters,
        encoder.weight().offset(),
        encoder.inputSize(),
        out);
  }
}
