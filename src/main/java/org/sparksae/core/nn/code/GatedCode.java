package org.sparksae.core.nn.code;

import java.util.Arrays;
import org.sparksae.core.linalg.ColumnEntries;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * The code of {@link org.sparksae.core.model.Gated}. Its entries are the latents (hidden units) of
 * a row whose gate p is above 0; an entry is 0 where the magnitude is not positive.
 *
 * <pre>
 * s_ij     = dJ/dh_ij where h_ij &gt; 0, otherwise 0;   d_i = weight_i (x_hat(ReLU(p_i)) - x_i)
 * dJ/dg_ij = exp(r_j) s_ij + V_j . d_i + w weight_i
 * dJ/dr_j  = sum over i of exp(r_j) g_ij s_ij;   dJ/dm_j = sum over i of s_ij
 * dJ/db_j  = sum over i of (dJ/dg_ij - exp(r_j) s_ij)
 * </pre>
 */
final class GatedCode implements CodeMaker, EntrySlopes {
  private final DenseLayer encoder;
  private final Tensor logScale;
  private final Tensor magnitudeBias;
  private final Team team;
  private final LatentTiles tiles;
  private final Candidates candidates;
  private final float[] scales;
  private final float[] magnitudeSlopes;
  private final float[][] gateSlopes;
  private final double[] sums;
  private float[] values = new float[0];
  private float[] deltas = new float[0];
  private Layer decoder;
  private SparseRows gates;
  private DenseRows gateDelta;
  private float[] rowWeights;
  private float penaltySlope;

  GatedCode(DenseLayer encoder, Tensor logScale, Tensor magnitudeBias, int maxRows, Team team) {
    this.encoder = encoder;
    this.logScale = logScale;
    this.magnitudeBias = magnitudeBias;
    this.team = team;
    this.tiles = new LatentTiles(encoder, maxRows, team);
    this.candidates = new Candidates(tiles, encoder.outputSize(), maxRows, team);
    this.scales = new float[encoder.outputSize()];
    this.magnitudeSlopes = new float[encoder.outputSize()];
    this.gateSlopes = new float[team.size()][0];
    this.sums = new double[team.size()];
  }

  @Override
  public SparseRows encode(float[] parameters, Rows x) {
    candidates.prepare(x.rows(), 0f);
    tiles.forEach(parameters, x, candidates);
    gates = candidates.all();
    if (values.length < gates.values().length) {
      values = new float[gates.values().length];
    }
    for (int j = 0; j < scales.length; j++) {
      scales[j] = (float) Math.exp(parameters[logScale.offset() + j]);
    }
    team.split(
        gates.rows(), LayerForward.ROW_GRAIN, (member, from, to) -> measure(parameters, from, to));
    return gates.with(values);
  }

  /** Computes the magnitudes of some rows. */
  private void measure(float[] parameters, int from, int to) {
    for (int i = from; i < to; i++) {
      for (int p = gates.start(i); p < gates.end(i); p++) {
        int latent = gates.indices()[p];
        float value =
            scales[latent] * withoutBias(parameters, latent, gates.values()[p])
                + parameters[magnitudeBias.offset() + latent];
        // NaN stays, so that it shows.
        values[p] = value <= 0f ? 0f : value;
      }
    }
  }

  /** Returns g, given p. */
  private float withoutBias(float[] parameters, int latent, float gate) {
    return gate - parameters[encoder.bias().offset() + latent];
  }

  /** Also computes what the slopes of gates need. */
  @Override
  public CodeTerms terms(CodeTerms.Rows rows) {
    rowWeights = rows.weights();
    Sparsity sparsity = rows.sparsity();
    double weight = sparsity.kind() == SparsityKind.L1 ? sparsity.weight() : 0;
    penaltySlope = (float) weight;
    return new CodeTerms(weight * sumOfGates(), reconstruction(rows));
  }

  private double sumOfGates() {
    double all = 0;
    for (int i = 0; i < gates.rows(); i++) {
      double sum = 0;
      for (int p = gates.start(i); p < gates.end(i); p++) {
        sum += gates.values()[p];
      }
      all += CodeTerms.weight(rowWeights, i) * sum;
    }
    return all;
  }

  /** Returns the loss of the reconstruction from the gates, and keeps its delta. */
  private double reconstruction(CodeTerms.Rows rows) {
    int columns = rows.outputSize();
    int size = gates.rows() * columns;
    if (deltas.length < size) {
      deltas = new float[size];
    }
    gateDelta = DenseRows.of(deltas, gates.rows(), columns);
    Arrays.fill(sums, 0);
    team.split(
        gates.rows(),
        LayerForward.ROW_GRAIN,
        (member, from, to) ->
            sums[member] += rows.reconstruct(gates, from, to, gateDelta.slice(from, to)));
    return Arrays.stream(sums).sum();
  }

  @Override
  public SparseGradient gradient(Layer ofCode) {
    decoder = ofCode;
    return new SparseCodeGradient(encoder, ofCode, this, team);
  }

  @Override
  public void passOn(CodeTile tile, int latent, float[] slopes) {
    ColumnEntries entries = tile.code();
    float[] ofGates = gateSlopes(tile, latent);
    double ofScale = 0;
    double ofMagnitudes = 0;
    for (int p = entries.start(latent); p < entries.end(latent); p++) {
      float slope = entries.values()[p] == 0f ? 0f : slopes[p];
      float g = withoutBias(tile.parameters(), latent, gates.values()[entries.places()[p]]);
      ofScale += (double) slope * g;
      ofMagnitudes += slope;
      float weight = CodeTerms.weight(rowWeights, tile.firstRow() + entries.rows()[p]);
      slopes[p] = scales[latent] * slope + ofGates[p] + penaltySlope * weight;
    }
    add(tile, logScale.offset() + latent, scales[latent] * ofScale);
    add(tile, magnitudeBias.offset() + latent, ofMagnitudes);
    float before = tile.firstRow() == 0 ? 0f : magnitudeSlopes[latent];
    magnitudeSlopes[latent] = before + (float) (scales[latent] * ofMagnitudes);
  }

  /** Returns {@code V_j . d_i} of the entries of a latent. */
  private float[] gateSlopes(CodeTile tile, int latent) {
    ColumnEntries entries = tile.code();
    int member = tile.member();
    if (gateSlopes[member].length < entries.rows().length) {
      gateSlopes[member] = new float[entries.rows().length];
    }
    if (entries.start(latent) < entries.end(latent)) {
      int columns = gateDelta.columns();
      Kernels.dotGatheredRows(
          tile.parameters(),
          decoder.weight().offset() + latent * columns,
          entries.rows(),
          entries.start(latent),
          entries.end(latent),
          gateDelta.values(),
          gateDelta.rowOffset(tile.firstRow()),
          columns,
          gateSlopes[member]);
    }
    return gateSlopes[member];
  }

  private static void add(CodeTile tile, int at, double sum) {
    float before = tile.add() ? tile.gradient()[at] : 0f;
    tile.gradient()[at] = before + (float) sum;
  }

  /**
   * The slopes reach g, which does not contain the gate's bias: takes from its gradient what went
   * through the magnitudes.
   */
  @Override
  public void endPass(float[] gradient) {
    for (int j = 0; j < magnitudeSlopes.length; j++) {
      gradient[encoder.bias().offset() + j] -= magnitudeSlopes[j];
    }
  }
}
