package org.sparksae.core.nn.layer;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;

/** The forward pass of one layer over rows, which a team shares; with the buffer of its output. */
public final class LayerForward {
  /** Threads take rows in chunks of this size, except for images. */
  public static final int ROW_GRAIN = 16;

  /** Rows of one product: what is done to its result should find it in the cache. */
  public static final int TILE_ROWS = 512;

  private final Layer layer;
  private final int rowGrain;
  private final Team team;
  private final float[] output;

  /**
   * Makes the buffer.
   *
   * @param maxRows rows of a call at most
   * @param rowGrain rows that a member takes at once
   */
  public LayerForward(Layer layer, int maxRows, int rowGrain, Team team) {
    this.layer = layer;
    this.rowGrain = rowGrain;
    this.team = team;
    this.output = new float[Math.multiplyExact(maxRows, layer.outputSize())];
  }

  /** {@code f(A x + b)}, [n, out], of x [n, in]; valid until the next call. */
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
