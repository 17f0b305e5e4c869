package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;

/**
 * The code of {@link org.sparksae.core.model.JumpRelu}: the activations of a row that exceed the
 * threshold of their latent (hidden unit).
 */
final class ThresholdCode implements CodeMaker {
  private final DenseLayer encoder;
  private final Tensor thresholds;
  private final Team team;
  private final LatentTiles tiles;
  private final Candidates candidates;
  private final float[] limits;

  ThresholdCode(DenseLayer encoder, Tensor thresholds, int maxRows, Team team) {
    this.encoder = encoder;
    this.thresholds = thresholds;
    this.team = team;
    this.tiles = new LatentTiles(encoder, maxRows, team);
    this.candidates = new Candidates(tiles, encoder.outputSize(), maxRows, team);
    this.limits = new float[encoder.outputSize()];
  }

  @Override
  public SparseRows encode(float[] parameters, Rows x) {
    return above(parameters, x, 0f);
  }

  /**
   * Returns the pre-activations that exceed their threshold less a margin; valid until the next
   * call.
   */
  SparseRows above(float[] parameters, Rows x, float margin) {
    for (int j = 0; j < limits.length; j++) {
      // A negative threshold would let negative activations through.
      limits[j] = Math.max(0f, parameters[thresholds.offset() + j]) - margin;
    }
    candidates.prepare(x.rows(), limits);
    tiles.forEach(parameters, x, candidates);
    return candidates.all();
  }

  @Override
  public SparseGradient gradient(Layer decoder) {
    return SparseGradients.between(encoder, decoder, team);
  }
}
