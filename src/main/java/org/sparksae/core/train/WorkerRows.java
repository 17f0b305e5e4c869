package org.sparksae.core.train;

import java.util.function.IntUnaryOperator;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.GatheredRows;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.ReadAhead;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowOrder;
import org.sparksae.core.rows.WorkerOrder;

/**
 * A worker's rows of one batch after another, copied together. All models that the worker trains
 * share them: rows that were just copied for one model are not copied again for the next.
 */
final class WorkerRows {
  /** A worker's share of a batch varies: leave an eighth of headroom. */
  private static final int ROOM = 8;

  private final PartitionRows rows;
  private final boolean sharesBatches;
  private final Team team;
  private RowOrder epoch;
  private WorkerOrder order;
  private ReadAhead ahead;
  private Batch batch;
  private IntUnaryOperator selected;
  private int count;
  private GatheredRows buffer;
  private RowBlock gathered;
  private int gatheredFrom;
  private int gatheredTo;

  /**
   * The rows of a worker.
   *
   * @param rows all of its rows
   * @param sharesBatches whether other workers have a part of each batch
   */
  WorkerRows(PartitionRows rows, boolean sharesBatches, Team team) {
    this.rows = rows;
    this.sharesBatches = sharesBatches;
    this.team = team;
  }

  /** Returns the function's sums over all of the rows. */
  double[] sum(float[] parameters, PartitionFunction function) {
    return function.apply(parameters, rows);
  }

  /** Lets rows be read before they are needed, as long as {@code by} is open; null for not. */
  void readBy(ReadAhead by) {
    ahead = by;
    order = null;
  }

  /**
   * Selects the worker's rows of a batch, and returns their number. Nothing changes if the batch is
   * the very one that was selected before.
   */
  int select(Batch next) {
    if (next != batch) {
      batch = next;
      gathered = null;
      if (next.isAll()) {
        selected = row -> row;
        count = Math.toIntExact(rows.rows());
      } else {
        int[] own = orderOf(next).rowsAt(next.from(), next.to());
        selected = visit -> own[visit];
        count = own.length;
      }
    }
    return count;
  }

  private WorkerOrder orderOf(Batch next) {
    if (order == null || next.order() != epoch) {
      epoch = next.order();
      order = new WorkerOrder(epoch, rows, ahead);
    }
    return order;
  }

  /**
   * Returns some of the selected rows, valid until other rows are gathered.
   *
   * @param from first of them, in the batch's order
   * @param to one past the last
   * @param room rows to make room for if the buffer is too small, so that it is not made anew for
   *     each batch
   * @param cut where rows are cut into input and target, 0 for rows that are both; the same in each
   *     call
   */
  RowBlock gather(int from, int to, int room, int cut) {
    if (gathered == null || from != gatheredFrom || to != gatheredTo) {
      if (buffer == null || buffer.capacity() < to - from) {
        buffer = new GatheredRows(Math.max(room, to - from), cut);
      }
      gathered = rows.gather(selected, from, to, batch, buffer, team);
      gatheredFrom = from;
      gatheredTo = to;
    }
    return gathered;
  }

  /** Returns a number of rows with headroom, if the number varies from batch to batch. */
  int withRoom(int number) {
    return sharesBatches ? number + number / ROOM : number;
  }
}
