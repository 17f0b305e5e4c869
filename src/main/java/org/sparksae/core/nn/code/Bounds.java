package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.bfloat16.Bfloat16Backend;
import org.sparksae.core.linalg.bfloat16.Bfloat16Products;
import org.sparksae.core.model.Precision;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.UpperBounds;

/**
 * The upper bounds of an encoder's pre-activations and the pre-activations themselves, where
 * products of bfloat16 are fast. The bounds' memory is allocated when they are first used.
 */
final class Bounds {
  /** The least ratio of latents (hidden units) to candidates for which bounds pay. */
  private static final int WORTHWHILE = 8;

  private static final int SPARE = 32;

  private final Bfloat16Products products;
  private final DenseLayer encoder;
  private final LatentTiles tiles;
  private final Team team;
  private final ExactLatents exact;
  private UpperBounds upper;

  private Bounds(Bfloat16Products products, DenseLayer encoder, LatentTiles tiles, Team team) {
    this.products = products;
    this.encoder = encoder;
    this.tiles = tiles;
    this.team = team;
    this.exact = new ExactLatents(encoder);
  }

  /**
   * Returns the bounds for a code of k latents of a row; null where they do not pay, and for
   * products that are rounded anyway.
   */
  static Bounds of(DenseLayer encoder, int k, LatentTiles tiles, Team team) {
    Bfloat16Backend backend = Bfloat16Backend.get();
    return encoder.products().precision() == Precision.FLOAT32
            && backend.isFast()
            && pay(k, encoder.outputSize())
        ? with(backend.products(), encoder, tiles, team)
        : null;
  }

  static Bounds with(Bfloat16Products products, DenseLayer encoder, LatentTiles tiles, Team team) {
    return new Bounds(products, encoder, tiles, team);
  }

  /** Returns how many candidates a row has at first. */
  static long candidates(int k) {
    return 2L * k + SPARE;
  }

  /** Returns the most candidates of a row for which bounds pay. */
  static int most(int units) {
    return units / WORTHWHILE;
  }

  static boolean pay(int k, int units) {
    return candidates(k) <= most(units);
  }

  /** Returns whether the bounds are those of the present weights, so that they cost nothing. */
  boolean areCurrent() {
    return upper != null && upper.isCurrent();
  }

  UpperBounds upper() {
    if (upper == null) {
      upper = encoder.upperBounds(products, tiles.rows(), team);
    }
    return upper;
  }

  /** Returns the pre-activations of some rows. */
  ExactLatents exact(float[] parameters, DenseRows rows) {
    exact.begin(parameters, rows);
    return exact;
  }
}
