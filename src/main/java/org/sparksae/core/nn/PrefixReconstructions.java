package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.code.SparseGradient;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * The reconstructions of some rows from nested prefixes of their codes (Matryoshka).
 *
 * <pre>
 * x_hat_:m_g = x_hat_:m_(g-1) + sum over m_(g-1) &lt;= j &lt; m_g of h_j V_j;   x_hat_:m_0 = c, the {@link Baseline}
 * D_g = sum over g' &gt;= g of dJ/dx_hat_:m_g'      the delta of the latents between m_(g-1) and m_g
 * </pre>
 *
 * <p>Each entry of the code is added once and has one delta, so only the losses cost more with each
 * width. The errors take the place of the reconstructions.
 */
final class PrefixReconstructions implements NestedReconstructions {
  private final List<Integer> widths;
  private final DenseLayer decoder;
  private final Baseline baseline;
  private final OutputLoss loss;
  private final Team team;
  private final float[][] values;
  private List<DenseRows> prefixes = List.of();

  PrefixReconstructions(
      List<Integer> widths,
      DenseLayer decoder,
      Baseline baseline,
      OutputLoss loss,
      int maxRows,
      Team team) {
    this.widths = widths;
    this.decoder = decoder;
    this.baseline = baseline;
    this.loss = loss;
    this.team = team;
    this.values = new float[widths.size()][Math.multiplyExact(maxRows, decoder.outputSize())];
  }

  /** Reconstructs from all prefixes, and returns the reconstruction from the whole code. */
  @Override
  public DenseRows decode(float[] parameters, SparseRows code) {
    return decodeAll(parameters, code).get(widths.size() - 1);
  }

  /** Returns the reconstructions from all prefixes. */
  List<DenseRows> decodeAll(float[] parameters, SparseRows code) {
    prefixes = new ArrayList<>();
    for (float[] ofWidth : values) {
      prefixes.add(DenseRows.of(ofWidth, code.rows(), decoder.outputSize()));
    }
    team.split(
        code.rows(),
        LayerForward.ROW_GRAIN,
        (member, from, to) -> {
          for (int i = from; i < to; i++) {
            decode(parameters, code, i);
          }
        });
    return prefixes;
  }

  private void decode(float[] parameters, SparseRows code, int row) {
    int columns = decoder.outputSize();
    int entry = code.start(row);
    float[] before = baseline.values();
    int beforeFrom = baseline.at(row);
    for (int g = 0; g < widths.size(); g++) {
      int first = entry;
      while (entry < code.end(row) && code.indices()[entry] < widths.get(g)) {
        entry++;
      }
      int at = prefixes.get(g).rowOffset(row);
      System.arraycopy(before, beforeFrom, values[g], at, columns);
      Kernels.addGatheredRows(
          code.values(),
          code.indices(),
          first,
          entry,
          parameters,
          decoder.weight().offset(),
          columns,
          values[g],
          at);
      before = values[g];
      beforeFrom = at;
    }
  }

  @Override
  public double value(Rows target, float[] rowWeights) {
    double sum = 0;
    for (DenseRows prefix : prefixes) {
      sum += loss.value(prefix, target, rowWeights);
    }
    return sum;
  }

  /** Returns whether these are the widths. */
  boolean hasWidths(List<Integer> other) {
    return widths.equals(other);
  }

  /** Replaces the reconstructions by D_g. */
  @Override
  public double deltas(Rows target, float[] rowWeights, int from, int to) {
    double sum = 0;
    DenseRows larger = null;
    for (int g = prefixes.size() - 1; g >= 0; g--) {
      DenseRows tile = prefixes.get(g).slice(from, to);
      sum += loss.gradient(tile, target, rowWeights, tile, 0);
      if (larger != null) {
        Kernels.axpy(
            1f,
            larger.values(),
            larger.offset(),
            tile.values(),
            tile.offset(),
            tile.rows() * tile.columns());
      }
      larger = tile;
    }
    return sum;
  }

  /** Returns D_1. */
  @Override
  public DenseRows biasDelta() {
    return prefixes.get(0);
  }

  @Override
  public void backward(BackwardCall call, SparseRows code, SparseGradient gradient) {
    int first = 0;
    for (int g = 0; g < prefixes.size(); g++) {
      gradient.backward(
          call.parameters(),
          call.x(),
          code,
          prefixes.get(g),
          call.gradient(),
          call.accumulate(),
          first,
          widths.get(g));
      first = widths.get(g);
    }
  }
}
