package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.ColumnEntries;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.JumpReluTraining;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * The code of {@link JumpReluTraining}. Its entries are the latents (hidden units) of a row with
 * {@code z > theta - epsilon / 2}: the active ones, and those below their threshold whose distance
 * gives it a gradient. The latter have the value 0.
 */
final class JumpReluCode implements CodeMaker, EntrySlopes {
  private final DenseLayer encoder;
  private final Tensor thresholds;
  private final float bandwidth;
  private final ThresholdCode code;
  private final PreActivationLoss inactive;
  private final Team team;
  private float[] values = new float[0];
  private SparseRows z;
  private float[] found;
  private float[] rowWeights;
  private float[] penaltySlopes = new float[0];
  private boolean hasPenaltySlopes;
  private double slopeOfL0;

  /**
   * Creates the code of a layer.
   *
   * @param inactive the loss of latents that are not active, or null
   */
  JumpReluCode(
      DenseLayer encoder,
      Tensor thresholds,
      JumpReluTraining form,
      ThresholdCode code,
      PreActivationLoss inactive,
      Team team) {
    this.inactive = inactive;
    this.encoder = encoder;
    this.thresholds = thresholds;
    this.bandwidth = (float) form.bandwidth();
    this.code = code;
    this.team = team;
  }

  @Override
  public SparseRows encode(float[] parameters, Rows x) {
    if (inactive != null) {
      inactive.begin(parameters, x);
    }
    z = code.above(parameters, x, bandwidth / 2);
    if (values.length < z.values().length) {
      values = new float[z.values().length];
    }
    team.split(
        z.rows(), LayerForward.ROW_GRAIN, (member, from, to) -> activate(parameters, from, to));
    return z.with(values);
  }

  private void activate(float[] parameters, int from, int to) {
    for (int i = from; i < to; i++) {
      for (int p = z.start(i); p < z.end(i); p++) {
        float value = z.values()[p];
        // NaN stays, so that it shows.
        values[p] = value <= parameters[thresholds.offset() + z.indices()[p]] ? 0f : value;
      }
    }
  }

  @Override
  public void answer(CodeQuestion question, float[] weights, double totalWeight, double[] sums) {
    sums[MeanL0.Count.WEIGHT] += totalWeight;
    sums[MeanL0.Count.ACTIVE] += active(weights);
  }

  /** Returns the weighted number of active latents of all rows. */
  private double active(float[] weights) {
    double sum = 0;
    for (int i = 0; i < z.rows(); i++) {
      int count = 0;
      for (int p = z.start(i); p < z.end(i); p++) {
        count += values[p] == 0f ? 0 : 1;
      }
      sum += (double) CodeTerms.weight(weights, i) * count;
    }
    return sum;
  }

  @Override
  public Rows keep(Rows encoded, float[] ofBatch) {
    found = ofBatch;
    return encoded;
  }

  /**
   * A penalty of each row is that of its own L0, one with a target that of the batch's mean for
   * every row.
   */
  @Override
  public CodeTerms terms(CodeTerms.Rows rows) {
    rowWeights = rows.weights();
    return new CodeTerms(
        penalty(rows), inactive == null ? 0 : inactive.value(z.with(values), rows));
  }

  private double penalty(CodeTerms.Rows rows) {
    Sparsity sparsity = rows.sparsity();
    hasPenaltySlopes = sparsity.kind() == SparsityKind.TANH;
    if (hasPenaltySlopes) {
      slopeOfL0 = 0;
      return sparsity.weight() * tanh(rows);
    }
    if (found == null) {
      slopeOfL0 = sparsity.slopeOfL0(0);
      return sparsity.ofL0(active(rowWeights));
    }
    slopeOfL0 = sparsity.slopeOfL0(found[0]);
    double weight = 0;
    for (int i = 0; i < z.rows(); i++) {
      weight += CodeTerms.weight(rowWeights, i);
    }
    return weight * sparsity.ofL0(found[0]);
  }

  /** Returns the weighted sum of the hyperbolic tangents, and keeps their slopes. */
  private double tanh(CodeTerms.Rows rows) {
    float[] norms = rows.decoderNorms();
    if (penaltySlopes.length < values.length) {
      penaltySlopes = new float[values.length];
    }
    double all = 0;
    for (int i = 0; i < z.rows(); i++) {
      double weight = CodeTerms.weight(rowWeights, i);
      for (int p = z.start(i); p < z.end(i); p++) {
        int latent = z.indices()[p];
        double tanh = Math.tanh(SparsityKind.TANH_SCALE * values[p] * (double) norms[latent]);
        double slope = weight * SparsityKind.TANH_SCALE * (1 - tanh * tanh);
        all += weight * tanh;
        rows.addSlope(latent, slope * values[p]);
        penaltySlopes[p] = (float) (rows.sparsity().weight() * slope * norms[latent]);
      }
    }
    return all;
  }

  @Override
  public SparseGradient gradient(Layer decoder) {
    return new SparseCodeGradient(encoder, decoder, this, team);
  }

  /** Computes the gradient of the threshold, and passes on the slopes of active entries. */
  @Override
  public void passOn(CodeTile tile, int latent, float[] slopes) {
    ColumnEntries entries = tile.code();
    int at = thresholds.offset() + latent;
    float threshold = tile.parameters()[at];
    double sum = 0;
    for (int p = entries.start(latent); p < entries.end(latent); p++) {
      int place = entries.places()[p];
      slopes[p] += hasPenaltySlopes ? penaltySlopes[place] : 0f;
      float distance = z.values()[place] - threshold;
      if (Math.abs(distance) < bandwidth / 2) {
        int row = tile.firstRow() + entries.rows()[p];
        sum += threshold * (double) slopes[p] + slopeOfL0 * CodeTerms.weight(rowWeights, row);
      }
      slopes[p] = entries.values()[p] == 0f ? 0f : slopes[p];
    }
    if (inactive != null) {
      inactive.spareActive(tile, latent, slopes);
    }
    float before = tile.add() ? tile.gradient()[at] : 0f;
    tile.gradient()[at] = before - (float) (sum / bandwidth);
  }

  @Override
  public void addOthers(CodeTile tile, int latent) {
    if (inactive != null && tile.firstRow() == 0) {
      inactive.addGradient(tile.gradient(), latent);
    }
  }
}
