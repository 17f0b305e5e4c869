package org.sparksae.core.nn.layer;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;

/** The forward pass of one layer over rows, shared by a team, with the buffer for its output. */
public final class LayerForward {
  /** Threads take rows in chunks of this size, except for images. */
  public static final int ROW_GRAIN = 16;

  /** Rows of one product, few enough for its result to be in the cache for the operations on it. */
  public static final int TILE_ROWS = 512;

  private final Layer layer;
  private final int rowGrain;
  private final Team team;
  private final float[] output;

  /**
   * Allocates the buffer.
   *
   * @param maxRows the most rows per call
   * @param rowGrain chunk of rows that a member takes at a time
   */
  public LayerForward(Layer layer, int maxRows, int rowGrain, Team team) {
    this.layer = layer;
    this.rowGrain = rowGrain;
    this.team = team;
    this.output = new float[Math.multiplyExact(maxRows, layer.outputSize())];
  }

  /** Returns {@code f(A x + b)}, [n, out], for x [n, in]; valid until the next call. */
  public DenseRows apply(float[] parameters, Rows x) {
    DenseRows y = DenseRows.of(output, x.rows(), layer.outputSize());
    layer.prepare(parameters, x, team);
    team.split(
        x.rows(),
        rowGrain,
        (member, from, to) -> {
          for (int i = from; i < to; i += TILE_ROWS) {
            int end = Math.min(i + TILE_ROWS, to);
            layer.forward(parameters, x.slice(i, end), y.slice(i, end), member);
          }
        });
    return y;
  }
}
