package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.train.RowBlock;

/**
 * One partition's rows as blocks of float rows.
 *
 * <p>Rows are [input] or [input, weight]. Rows that are not valid are left out and counted; with
 * {@code stopAtFirst} reading ends at the first of them, since the run is going to be refused.
 */
final class BlockReader implements Iterator<BlockReader.Part> {

  /** Some rows, and what was left out since the part before. */
  static final class Part implements Serializable {
    private static final long serialVersionUID = 1L;

    private final RowBlock block;
    private final long skipped;
    private final String problem;

    Part(RowBlock block, long skipped, String problem) {
      this.block = block;
      this.skipped = skipped;
      this.problem = problem;
    }

    /** The rows, possibly none. */
    RowBlock block() {
      return block;
    }

    /** Number of rows left out. */
    long skipped() {
      return skipped;
    }

    /** What is wrong with the first row left out, or null. */
    String problem() {
      return problem;
    }
  }

  private final int partition;
  private final Iterator<Row> rows;
  private final FeatureColumn column;
  private final boolean weighted;
  private final int blockRows;
  private final boolean stopAtFirst;
  private long position;
  private boolean started;
  private boolean stopped;

  BlockReader(
      int partition,
      Iterator<Row> rows,
      FeatureColumn column,
      boolean weighted,
      int blockRows,
      boolean stopAtFirst) {
    this.partition = partition;
    this.rows = rows;
    this.column = column;
    this.weighted = weighted;
    this.blockRows = blockRows;
    this.stopAtFirst = stopAtFirst;
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
    float[] values = new float[Math.multiplyExact(blockRows, column.size())];
    float[] weights = weighted ? new float[blockRows] : null;
    int filled = 0;
    long skipped = 0;
    String first = null;
    while (!stopped && filled < blockRows && rows.hasNext()) {
      String problem = read(rows.next(), values, weights, filled);
      if (problem == null) {
        filled++;
      } else {
        first =
            first == null
                ? "row %d of partition %d %s".formatted(position, partition, problem)
                : first;
        skipped++;
        stopped = stopAtFirst;
      }
      position++;
    }
    return new Part(block(values, weights, filled), skipped, first);
  }

  private String read(Row row, float[] values, float[] weights, int slot) {
    String problem = column.read(row.get(0), values, slot * column.size());
    if (problem != null || !weighted) {
      return problem;
    }
    if (row.isNullAt(1)) {
      return "has a null weight";
    }
    double weight = row.getDouble(1);
    weights[slot] = (float) weight;
    boolean valid = weight >= 0 && Float.isFinite(weights[slot]);
    return valid ? null : "has weight %s, which is not 0 or more and finite".formatted(weight);
  }

  private RowBlock block(float[] values, float[] weights, int filled) {
    int columns = column.size();
    if (filled < blockRows) {
      values = Arrays.copyOf(values, filled * columns);
      weights = weighted ? Arrays.copyOf(weights, filled) : null;
    }
    return new RowBlock(DenseRows.of(values, filled, columns), weights);
  }
}
