package org.sparksae.core.nn;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.code.SparseGradient;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * The loss of dead latents (hidden units) and its gradient: {@link org.sparksae.core.model.AuxK}.
 *
 * <pre>
 * e_hat_i - e_i = (sum over the selected dead latents of f(z_ij) V_j) + x_hat_i - x_i
 * delta_i = factor weight_i (e_hat_i - e_i)
 * </pre>
 *
 * <p>The gradient around the dead latents is that of any sparse code, with another code and another
 * delta. The residual is constant, so nothing else has a gradient.
 */
final class AuxiliaryLoss {
  private final DenseLayer decoder;
  private final SparseGradient gradient;
  private final OutputLoss loss;
  private final Team team;
  private final double[] losses;
  private float[] values = new float[0];
  private DenseRows delta;
  private double value;

  AuxiliaryLoss(DenseLayer decoder, SparseGradient gradient, OutputLoss loss, Team team) {
    this.decoder = decoder;
    this.gradient = gradient;
    this.loss = loss;
    this.team = team;
    this.losses = new double[team.size()];
  }

  /** Adds the gradient to that of the other terms, after {@link #prepare}. */
  void addGradient(BackwardCall call, SparseRows dead) {
    gradient.backward(call.parameters(), call.x(), dead, delta, call.gradient(), true);
  }

  /** Returns the weighted sum of the losses of the rows, times the factor. */
  double value() {
    return value;
  }

  /**
   * Computes the loss and the deltas.
   *
   * @param dead the selected dead latents
   * @param reconstruction x_hat
   */
  void prepare(BackwardCall call, SparseRows dead, DenseRows reconstruction) {
    float factor = (float) call.factors().auxiliary();
    int size = reconstruction.rows() * reconstruction.columns();
    if (values.length < size) {
      values = new float[size];
    }
    delta = DenseRows.of(values, reconstruction.rows(), reconstruction.columns());
    Arrays.fill(losses, 0);
    team.split(
        delta.rows(),
        LayerForward.ROW_GRAIN,
        (member, from, to) -> {
          DenseRows tile = delta.slice(from, to);
          decoder.map(call.parameters(), dead.slice(from, to), tile);
          int length = tile.rows() * tile.columns();
          Kernels.axpy(
              1f,
              reconstruction.values(),
              reconstruction.rowOffset(from),
              tile.values(),
              tile.offset(),
              length);
          losses[member] +=
              loss.gradient(tile, call.target().slice(from, to), call.weights(from, to), tile, 0);
          Kernels.scale(factor, tile.values(), tile.offset(), length);
        });
    value = call.factors().auxiliary() * Arrays.stream(losses).sum();
  }
}
