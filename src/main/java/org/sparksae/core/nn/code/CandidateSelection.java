package org.sparksae.core.nn.code;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.TopKSelector;
import org.sparksae.core.model.Activation;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.UpperBounds;

/**
 * Selects the k largest latents (hidden units) of each row in three steps:
 *
 * <pre>
 * 1. upper bounds of all of them, from a product in bfloat16
 * 2. the candidates: the largest bounds, more than k
 * 3. their true values, in float32, and the k largest of these
 * </pre>
 *
 * <p>The selection is exact: a row whose k-th largest value does not exceed the bounds of all other
 * latents falls back to all of its values. If many do, the batch is left to the product of
 * matrices, and the next ones get more candidates. If that does not help, there are none any more.
 */
final class CandidateSelection implements LatentTiles.Scan {
  /** The fewest rows for which the weights are rounded. */
  private static final int FEWEST_ROWS = 128;

  /**
   * Share of the rows of a tile that may fall back: a value alone takes longer than in a product.
   */
  private static final int MANY = 8;

  /** Share of many rows that may fall back before there are more candidates, and how many. */
  private static final int RARELY = 100;

  private static final int MEASURED_ROWS = 1000;

  private final LatentTiles tiles;
  private final Bounds bounds;
  private final DenseLayer encoder;
  private final boolean positiveOnly;
  private final Member[] members;
  private int room;
  private long measuredRows;
  private long measuredFallbacks;
  private int rows;
  private boolean isOff;
  private volatile boolean leavesBatch;
  private int k;
  private float[] parameters;
  private UpperBounds upper;
  private ExactLatents exact;
  private int[] indices;
  private float[] values;

  /** What a member works with. */
  private static final class Member {
    TopKSelector selector;
    int firstRow;
    int rows;
    int[] uncertain = new int[0];
    float[] products = new float[0];
    long fallbacks;
  }

  /**
   * Creates a selection, which allocates its buffers when it is first used.
   *
   * @param most the largest k
   */
  CandidateSelection(LatentTiles tiles, Bounds bounds, DenseLayer encoder, int most, Team team) {
    this.tiles = tiles;
    this.bounds = bounds;
    this.encoder = encoder;
    this.positiveOnly = encoder.activation() == Activation.RELU;
    this.room = (int) Bounds.candidates(most);
    this.members = new Member[team.size()];
    Arrays.setAll(members, m -> new Member());
  }

  /**
   * Selects, unless too many rows would fall back.
   *
   * @param ofK number of latents of a row, at most the largest k
   * @param outIndices receives the latents, ascending in a row, [n, k]
   * @param outValues receives their pre-activations, [n, k]
   * @return whether the codes are selected; if not, the rows are left to the product of matrices
   */
  boolean select(float[] ofStep, DenseRows x, int ofK, int[] outIndices, float[] outValues) {
    rows = 0;
    if (isOff || x.rows() < FEWEST_ROWS && !bounds.areCurrent()) {
      return false;
    }
    parameters = ofStep;
    k = ofK;
    indices = outIndices;
    values = outValues;
    upper = bounds.upper();
    exact = bounds.exact(ofStep, x);
    rows = x.rows();
    leavesBatch = false;
    for (Member member : members) {
      member.fallbacks = 0;
    }
    tiles.forEachBound(ofStep, x, upper, this);
    measure();
    return !leavesBatch;
  }

  /** Returns how many rows of the last batch had candidates. */
  long rows() {
    return rows;
  }

  /** Returns how many of these rows fell back; all of them if they were left. */
  long fallbacks() {
    if (rows == 0 || leavesBatch) {
      return rows;
    }
    return Arrays.stream(members).mapToLong(member -> member.fallbacks).sum();
  }

  private void measure() {
    measuredRows += rows;
    measuredFallbacks += fallbacks();
    if (measuredRows < MEASURED_ROWS && !leavesBatch) {
      return;
    }
    if (measuredFallbacks > measuredRows / RARELY) {
      int most = Bounds.most(encoder.outputSize());
      isOff = room == most;
      room = Math.min(2 * room, most);
    }
    measuredRows = 0;
    measuredFallbacks = 0;
  }

  @Override
  public void begin(int member, int firstRow, int tileRows) {
    Member own = members[member];
    own.firstRow = firstRow;
    own.rows = tileRows;
    if (own.selector == null || own.selector.maxK() < room) {
      own.selector = new TopKSelector(tiles.rows(), room);
      own.uncertain = new int[tiles.rows()];
    }
    own.selector.resetForBounds(tileRows, k, room, positiveOnly);
  }

  @Override
  public void scan(int member, DenseRows tile, float[] biases, int biasFrom, int firstUnit) {
    if (!leavesBatch) {
      int columns = tile.columns();
      members[member].selector.scan(
          tile.values(), tile.offset(), columns, columns, biases, biasFrom, firstUnit);
    }
  }

  @Override
  public void end(int member) {
    if (leavesBatch) {
      return;
    }
    Member own = members[member];
    int uncertain = 0;
    for (int i = 0; i < own.rows; i++) {
      int row = own.firstRow + i;
      TopKSelector.Entries truth =
          (latents, from, to, out) -> exact.compute(row, latents, from, to, out);
      if (!own.selector.settle(i, truth, upper.areExact(i, member))) {
        own.uncertain[uncertain++] = i;
      }
    }
    if (uncertain > MANY + own.rows / MANY) {
      leavesBatch = true;
      return;
    }
    own.fallbacks += uncertain;
    for (int u = 0; u < uncertain; u++) {
      fallBack(own, own.uncertain[u]);
    }
    own.selector.finish(indices, values, own.firstRow * k);
  }

  private void fallBack(Member own, int row) {
    if (own.products.length == 0) {
      own.products = new float[encoder.outputSize()];
    }
    exact.allProducts(own.firstRow + row, own.products);
    own.selector.reselect(row, own.products, encoder.biases(parameters), encoder.biasesFrom());
  }
}
