package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.rows.RowBlock;

/**
 * Reads one partition's rows as blocks of float rows.
 *
 * <p>Rows are [input], [input, target], or either with a weight at the end. Invalid rows are left
 * out and counted. With {@code stopAtFirst}, reading ends at the first invalid row, because the run
 * will fail anyway.
 */
final class BlockReader implements Iterator<BlockReader.Part> {

  /** Some rows, with counts of the rows left out since the part before. */
  static final class Part implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int partition;
    private final RowBlock block;
    private final long skipped;
    private final long otherSizes;
    private final String problem;

    Part(int partition, RowBlock block, long skipped, long otherSizes, String problem) {
      this.partition = partition;
      this.block = block;
      this.skipped = skipped;
      this.otherSizes = otherSizes;
      this.problem = problem;
    }

    /** Returns the same part with other values in its rows. */
    Part with(Rows rows) {
      RowBlock other = new RowBlock(rows, block.weights()).startingAt(block.firstRow());
      return new Part(partition, other, skipped, otherSizes, problem);
    }

    /** Returns the partition of the DataFrame from which the rows were read. */
    int partition() {
      return partition;
    }

    /** Returns the rows, possibly none, numbered within their partition. */
    RowBlock block() {
      return block;
    }

    /** Returns the number of rows left out. */
    long skipped() {
      return skipped;
    }

    /**
     * Returns the number of rows left out that have values, but another number of them than the
     * column.
     */
    long otherSizes() {
      return otherSizes;
    }

    /** Returns what is wrong with the first row left out, or null. */
    String problem() {
      return problem;
    }
  }

  /** The layout of the rows and their blocks. */
  static final class Layout implements Serializable {
    private static final long serialVersionUID = 1L;

    private final FeatureColumns columns;
    private final List<DataType> types;
    private final boolean weighted;
    private final int blockRows;

    /**
     * A layout.
     *
     * @param types the columns' types
     * @param weighted whether the rows have weights
     * @param blockRows maximum number of rows in a block
     */
    Layout(FeatureColumns columns, List<DataType> types, boolean weighted, int blockRows) {
      this.columns = columns;
      this.types = types;
      this.weighted = weighted;
      this.blockRows = blockRows;
    }
  }

  private final int partition;
  private final Iterator<InternalRow> rows;
  private final RowReader reader;
  private final BlockBuilder block;
  private final Layout layout;
  private final boolean stopAtFirst;
  private long position;
  private long finished;
  private boolean started;
  private boolean stopped;

  BlockReader(int partition, Iterator<InternalRow> rows, Layout layout, boolean stopAtFirst) {
    this.partition = partition;
    this.rows = rows;
    this.layout = layout;
    this.stopAtFirst = stopAtFirst;
    this.reader = layout.columns.reader(layout.types, new int[] {0, 1});
    this.block = new BlockBuilder(reader, layout.columns.size(), layout.blockRows);
  }

  @Override
  public boolean hasNext() {
    return !stopped && (rows.hasNext() || !started);
  }

  @Override
  public Part next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    started = true;
    block.clear();
    float[] weights = layout.weighted ? new float[layout.blockRows] : null;
    long skipped = 0;
    long otherSizes = 0;
    String first = null;
    while (!stopped && block.rows() < layout.blockRows && rows.hasNext()) {
      String problem = read(rows.next(), weights);
      if (problem != null) {
        first =
            first == null
                ? Text.format("row %d of partition %d %s", position, partition, problem)
                : first;
        skipped++;
        otherSizes += reader.hasOtherSize() ? 1 : 0;
        stopped = stopAtFirst;
      }
      position++;
    }
    RowBlock rows = finish(weights).startingAt(finished);
    finished += rows.rows().rows();
    return new Part(partition, rows, skipped, otherSizes, first);
  }

  private String read(InternalRow row, float[] weights) {
    int slot = block.rows();
    String problem = block.add(row);
    if (problem != null || weights == null) {
      return problem;
    }
    int at = layout.columns.count();
    problem = row.isNullAt(at) ? "has a null weight" : problemOfWeight(row.getDouble(at));
    if (problem == null) {
      weights[slot] = (float) row.getDouble(at);
    } else {
      block.removeLast();
    }
    return problem;
  }

  private static String problemOfWeight(double weight) {
    if (!(weight >= 0 && Double.isFinite(weight))) {
      return Text.format("has weight %s, which is not 0 or more and finite", weight);
    }
    if (weight > Float.MAX_VALUE || weight > 0 && weight < Float.MIN_NORMAL) {
      return Text.format(
          "has weight %s, which is beyond the range of floats (0, or %s to %s): scale the weights",
          weight, Float.MIN_NORMAL, Float.MAX_VALUE);
    }
    return null;
  }

  private RowBlock finish(float[] weights) {
    boolean full = weights == null || weights.length == block.rows();
    return new RowBlock(block.copy(), full ? weights : Arrays.copyOf(weights, block.rows()));
  }
}
