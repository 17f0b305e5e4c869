package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.TopKSelector;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.TopK;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;

/**
 * Computes the k-sparse codes of an encoder layer: the k largest latents (hidden units) of each row
 * of {@code z = W x + b}.
 */
final class KSparse implements CodeMaker, LatentTiles.Scan {
  private final DenseLayer encoder;
  private final TopK topK;
  private final boolean positiveOnly;
  private final boolean byMagnitude;
  private final int units;
  private final Team team;
  private final LatentTiles tiles;
  private final DeadLatents dead;
  private final RankedCode ranked;
  private final CandidateSelection candidates;
  private final float[] values;
  private final int[] indices;
  private final int[] starts;
  private final TopKSelector[] selectors;
  private final int[] firstRows;
  private int selected;
  private long candidateRows;
  private long fallbacks;

  KSparse(DenseLayer encoder, TopK topK, int maxRows, Team team) {
    this.encoder = encoder;
    this.topK = topK;
    this.positiveOnly = encoder.activation() == Activation.RELU;
    // If activations are never negative, both orders are the same.
    this.byMagnitude = topK.by() == TopK.By.MAGNITUDE && !positiveOnly;
    this.units = encoder.outputSize();
    this.team = team;
    this.tiles = new LatentTiles(encoder, maxRows, team);
    this.dead = DeadLatents.of(topK.loss().auxK(), encoder, byMagnitude, tiles.rows(), team);
    int most = topK.loss().most(topK.k(), units);
    this.ranked =
        topK.loss().multiTopK()
            ? new RankedCode(topK.k(), most, units, byMagnitude, positiveOnly, maxRows, team)
            : null;
    int size = Math.multiplyExact(maxRows, most);
    this.values = new float[size];
    this.indices = new int[size];
    this.starts = new int[maxRows + 1];
    for (int i = 0; i <= maxRows; i++) {
      starts[i] = i * topK.k();
    }
    this.candidates = candidates(most);
    this.firstRows = new int[team.size()];
    this.selectors = new TopKSelector[team.size()];
    for (int m = 0; m < team.size(); m++) {
      selectors[m] = new TopKSelector(tiles.rows(), most);
    }
  }

  /** Returns the selection from candidates; null where it does not pay. */
  private CandidateSelection candidates(int most) {
    Bounds bounds = byMagnitude ? null : Bounds.of(encoder, most, tiles, team);
    return bounds == null ? null : new CandidateSelection(tiles, bounds, encoder, most, team);
  }

  @Override
  public SparseRows encode(float[] parameters, Rows x) {
    select(parameters, x, topK.k(), this);
    return code(x.rows());
  }

  private void select(float[] parameters, Rows x, int ofRow, LatentTiles.Scan... scans) {
    selected = ofRow;
    // What dead latents are needs the true values of all of them.
    boolean tries = candidates != null && x instanceof DenseRows && scans.length == 1;
    if (!tries || !candidates.select(parameters, (DenseRows) x, ofRow, indices, values)) {
      tiles.forEach(parameters, x, scans);
    }
    candidateRows = tries ? candidates.rows() : 0;
    fallbacks = tries ? candidates.fallbacks() : 0;
  }

  @Override
  public SparseRows encodeForTraining(float[] parameters, Rows x, CodeMemory memory) {
    int most = topK.loss().most(topK.k(), units);
    select(parameters, x, most, DeadLatents.with(this, dead, memory, x.rows()));
    return ranked == null ? code(x.rows()) : ranked.first(values, indices, x.rows());
  }

  private SparseRows code(int rows) {
    return new SparseRows(values, indices, starts, 0, rows, units);
  }

  @Override
  public void begin(int member, int firstRow, int rows) {
    firstRows[member] = firstRow;
    selectors[member].reset(rows, selected, byMagnitude, positiveOnly);
  }

  @Override
  public void scan(int member, DenseRows tile, float[] biases, int biasFrom, int firstUnit) {
    int columns = tile.columns();
    selectors[member].scan(
        tile.values(), tile.offset(), columns, columns, biases, biasFrom, firstUnit);
  }

  @Override
  public void end(int member) {
    selectors[member].finish(indices, values, firstRows[member] * selected);
  }

  @Override
  public SparseRows nextCode() {
    return ranked.next();
  }

  @Override
  public void addCandidates(double[] sums, int at) {
    sums[at] += candidateRows;
    sums[at + 1] += fallbacks;
  }

  @Override
  public SparseRows deadCode() {
    return dead == null ? null : dead.code();
  }

  @Override
  public SparseGradient gradient(Layer decoder) {
    return SparseGradients.between(encoder, decoder, team);
  }
}
