package org.sparksae.core.nn.code;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * The pre-activations of some rows that exceed a bound, or a limit of their latent (hidden unit),
 * in any number. The memory follows their number.
 *
 * <p>Each member of the team stores what it finds, tile after tile, in arrays of its own. Where the
 * entries of a row in a tile begin and end is stored, too.
 */
final class Candidates implements LatentTiles.Scan {
  /** How many bounds may be examined for each entry that may be stored. */
  private static final int EXAMINED = 2;

  private final int units;
  private final int blocks;
  private final Team team;
  private final float[][] values;
  private final int[][] indices;
  private final int[] counts;
  private final int[] firstRows;
  private final int[] owners;
  private final int[] from;
  private final int[] to;
  private int rows;
  private float bound;
  private float[] limits;
  private long most;
  private volatile boolean areTooMany;
  private ExactLatents exact;
  private final long[] examined;
  private final int[] starts;
  private float[] keptValues = new float[0];
  private int[] keptIndices = new int[0];

  Candidates(LatentTiles tiles, int units, int maxRows, Team team) {
    this.units = units;
    this.blocks = tiles.blocks();
    this.team = team;
    this.values = new float[team.size()][0];
    this.indices = new int[team.size()][0];
    this.counts = new int[team.size()];
    this.examined = new long[team.size()];
    this.firstRows = new int[team.size()];
    this.owners = new int[maxRows];
    this.from = new int[Math.multiplyExact(maxRows, blocks)];
    this.to = new int[from.length];
    this.starts = new int[maxRows + 1];
  }

  /** Begins another batch, and keeps what is above a bound; NaN is kept so that it shows. */
  void prepare(int batchRows, float above) {
    prepare(batchRows, above, Long.MAX_VALUE);
  }

  /**
   * Begins another batch.
   *
   * @param mostOfMember number of entries at which a member stops; see {@link #areTooMany}
   */
  void prepare(int batchRows, float above, long mostOfMember) {
    bound = above;
    limits = null;
    begin(batchRows, mostOfMember);
  }

  /** Begins another batch, and keeps what is above the limit of its latent, [units]. */
  void prepare(int batchRows, float[] above) {
    limits = above;
    begin(batchRows, Long.MAX_VALUE);
  }

  /**
   * Takes what is scanned for upper bounds, until another batch begins.
   *
   * @param ofBatch computes the pre-activations whose bounds exceed the bound of this batch
   */
  void boundedBy(ExactLatents ofBatch) {
    exact = ofBatch;
  }

  private void begin(int batchRows, long mostOfMember) {
    exact = null;
    rows = batchRows;
    most = mostOfMember;
    areTooMany = false;
    Arrays.fill(counts, 0);
    Arrays.fill(examined, 0);
    // Sparse rows have only one tile each.
    Arrays.fill(from, 0, rows * blocks, 0);
    Arrays.fill(to, 0, rows * blocks, 0);
  }

  /** Returns whether a member has stopped, so that entries are missing. */
  boolean areTooMany() {
    return areTooMany;
  }

  @Override
  public void begin(int member, int firstRow, int tileRows) {
    firstRows[member] = firstRow;
  }

  @Override
  public void scan(int member, DenseRows tile, float[] biases, int biasFrom, int firstUnit) {
    if (counts[member] > most || examined[member] / EXAMINED > most) {
      areTooMany = true;
      return;
    }
    int block = LatentTiles.blockOf(firstUnit);
    for (int i = 0; i < tile.rows(); i++) {
      int row = firstRows[member] + i;
      int start = counts[member];
      reserve(member, start + tile.columns());
      int end = scanRow(member, tile, i, biases, biasFrom, firstUnit);
      end = exact == null ? end : keepTrue(member, row, start, end);
      owners[row] = member;
      from[row * blocks + block] = start;
      to[row * blocks + block] = end;
      counts[member] = end;
    }
  }

  /** Stores what a row of a tile has, and returns the end of its entries. */
  private int scanRow(
      int member, DenseRows tile, int row, float[] biases, int biasFrom, int firstUnit) {
    float[] z = tile.values();
    int from = tile.rowOffset(row);
    int columns = tile.columns();
    float[] found = values[member];
    int[] units = indices[member];
    int at = counts[member];
    return limits == null
        ? Kernels.scanAbove(z, from, columns, biases, biasFrom, bound, firstUnit, found, units, at)
        : Kernels.scanAboveEach(
            z, from, columns, biases, biasFrom, limits, firstUnit, firstUnit, found, units, at);
  }

  /** Replaces upper bounds by pre-activations, and keeps those that exceed the bound themselves. */
  private int keepTrue(int member, int row, int start, int end) {
    float[] of = values[member];
    int[] latents = indices[member];
    examined[member] += end - start;
    exact.compute(row, latents, start, end, of);
    int kept = start;
    for (int p = start; p < end; p++) {
      of[kept] = of[p];
      latents[kept] = latents[p];
      kept += of[p] <= bound ? 0 : 1;
    }
    return kept;
  }

  private void reserve(int member, int size) {
    if (values[member].length < size) {
      int room = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * size);
      values[member] = Arrays.copyOf(values[member], room);
      indices[member] = Arrays.copyOf(indices[member], room);
    }
  }

  @Override
  public void end(int member) {
    // What was found is stored.
  }

  /** Adds the weights of the candidates by the digit that follows a prefix. */
  void addTo(BatchThreshold.Digit digit, float[] rowWeights, double[] sums) {
    for (int i = 0; i < rows; i++) {
      double weight = rowWeights == null ? 1 : rowWeights[i];
      float[] of = values[owners[i]];
      for (int s = i * blocks; s < (i + 1) * blocks; s++) {
        for (int p = from[s]; p < to[s]; p++) {
          digit.add(Float.floatToRawIntBits(of[p]), weight, sums);
        }
      }
    }
  }

  /** Returns all candidates as a code; valid until the next call. */
  SparseRows all() {
    return code(null);
  }

  /**
   * Returns the candidates above the limits of their latents (hidden units), as a code; valid until
   * the next call.
   *
   * @param limits [units], none below the bound
   */
  SparseRows above(float[] limits) {
    return code(limits);
  }

  private SparseRows code(float[] limits) {
    starts[0] = 0;
    team.split(
        rows,
        LayerForward.ROW_GRAIN,
        (member, first, last) -> {
          for (int i = first; i < last; i++) {
            starts[i + 1] = count(i, limits);
          }
        });
    for (int i = 0; i < rows; i++) {
      starts[i + 1] += starts[i];
    }
    if (keptValues.length < starts[rows]) {
      keptValues = new float[starts[rows] + starts[rows] / 4];
      keptIndices = new int[keptValues.length];
    }
    team.split(
        rows,
        LayerForward.ROW_GRAIN,
        (member, first, last) -> {
          for (int i = first; i < last; i++) {
            copy(i, limits);
          }
        });
    return new SparseRows(keptValues, keptIndices, starts, 0, rows, units);
  }

  private int count(int row, float[] limits) {
    float[] of = values[owners[row]];
    int[] units = indices[owners[row]];
    int count = 0;
    for (int s = row * blocks; s < (row + 1) * blocks; s++) {
      if (limits == null) {
        count += to[s] - from[s];
        continue;
      }
      for (int p = from[s]; p < to[s]; p++) {
        count += of[p] <= limits[units[p]] ? 0 : 1;
      }
    }
    return count;
  }

  private void copy(int row, float[] limits) {
    float[] of = values[owners[row]];
    int[] units = indices[owners[row]];
    int next = starts[row];
    for (int s = row * blocks; s < (row + 1) * blocks; s++) {
      if (limits == null) {
        int length = to[s] - from[s];
        System.arraycopy(of, from[s], keptValues, next, length);
        System.arraycopy(units, from[s], keptIndices, next, length);
        next += length;
        continue;
      }
      for (int p = from[s]; p < to[s]; p++) {
        if (!(of[p] <= limits[units[p]])) {
          keptValues[next] = of[p];
          keptIndices[next++] = units[p];
        }
      }
    }
  }
}
