package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.CodeLoss;
import org.sparksae.core.nn.code.CodeMaker;
import org.sparksae.core.nn.code.SparseGradient;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * The reconstructions of some rows from their k largest latents (hidden units), and from these and
 * the next ones in rank (Multi-TopK).
 *
 * <pre>
 * x_hat_4k = x_hat_k + sum over the next latents j of h_j V_j
 * D_2 = {@value CodeLoss#SHARE} dJ/dx_hat_4k          the delta of the next latents
 * D_1 = dJ/dx_hat_k + D_2                the delta of the code
 * </pre>
 *
 * <p>Each entry is added once and has one delta, so all of it costs as much as a code of 4k
 * latents.
 */
final class RankReconstructions implements NestedReconstructions {
  private final CodeMaker maker;
  private final DenseLayer decoder;
  private final Baseline baseline;
  private final OutputLoss loss;
  private final Team team;
  private final float[] values;
  private final float[] valuesOfAll;
  private DenseRows few;
  private DenseRows all;
  private SparseRows next;

  /**
   * Allocates the buffers.
   *
   * @param maker ranks the latents
   */
  RankReconstructions(
      CodeMaker maker,
      DenseLayer decoder,
      Baseline baseline,
      OutputLoss loss,
      int maxRows,
      Team team) {
    this.maker = maker;
    this.decoder = decoder;
    this.baseline = baseline;
    this.loss = loss;
    this.team = team;
    this.values = new float[Math.multiplyExact(maxRows, decoder.outputSize())];
    this.valuesOfAll = new float[values.length];
  }

  /** Reconstructs from both, and returns the reconstruction from the code. */
  @Override
  public DenseRows decode(float[] parameters, SparseRows code) {
    next = maker.nextCode();
    few = DenseRows.of(values, code.rows(), decoder.outputSize());
    all = DenseRows.of(valuesOfAll, code.rows(), decoder.outputSize());
    team.split(
        code.rows(),
        LayerForward.ROW_GRAIN,
        (member, from, to) -> {
          DenseRows tile = few.slice(from, to);
          decoder.map(parameters, code.slice(from, to), tile);
          baseline.addTo(tile, from);
          DenseRows larger = all.slice(from, to);
          decoder.map(parameters, next.slice(from, to), larger);
          add(tile, larger);
        });
    return few;
  }

  private static void add(DenseRows from, DenseRows to) {
    Kernels.axpy(
        1f, from.values(), from.offset(), to.values(), to.offset(), to.rows() * to.columns());
  }

  @Override
  public double value(Rows target, float[] rowWeights) {
    return loss.value(few, target, rowWeights)
        + CodeLoss.SHARE * loss.value(all, target, rowWeights);
  }

  @Override
  public double deltas(Rows target, float[] rowWeights, int from, int to) {
    DenseRows tile = few.slice(from, to);
    DenseRows larger = all.slice(from, to);
    double sum = loss.gradient(tile, target, rowWeights, tile, 0);
    sum += CodeLoss.SHARE * loss.gradient(larger, target, rowWeights, larger, 0);
    Kernels.scale(
        (float) CodeLoss.SHARE, larger.values(), larger.offset(), larger.rows() * larger.columns());
    add(larger, tile);
    return sum;
  }

  /** Returns D_1. */
  @Override
  public DenseRows biasDelta() {
    return few;
  }

  @Override
  public void backward(BackwardCall call, SparseRows code, SparseGradient gradient) {
    gradient.backward(call.parameters(), call.x(), code, few, call.gradient(), call.accumulate());
    gradient.backward(call.parameters(), call.x(), next, all, call.gradient(), true);
  }
}
