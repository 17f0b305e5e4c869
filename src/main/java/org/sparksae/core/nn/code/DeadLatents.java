package org.sparksae.core.nn.code;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.TopKSelector;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AuxK;
import org.sparksae.core.nn.layer.DenseLayer;

/**
 * Selects the largest dead latents (hidden units) of each row, for {@link AuxK}. It ranks their
 * pre-activations, in the order in which the code ranks the others, and applies the same activation
 * function.
 *
 * <p>It looks at the tiles that the code is selected from, while they are in the cache: the columns
 * of dead latents are copied side by side and scanned like a narrower tile.
 */
final class DeadLatents implements LatentTiles.Scan {
  private final int most;
  private final boolean byMagnitude;
  private final boolean positiveOnly;
  private final int units;
  private final Member[] members;
  private int[] dead = new int[0];
  private int rows;
  private int kept;
  private float[] values = new float[0];
  private int[] indices = new int[0];
  private int[] starts = new int[1];

  /** The buffers of one member. */
  private static final class Member {
    final TopKSelector selector;
    float[] tile = new float[0];
    float[] biases = new float[0];
    int firstRow;
    int count;

    Member(int rows, int most) {
      selector = new TopKSelector(rows, most);
    }
  }

  private DeadLatents(int most, DenseLayer encoder, boolean byMagnitude, int tileRows, Team team) {
    this.most = most;
    this.byMagnitude = byMagnitude;
    this.positiveOnly = encoder.activation() == Activation.RELU;
    this.units = encoder.outputSize();
    this.members = new Member[team.size()];
    for (int m = 0; m < members.length; m++) {
      members[m] = new Member(tileRows, most);
    }
  }

  /**
   * Creates the selection for a layer; null if there is no auxiliary loss.
   *
   * @param byMagnitude whether the code ranks magnitudes
   * @param tileRows the most rows of a tile
   */
  static DeadLatents of(
      AuxK auxK, DenseLayer encoder, boolean byMagnitude, int tileRows, Team team) {
    return auxK == null
        ? null
        : new DeadLatents(
            Math.min(auxK.k(), encoder.outputSize()), encoder, byMagnitude, tileRows, team);
  }

  /**
   * Returns the scans of a batch: that of the code, and the selection if there are dead latents.
   *
   * @param selection may be null
   * @param rows number of rows of the batch
   */
  static LatentTiles.Scan[] with(
      LatentTiles.Scan ofCode, DeadLatents selection, CodeMemory memory, int rows) {
    if (selection == null) {
      return new LatentTiles.Scan[] {ofCode};
    }
    selection.prepare(memory.dead(), rows);
    return selection.kept == 0
        ? new LatentTiles.Scan[] {ofCode}
        : new LatentTiles.Scan[] {ofCode, selection};
  }

  private void prepare(int[] ofBatch, int batchRows) {
    dead = ofBatch;
    rows = batchRows;
    kept = Math.min(most, dead.length);
    int entries = Math.multiplyExact(rows, kept);
    if (values.length < entries) {
      values = new float[entries];
      indices = new int[entries];
    }
    if (starts.length <= rows) {
      starts = new int[rows + 1];
    }
    for (int i = 0; i <= rows; i++) {
      starts[i] = i * kept;
    }
  }

  /** Returns the selected latents of the rows that were scanned last; null if none is dead. */
  SparseRows code() {
    return kept == 0 ? null : new SparseRows(values, indices, starts, 0, rows, units);
  }

  @Override
  public void begin(int member, int firstRow, int tileRows) {
    members[member].firstRow = firstRow;
    members[member].count = tileRows;
    members[member].selector.reset(tileRows, kept, byMagnitude, positiveOnly);
  }

  @Override
  public void scan(int member, DenseRows tile, float[] biases, int biasFrom, int firstUnit) {
    int from = firstFrom(firstUnit);
    int columns = firstFrom(firstUnit + tile.columns()) - from;
    if (columns == 0) {
      return;
    }
    Member own = members[member];
    reserve(own, tile.rows() * columns, columns);
    for (int c = 0; c < columns; c++) {
      own.biases[c] = biases[biasFrom + dead[from + c] - firstUnit];
    }
    for (int i = 0; i < tile.rows(); i++) {
      int row = tile.rowOffset(i) - firstUnit;
      for (int c = 0; c < columns; c++) {
        own.tile[i * columns + c] = tile.values()[row + dead[from + c]];
      }
    }
    own.selector.scan(own.tile, 0, columns, columns, own.biases, 0, from);
  }

  /** Returns the number of dead latents below a latent. */
  private int firstFrom(int unit) {
    int found = Arrays.binarySearch(dead, unit);
    return found < 0 ? -found - 1 : found;
  }

  private static void reserve(Member own, int size, int columns) {
    if (own.tile.length < size) {
      own.tile = new float[size];
    }
    if (own.biases.length < columns) {
      own.biases = new float[columns];
    }
  }

  /** The selector counts the dead latents only; their own numbers have the same order. */
  @Override
  public void end(int member) {
    Member own = members[member];
    int from = starts[own.firstRow];
    own.selector.finish(indices, values, from);
    for (int p = from; p < from + own.count * kept; p++) {
      indices[p] = dead[indices[p]];
    }
  }
}
