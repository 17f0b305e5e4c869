package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.spark.job.Slots;
import org.sparksae.spark.job.SparkJobs;

/**
 * A DataFrame's rows as blocks of floats, built in one pass and kept in memory (and on disk, if
 * memory runs short) until closed.
 *
 * <p>The store keeps the DataFrame's partitions and row order, unless there are fewer partitions
 * than slots, the caller requests another number, or they are very uneven. Then it spreads the
 * blocks over the requested number of partitions, or one per slot, in the same way each time. It
 * merges many partitions of few rows.
 */
public final class RowStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RowStore.class);
  private static final String SKIP_THEM = "set handleInvalid to 'skip' to leave such rows out";

  private final JavaRDD<BlockReader.Part> parts;
  private final List<Count> counts;

  /**
   * Counts of the rows in one partition of the store that come from one partition of the DataFrame.
   */
  private static final class Count implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int partition;
    private long rows;
    private double weight;
    private long hash;
    private long skipped;
    private long otherSizes;
    private boolean sparse;
    private String problem;

    Count(int partition) {
      this.partition = partition;
    }

    void add(BlockReader.Part part) {
      rows += part.block().rows().rows();
      weight += part.block().totalWeight();
      hash += ContentHash.after(part.block().firstRow(), ContentHash.of(part.block()));
      skipped += part.skipped();
      otherSizes += part.otherSizes();
      sparse |= part.block().rows() instanceof SparseRows && part.block().rows().rows() > 0;
      problem = problem == null ? part.problem() : problem;
    }
  }

  private RowStore(JavaRDD<BlockReader.Part> parts, List<Count> counts) {
    this.parts = parts;
    this.counts = counts;
  }

  /**
   * Reads the rows.
   *
   * @param dataset the rows
   * @param column the input column
   * @param weightCol column of row weights; empty for weight 1
   * @param blockRows maximum number of rows in a block
   * @param skipInvalid whether invalid rows are left out; otherwise they are an error
   * @param partitions exact number of partitions, for a barrier stage; 0 for the DataFrame's
   *     partitions, or one per slot if those are fewer
   * @throws IllegalArgumentException naming column, row and rule, if a row is not valid
   */
  public static RowStore read(
      Dataset<?> dataset,
      FeatureColumn column,
      String weightCol,
      int blockRows,
      boolean skipInvalid,
      int partitions) {
    return read(dataset, column, weightCol, blockRows, skipInvalid, SKIP_THEM, partitions);
  }

  /**
   * Reads rows that must all be valid, for a stage that cannot leave any out.
   *
   * @param remedy what to do about an invalid row, for the message
   * @throws IllegalArgumentException naming column, row, rule and remedy, if a row is not valid
   */
  public static RowStore readAll(
      Dataset<?> dataset, FeatureColumn column, int blockRows, String remedy) {
    return read(dataset, column, "", blockRows, false, remedy, 0);
  }

  private static RowStore read(
      Dataset<?> dataset,
      FeatureColumn column,
      String weightCol,
      int blockRows,
      boolean skipInvalid,
      String remedy,
      int partitions) {
    DataType type = ColumnPath.of(dataset.schema(), "inputCol", column.name()).type();
    boolean weighted = !weightCol.isEmpty();
    JavaRDD<InternalRow> rows = CatalystRows.rdd(select(dataset, column, weightCol));
    boolean spread = BlockSpread.isNeeded(rows, partitions);
    int spreadSize = Math.min(blockRows, BlockSpread.BLOCK_ROWS);
    BlockReader.Layout layout =
        new BlockReader.Layout(column, type, weighted, spread ? spreadSize : blockRows);
    RowStore blocked = read(rows, layout, skipInvalid, spread, partitions);
    if (!spread && blocked.areUneven(partitions)) {
      blocked.close();
      layout = new BlockReader.Layout(column, type, weighted, spreadSize);
      blocked = read(rows, layout, skipInvalid, true, partitions);
    }
    try {
      blocked.report(column, weightCol, skipInvalid, remedy);
      return spread || partitions > 0 ? blocked : blocked.inFewerPartitions(blockRows);
    } catch (Throwable refused) {
      blocked.close();
      throw refused;
    }
  }

  private static RowStore read(
      JavaRDD<InternalRow> rows,
      BlockReader.Layout layout,
      boolean skipInvalid,
      boolean spread,
      int partitions) {
    JavaRDD<BlockReader.Part> read =
        rows.mapPartitionsWithIndex(
            (index, it) -> new BlockReader(index, it, layout, !skipInvalid), true);
    return keep(spread ? BlockSpread.spread(read, partitions) : read);
  }

  private static RowStore keep(JavaRDD<BlockReader.Part> parts) {
    parts.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return new RowStore(
          parts, SparkJobs.collect(parts.mapPartitions(RowStore::count), "reading rows"));
    } catch (Throwable failed) {
      SparkJobs.unpersist(parts);
      throw failed;
    }
  }

  /** Maps rows to other rows; serialised with the closure of a job. */
  @FunctionalInterface
  public interface RowsMap extends Serializable {
    /**
     * Returns the map for the blocks of one partition, with its own buffers. Blocks are not empty.
     */
    Function<Rows, DenseRows> begin();
  }

  /**
   * Maps the rows block by block, in one pass. The result has the same partitions, order, numbers
   * and weights, and is kept in the same way until closed. Whatever the map uses must live as long,
   * because lost partitions are recomputed.
   */
  public RowStore map(RowsMap map) {
    return keep(parts.mapPartitions(it -> it.hasNext() ? mapped(it, map.begin()) : it, true));
  }

  private static Iterator<BlockReader.Part> mapped(
      Iterator<BlockReader.Part> parts, Function<Rows, DenseRows> map) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return parts.hasNext();
      }

      @Override
      public BlockReader.Part next() {
        BlockReader.Part part = parts.next();
        return part.block().rows().rows() == 0
            ? part
            : part.with(BlockBuilder.inFormOfBlock(map.apply(part.block().rows())));
      }
    };
  }

  /**
   * Whether one partition has so many rows that the cores of the others wait for it, for example
   * because all rows of a file that cannot be split are in one of its two partitions.
   */
  private boolean areUneven(int partitions) {
    int cores = partitions > 0 ? partitions : Math.min(partitions(), Slots.toFill(parts.context()));
    long most = counts.stream().mapToLong(count -> count.rows).max().orElse(0);
    long fair = rows() / cores;
    return most > fair + fair / 4 && most - fair >= 2 * BlockSpread.BLOCK_ROWS;
  }

  /**
   * Merges neighbouring partitions if a task costs more than computing the few rows of a partition.
   * If the result is a new store, this one is closed.
   */
  private RowStore inFewerPartitions(int blockRows) {
    int fewer = BlockSpread.partitionsFor(parts, rows(), blockRows);
    if (fewer == partitions()) {
      return this;
    }
    try {
      return keep(BlockSpread.together(parts, firstRows(), rows(), fewer));
    } finally {
      close();
    }
  }

  private static Dataset<Row> select(Dataset<?> dataset, FeatureColumn column, String weightCol) {
    StructType schema = dataset.schema();
    Column input = ColumnPath.of(schema, "inputCol", column.name()).expression();
    return weightCol.isEmpty()
        ? dataset.select(input)
        : dataset.select(
            input, ColumnPath.of(schema, "weightCol", weightCol).expression().cast("double"));
  }

  private static Iterator<Count> count(Iterator<BlockReader.Part> parts) {
    SortedMap<Integer, Count> counts = new TreeMap<>();
    parts.forEachRemaining(part -> counts.computeIfAbsent(part.partition(), Count::new).add(part));
    return counts.values().iterator();
  }

  private void report(FeatureColumn column, String weightCol, boolean skipInvalid, String remedy) {
    long skipped = counts.stream().mapToLong(count -> count.skipped).sum();
    if (skipped == 0) {
      return;
    }
    String problem =
        counts.stream()
            .map(count -> count.problem)
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    String example =
        Text.format(
            "column '%s'%s: %s",
            column.name(),
            weightCol.isEmpty() ? "" : " with weightCol '" + weightCol + "'",
            problem);
    if (!skipInvalid) {
      throw new IllegalArgumentException(example + "; " + remedy);
    }
    long otherSizes = counts.stream().mapToLong(count -> count.otherSizes).sum();
    if (otherSizes > rows()) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: %d rows of column '%s' would be skipped for their size, and only %d kept, which have %d values%s; leave out the rows of other sizes before the fit",
              otherSizes, column.name(), rows(), column.size(), column.reason()));
    }
    LOG.warn("skipped {} invalid rows; the first: {}", skipped, example);
  }

  /** Number of rows. */
  public long rows() {
    return counts.stream().mapToLong(count -> count.rows).sum();
  }

  /** Number of invalid rows that were left out. */
  public long skippedRows() {
    return counts.stream().mapToLong(count -> count.skipped).sum();
  }

  /** Whether some rows are stored in sparse form. */
  public boolean hasSparseRows() {
    return counts.stream().anyMatch(count -> count.sparse);
  }

  /** Sum of the row weights. */
  public double weight() {
    return counts.stream().mapToDouble(count -> count.weight).sum();
  }

  /**
   * Returns a hash of all rows, their order and their weights, in hexadecimal. It does not depend
   * on the partitions that hold them.
   */
  public String contentHash() {
    long[] firstRows = firstRows();
    long hash = rows();
    for (Count count : counts) {
      hash += ContentHash.after(firstRows[count.partition], count.hash);
    }
    return HexFormat.of().toHexDigits(ContentHash.mix(hash));
  }

  /**
   * Describes how the rows are partitioned in the DataFrame: number of partitions and a hash of
   * their sizes. The order of summation over all rows depends on it.
   */
  public String sourcePartitions() {
    long[] firstRows = firstRows();
    return Text.format("%d (cut %08x)", firstRows.length, Arrays.hashCode(firstRows));
  }

  /** Number of partitions of {@link #blocks()}. */
  public int partitions() {
    return parts.getNumPartitions();
  }

  /**
   * Returns the blocks. Blocks are not empty, but partitions may be. Rows have the numbers of the
   * DataFrame's order, however they are spread.
   */
  public JavaRDD<RowBlock> blocks() {
    long[] firstRows = firstRows();
    return parts
        .filter(part -> part.block().rows().rows() > 0)
        .map(
            part -> part.block().startingAt(firstRows[part.partition()] + part.block().firstRow()));
  }

  /** Number of the first row of each partition that was read. */
  private long[] firstRows() {
    int partitions = 1 + counts.stream().mapToInt(count -> count.partition).max().orElse(0);
    long[] rows = new long[partitions];
    counts.forEach(count -> rows[count.partition] += count.rows);
    long[] first = new long[partitions];
    for (int p = 1; p < partitions; p++) {
      first[p] = first[p - 1] + rows[p - 1];
    }
    return first;
  }

  /** Frees the blocks. */
  @Override
  public void close() {
    SparkJobs.unpersist(parts);
  }
}
