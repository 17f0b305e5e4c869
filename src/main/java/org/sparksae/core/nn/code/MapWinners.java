package org.sparksae.core.nn.code;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.TopKSelector;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.TopK;
import org.sparksae.core.nn.layer.ConvolutionLayer;
import org.sparksae.core.nn.layer.Layer;

/**
 * Computes the codes of a convolution that keep few values: the largest value of each map, or the k
 * largest among the maps at each position.
 */
final class MapWinners implements CodeMaker {
  /** Positions that a selector processes together. */
  private static final int TILE_POSITIONS = 64;

  private final ConvolutionLayer encoder;
  private final TopK topK;
  private final Team team;
  private final int filters;
  private final int pixels;
  private final int entriesOfRow;
  private final float[] values;
  private final int[] indices;
  private final int[] starts;
  private final Scratch[] scratch;

  /** The buffers of one member. */
  private final class Scratch {
    final DenseRows maps = DenseRows.zeros(1, filters * pixels);
    final TopKSelector selector;
    final float[] byPosition;
    final float[] kept;
    final int[] keptFilters;
    final int[] next;

    Scratch() {
      boolean selects = topK != null;
      selector = selects ? new TopKSelector(Math.min(TILE_POSITIONS, pixels), topK.k()) : null;
      byPosition = new float[selects ? TILE_POSITIONS * filters : 0];
      kept = new float[selects ? entriesOfRow : 0];
      keptFilters = new int[kept.length];
      next = new int[selects ? filters + 1 : 0];
    }
  }

  /**
   * Allocates the buffers.
   *
   * @param topK the selection at each position, or null to keep the largest value of each map
   */
  MapWinners(ConvolutionLayer encoder, TopK topK, int maxRows, Team team) {
    this.encoder = encoder;
    this.topK = topK;
    this.team = team;
    this.filters = encoder.convolution().filters();
    this.pixels = encoder.convolution().output().pixels();
    this.entriesOfRow = topK == null ? filters : Math.multiplyExact(topK.k(), pixels);
    int size = Math.multiplyExact(maxRows, entriesOfRow);
    this.values = new float[size];
    this.indices = new int[size];
    this.starts = new int[maxRows + 1];
    for (int i = 0; i <= maxRows; i++) {
      starts[i] = i * entriesOfRow;
    }
    this.scratch = new Scratch[team.size()];
    for (int m = 0; m < scratch.length; m++) {
      scratch[m] = new Scratch();
    }
  }

  @Override
  public SparseRows encode(float[] parameters, Rows x) {
    encoder.prepare(parameters, x, team);
    team.split(
        x.rows(),
        1,
        (member, from, to) -> {
          for (int i = from; i < to; i++) {
            Scratch own = scratch[member];
            encoder.convolve(x, i, parameters, own.maps, 0, member);
            if (topK == null) {
              keepLargest(own.maps.values(), starts[i]);
            } else {
              keepTopK(own, starts[i]);
            }
          }
          DenseRows kept = new DenseRows(values, starts[from], to - from, entriesOfRow);
          encoder.activation().apply(kept);
        });
    return new SparseRows(values, indices, starts, 0, x.rows(), filters * pixels);
  }

  private void keepLargest(float[] maps, int at) {
    for (int f = 0; f < filters; f++) {
      int index = f * pixels + Kernels.argMax(maps, f * pixels, pixels);
      values[at + f] = maps[index];
      indices[at + f] = index;
    }
  }

  private void keepTopK(Scratch own, int at) {
    boolean positiveOnly = encoder.activation() == Activation.RELU;
    boolean byMagnitude = topK.by() == TopK.By.MAGNITUDE && !positiveOnly;
    float[] noBias = new float[filters];
    for (int from = 0; from < pixels; from += TILE_POSITIONS) {
      int count = Math.min(TILE_POSITIONS, pixels - from);
      transpose(own.maps.values(), from, count, own.byPosition);
      own.selector.reset(count, topK.k(), byMagnitude, positiveOnly);
      own.selector.scan(own.byPosition, 0, filters, filters, noBias, 0, 0);
      own.selector.finish(own.keptFilters, own.kept, from * topK.k());
    }
    sortByMap(own, at);
  }

  private void transpose(float[] maps, int from, int count, float[] byPosition) {
    for (int f = 0; f < filters; f++) {
      for (int p = 0; p < count; p++) {
        byPosition[p * filters + f] = maps[f * pixels + from + p];
      }
    }
  }

  private void sortByMap(Scratch own, int at) {
    Arrays.fill(own.next, 0);
    for (int f : own.keptFilters) {
      own.next[f + 1]++;
    }
    for (int f = 0; f < filters; f++) {
      own.next[f + 1] += own.next[f];
    }
    for (int p = 0; p < entriesOfRow; p++) {
      int f = own.keptFilters[p];
      int to = at + own.next[f]++;
      values[to] = own.kept[p];
      indices[to] = f * pixels + p / topK.k();
    }
  }

  @Override
  public SparseGradient gradient(Layer decoder) {
    return SparseGradients.between(encoder, decoder, team);
  }
}
