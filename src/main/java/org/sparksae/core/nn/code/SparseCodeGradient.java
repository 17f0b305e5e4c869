package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.ColumnEntries;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;

/**
 * The gradient around a sparse code (k-sparse or winner-take-all). V [h, out] is the weights of the
 * decoder layer that takes the code. For each latent (hidden unit) j, the sums run over the rows i
 * that keep it:
 *
 * <pre>
 * dJ/dV_j  = sum of h_ij delta_i
 * delta_ij = (V_j . delta_i) f'(z_ij)
 * dJ/dW_j  = sum of delta_ij x_i,   dJ/db_j = sum of delta_ij
 * </pre>
 *
 * <p>The loop runs over latents, not over rows. So the members of a team can share the latents
 * without writing to the same place, and the weights and gradients of a latent pass through the
 * cache once for many rows.
 *
 * <p>Some kinds of codes have other slopes than {@code f'} ({@link EntrySlopes}).
 */
final class SparseCodeGradient implements SparseGradient {
  /** Floats in the rows of a tile; they fill most of a second-level cache of 1 MB. */
  private static final int TILE_FLOATS = 200_000;

  /**
   * How often a tile reads or writes the weights and gradients of a latent, compared with how often
   * an entry reads its row.
   */
  private static final int UNIT_PASSES = 5;

  private static final int ENTRY_PASSES = 2;

  private final DenseLayer encoder;
  private final Layer decoder;
  private final EntrySlopes entrySlopes;
  private final int units;
  private final Team team;
  private float[] slopes = new float[0];
  private final ColumnEntries[] entries;
  private final float[][] unitSlopes;

  /** Creates the gradient between two layers, with the slopes of the encoder's activation. */
  SparseCodeGradient(DenseLayer encoder, Layer decoder, Team team) {
    this(
        encoder,
        decoder,
        encoder.activation() == Activation.RELU ? EntrySlopes.RELU : EntrySlopes.LINEAR,
        team);
  }

  /** Creates the gradient between two layers. */
  SparseCodeGradient(DenseLayer encoder, Layer decoder, EntrySlopes entrySlopes, Team team) {
    this.encoder = encoder;
    this.decoder = decoder;
    this.entrySlopes = entrySlopes;
    this.units = encoder.outputSize();
    this.team = team;
    this.entries = new ColumnEntries[team.size()];
    this.unitSlopes = new float[team.size()][0];
    for (int m = 0; m < team.size(); m++) {
      entries[m] = new ColumnEntries();
    }
  }

  @Override
  public void backward(
      float[] parameters,
      Rows x,
      SparseRows code,
      DenseRows delta,
      float[] gradient,
      boolean accumulate) {
    backward(parameters, x, code, delta, gradient, accumulate, 0, units);
  }

  @Override
  public void backward(
      float[] parameters,
      Rows x,
      SparseRows code,
      DenseRows delta,
      float[] gradient,
      boolean accumulate,
      int first,
      int end) {
    int rows = tileRows(x, code, delta);
    reserve(code);
    team.split(
        end - first,
        1,
        (member, start, stop) -> {
          int from = first + start;
          int to = first + stop;
          // Run at least once: without rows the gradient is zero.
          for (int i = 0; i == 0 || i < code.rows(); i += rows) {
            int next = Math.min(i + rows, code.rows());
            CodeTile tile =
                new CodeTile(
                    parameters,
                    x.slice(i, next),
                    delta.slice(i, next),
                    entries[member],
                    gradient,
                    accumulate || i > 0,
                    i,
                    member);
            tile.code().build(code.slice(i, next), from, to);
            float[] slope = slopes(member, tile.code());
            for (int j = from; j < to; j++) {
              decoderGradient(tile, j, slope);
            }
            for (int j = from; j < to; j++) {
              encoderGradient(tile, j, slope);
              entrySlopes.addOthers(tile, j);
              encoder.endUnit(j, parameters, gradient, member);
            }
          }
        });
  }

  /**
   * Returns the rows of a tile. A tile stays in the cache while all latents are visited. If that
   * would move more memory than fetching the row of each entry, all rows are one tile.
   */
  private int tileRows(Rows x, SparseRows code, DenseRows delta) {
    int rows = Math.max(1, TILE_FLOATS / Math.max(x.columns(), delta.columns()));
    long tiles = (code.rows() + rows - 1L) / rows;
    boolean worthIt = UNIT_PASSES * tiles * units < (long) ENTRY_PASSES * code.entries();
    return worthIt ? rows : Math.max(1, code.rows());
  }

  /** Makes room for the slope of each entry, at the position of the entry. */
  private void reserve(SparseRows code) {
    int places = code.rows() == 0 ? 0 : code.end(code.rows() - 1);
    if (slopes.length < places) {
      slopes = new float[places + places / 4];
    }
  }

  private float[] slopes(int member, ColumnEntries code) {
    if (unitSlopes[member].length < code.rows().length) {
      unitSlopes[member] = new float[code.rows().length];
    }
    return unitSlopes[member];
  }

  /** Also computes the slope of each entry of the latent. */
  private void decoderGradient(CodeTile tile, int j, float[] slope) {
    ColumnEntries code = tile.code();
    int from = code.start(j);
    int to = code.end(j);
    float[] delta = tile.delta().values();
    int offset = tile.delta().offset();
    int out = tile.delta().columns();
    int v = decoder.weight().offset() + j * out;
    if (!tile.add()) {
      Kernels.fill(tile.gradient(), v, v + out, 0f);
    }
    if (from < to) {
      Kernels.dotGatheredRows(
          tile.parameters(), v, code.rows(), from, to, delta, offset, out, slope);
      Kernels.addGatheredRows(
          code.values(), code.rows(), from, to, delta, offset, out, tile.gradient(), v);
    }
    entrySlopes.passOn(tile, j, slope);
    for (int p = from; p < to; p++) {
      slopes[code.places()[p]] = slope[p];
    }
  }

  private void encoderGradient(CodeTile tile, int j, float[] slope) {
    int from = tile.code().start(j);
    int to = tile.code().end(j);
    int in = tile.x().columns();
    int w = encoder.weight().offset() + j * in;
    int b = encoder.bias().offset() + j;
    float[] gradient = tile.gradient();
    // With tied weights, the decoder has already written to this gradient.
    boolean tied = encoder.weight().offset() == decoder.weight().offset();
    if (!tile.add() && !tied) {
      Kernels.fill(gradient, w, w + in, 0f);
    }
    float sum = tile.add() ? gradient[b] : 0f;
    for (int p = from; p < to; p++) {
      sum += slope[p];
    }
    gradient[b] = sum;
    addInputs(slope, tile.code().rows(), from, to, tile.x(), gradient, w);
  }

  /** Computes {@code gradient_w += sum over p of slope_p x_row(p)}. */
  private static void addInputs(
      float[] slope, int[] rows, int from, int to, Rows x, float[] gradient, int w) {
    if (x instanceof DenseRows dense) {
      Kernels.addGatheredRows(
          slope, rows, from, to, dense.values(), dense.offset(), dense.columns(), gradient, w);
      return;
    }
    SparseRows sparse = (SparseRows) x;
    for (int p = from; p < to; p++) {
      int row = rows[p];
      for (int q = sparse.start(row); q < sparse.end(row); q++) {
        gradient[w + sparse.indices()[q]] += slope[p] * sparse.values()[q];
      }
    }
  }

  @Override
  public void endPass(float[] gradient) {
    entrySlopes.endPass(gradient);
  }

  /** Computes {@code inputDelta_i = sum over j of delta_ij W_j}. */
  @Override
  public void mapBack(
      float[] parameters, SparseRows code, int from, int to, DenseRows inputDelta, int member) {
    Kernels.fill(inputDelta.values(), inputDelta.offset(), inputDelta.end(), 0f);
    for (int i = from; i < to; i++) {
      Kernels.addGatheredRows(
          slopes,
          code.indices(),
          code.start(i),
          code.end(i),
          parameters,
          encoder.weight().offset(),
          inputDelta.columns(),
          inputDelta.values(),
          inputDelta.rowOffset(i - from));
    }
  }
}
