package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Gemm;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.ParameterLayout.Tensor;

/**
 * A fully connected layer {@code y = f(A x + b)}, with A = W [out, in], or A = V' for V [in, out]
 * where the weights are another layer's, transposed (a tied decoder).
 */
final class DenseLayer {
  private final Tensor weight;
  private final boolean transposed;
  private final Tensor bias;
  private final Activation activation;

  DenseLayer(Tensor weight, boolean transposed, Tensor bias, Activation activation) {
    this.weight = weight;
    this.transposed = transposed;
    this.bias = bias;
    this.activation = activation;
  }

  int inputSize() {
    return transposed ? weight.rows() : weight.columns();
  }

  int outputSize() {
    return bias.rows();
  }

  /** Fills y [n, out] from x [n, in]. */
  void forward(float[] parameters, DenseRows x, DenseRows y) {
    if (transposed) {
      Gemm.times(x, parameters, weight.offset(), y);
    } else {
      Gemm.timesTransposed(x, parameters, weight.offset(), y);
    }
    Kernels.addToRows(y, parameters, bias.offset());
    activation.apply(y);
  }

  /**
   * Adds the gradient of this layer's parameters, and passes delta on.
   *
   * @param x the layer's input, [n, in]
   * @param y its output, [n, out]
   * @param delta dJ/dy, [n, out]; becomes dJ/dz
   * @param inputDelta becomes dJ/dx, [n, in]; null if nobody needs it
   * @param gradient the flat gradient, added to
   */
  void backward(
      float[] parameters,
      DenseRows x,
      DenseRows y,
      DenseRows delta,
      DenseRows inputDelta,
      float[] gradient) {
    activation.multiplyByDerivative(delta, y);
    Kernels.addColumnSums(delta, gradient, bias.offset());
    if (transposed) {
      Gemm.addTransposedTimes(x, delta, gradient, weight.offset());
    } else {
      Gemm.addTransposedTimes(delta, x, gradient, weight.offset());
    }
    if (inputDelta == null) {
      return;
    }
    if (transposed) {
      Gemm.timesTransposed(delta, parameters, weight.offset(), inputDelta);
    } else {
      Gemm.times(delta, parameters, weight.offset(), inputDelta);
    }
  }
}
