package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * The code of {@link org.sparksae.core.model.LifetimeSparsity}: in training, of the activations
 * that another form gives, those that reach their unit's threshold over the batch.
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
   * Makes the buffers.
   *
   * @param activations gives the activations that compete: all, or one of each map
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

  /** The thresholds of a batch, which its rows find together. */
  static CodeSearch search(HiddenLayer layer, double share, int digitBits) {
    return new UnitThresholds(layer.units(), competitors(layer) * share, digitBits);
  }

  /** Values of a row with which a unit competes: all of a map's, or the one that it keeps. */
  private static int competitors(HiddenLayer layer) {
    return layer.isSpatial() ? 1 : layer.positions();
  }

  @Override
  public Rows encode(float[] parameters, Rows input) {
    code = activations.encode(parameters, input);
    valuesAreRead = false;
    return code;
  }

  /** Digits that are asked for between two calls of {@link #encode} are those of one search. */
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
