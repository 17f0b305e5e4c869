package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.ColumnEntries;

/**
 * How the slopes of the entries of a code pass on to the encoder. The members of a team call it at
 * the same time, each for its own latents (hidden units).
 */
interface EntrySlopes {

  /** Passes all slopes on: the activation is linear. */
  EntrySlopes LINEAR = (tile, latent, slopes) -> {};

  /** Passes on the slopes of positive values. */
  EntrySlopes RELU =
      (tile, latent, slopes) -> {
        ColumnEntries code = tile.code();
        for (int p = code.start(latent); p < code.end(latent); p++) {
          if (code.values()[p] <= 0f) {
            slopes[p] = 0f;
          }
        }
      };

  /**
   * Turns the slopes of the entries of one latent from {@code dJ/dh} to {@code dJ/dz}, and computes
   * the gradient of what else belongs to the latent. It is called for every latent, with entries in
   * the tile or not.
   *
   * @param slopes the slopes, at the indices of the entries in {@code tile.code()}; changed
   */
  void passOn(CodeTile tile, int latent, float[] slopes);

  /**
   * Adds what the weights and the bias of a latent get beside the slopes of its entries, after
   * these. It is called for every latent.
   */
  default void addOthers(CodeTile tile, int latent) {}

  /** Completes the gradient of a pass, after all layers have written theirs. */
  default void endPass(float[] gradient) {}
}
