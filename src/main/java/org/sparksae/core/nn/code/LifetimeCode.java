package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * The code of {@link org.sparksae.core.model.LifetimeSparsity}. Training keeps the activations that
 * reach the threshold of their latent (hidden unit) over the batch. Another code maker computes the
 * activations.
 */
final class LifetimeCode implements CodeMaker {
  private final CodeMaker activations;
  private final HiddenLayer layer;
  private final Layer encoder;
  private final Team team;
  private final Winners winners;
  private final UnitValues unitValues;
  private Rows code;
  private boolean valuesAreRead;

  /**
   * Allocates the buffers.
   *
   * @param activations computes the activations that compete: all, or one per map
   * @param encoder the layer with its parameters
   */
  LifetimeCode(CodeMaker activations, HiddenLayer layer, Layer encoder, int maxRows, Team team) {
    this.activations = activations;
    this.layer = layer;
    this.encoder = encoder;
    this.team = team;
    this.winners = new Winners(layer.form().isSparse(), layer.positions(), maxRows, team);
    this.unitValues = new UnitValues(competitors(layer));
  }

  /** Returns the search for the thresholds of a batch, which needs all of its rows. */
  static CodeSearch search(HiddenLayer layer, double share, int digitBits) {
    return new UnitThresholds(layer.units(), competitors(layer) * share, digitBits);
  }

  /**
   * Returns the number of values per row with which a latent competes: all positions of a map, or 1
   * if each map keeps only its largest.
   */
  private static int competitors(HiddenLayer layer) {
    return layer.isSpatial() ? 1 : layer.positions();
  }

  @Override
  public Rows encode(float[] parameters, Rows input) {
    code = activations.encode(parameters, input);
    valuesAreRead = false;
    return code;
  }

  /** All digits that are asked for between two calls of {@link #encode} belong to one search. */
  @Override
  public void answer(CodeQuestion question, float[] rowWeights, double totalWeight, double[] sums) {
    UnitThresholds.Digit digit = (UnitThresholds.Digit) question;
    sums[0] += totalWeight;
    boolean first = !valuesAreRead;
    DenseRows values = first ? competing() : null;
    if (first) {
      unitValues.prepare(values, rowWeights);
      valuesAreRead = true;
    }
    team.split(
        layer.units(),
        LayerForward.ROW_GRAIN,
        (member, from, to) -> {
          if (first) {
            unitValues.read(values, rowWeights, from, to);
          }
          unitValues.addTo(digit, sums, from, to);
        });
  }

  private DenseRows competing() {
    return code instanceof SparseRows few
        ? Winners.byUnit(few, layer.positions())
        : (DenseRows) code;
  }

  @Override
  public Rows keep(Rows encoded, float[] thresholds) {
    if (thresholds == null) {
      throw new IllegalArgumentException("lifetimeSparsity needs the thresholds of the batch");
    }
    return winners.keep(encoded, thresholds);
  }

  @Override
  public SparseGradient gradient(Layer decoder) {
    return layer.form().isSparse() ? SparseGradients.between(encoder, decoder, team) : null;
  }
}
