package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.StoragePrecision;
import org.sparksae.spark.job.Slots;
import org.sparksae.spark.job.SparkJobs;

/**
 * A DataFrame's rows as blocks of floats, built in one pass and kept in mapped files in Spark's
 * local directories until closed. They take no heap, except a few bytes for each block.
 *
 * <p>The store keeps the DataFrame's partitions and row order, unless there are fewer partitions
 * than slots, the caller requests another number, or they are very uneven. Then it spreads the
 * blocks over the requested number of partitions, or one per slot, in the same way each time. It
 * merges many partitions of few rows.
 */
public final class RowStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RowStore.class);
  private static final String SKIP_THEM = "set handleInvalid to 'skip' to leave such rows out";

  private final RowSource source;

  /** Number of the RDD to which Spark's block manager assigns the files. */
  private final int id;

  /** Counts of the rows in each partition of the store. */
  private final List<RowCounts> counts;

  private final StoragePrecision precision;

  private RowStore(RowSource source, int id, List<RowCounts> counts, StoragePrecision precision) {
    this.source = source;
    this.id = id;
    this.counts = counts;
    this.precision = precision;
  }

  /**
   * Reads the rows.
   *
   * @param dataset the rows
   * @param columns the columns of a row; the files have the precision to which they are rounded
   * @param weightCol column of row weights; empty for weight 1
   * @param blockRows maximum number of rows in a block
   * @param skipInvalid whether invalid rows are left out; otherwise they are an error
   * @param partitions exact number of partitions, one for each worker; 0 for the DataFrame's
   *     partitions, or one per slot if those are fewer
   * @throws IllegalArgumentException naming column, row and rule, if a row is not valid
   */
  public static RowStore read(
      Dataset<?> dataset,
      FeatureColumns columns,
      String weightCol,
      int blockRows,
      boolean skipInvalid,
      int partitions) {
    return read(dataset, columns, weightCol, blockRows, skipInvalid, SKIP_THEM, partitions);
  }

  /**
   * Reads rows that must all be valid, for a stage that cannot leave any out.
   *
   * @param remedy what to do about an invalid row, for the message
   * @throws IllegalArgumentException naming column, row, rule and remedy, if a row is not valid
   */
  public static RowStore readAll(
      Dataset<?> dataset, FeatureColumn column, int blockRows, String remedy) {
    return read(dataset, FeatureColumns.of(column), "", blockRows, false, remedy, 0);
  }

  private static RowStore read(
      Dataset<?> dataset,
      FeatureColumns columns,
      String weightCol,
      int blockRows,
      boolean skipInvalid,
      String remedy,
      int partitions) {
    List<DataType> types = columns.in(dataset.schema()).stream().map(ColumnPath::type).toList();
    boolean weighted = !weightCol.isEmpty();
    JavaRDD<InternalRow> rows = CatalystRows.rdd(select(dataset, columns, weightCol));
    boolean spread = BlockSpread.isNeeded(rows, partitions);
    int spreadSize = Math.min(blockRows, BlockSpread.BLOCK_ROWS);
    BlockReader.Layout layout =
        new BlockReader.Layout(columns, types, weighted, spread ? spreadSize : blockRows);
    StoragePrecision precision = columns.precision();
    RowStore blocked = keep(read(rows, layout, skipInvalid, spread, partitions), precision);
    if (!spread && blocked.areUneven(partitions)) {
      blocked.close();
      layout = new BlockReader.Layout(columns, types, weighted, spreadSize);
      blocked = keep(read(rows, layout, skipInvalid, true, partitions), precision);
    }
    try {
      blocked.report(columns, weightCol, skipInvalid, remedy);
      return spread || partitions > 0 ? blocked : blocked.inFewerPartitions(blockRows);
    } catch (Throwable refused) {
      blocked.close();
      throw refused;
    }
  }

  private static JavaRDD<BlockReader.Part> read(
      JavaRDD<InternalRow> rows,
      BlockReader.Layout layout,
      boolean skipInvalid,
      boolean spread,
      int partitions) {
    JavaRDD<BlockReader.Part> read =
        rows.mapPartitionsWithIndex(
            (index, it) -> new BlockReader(index, it, layout, !skipInvalid), true);
    read.setName("rows to learn from");
    return spread ? BlockSpread.spread(read, partitions) : read;
  }

  private static RowStore keep(JavaRDD<BlockReader.Part> parts, StoragePrecision precision) {
    int id = parts.context().newRddId();
    try {
      RowSource source = new RowSource(parts.rdd());
      JavaRDD<byte[]> notes =
          StoredRdd.partitions(source, id, null, precision).map(StoredPartition::counts);
      List<byte[]> collected = SparkJobs.collect(notes, "reading rows");
      return new RowStore(source, id, collected.stream().map(RowCounts::of).toList(), precision);
    } catch (Throwable failed) {
      SparkJobs.removeBlocks(parts.context(), id);
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
   * Maps the rows block by block, in one pass from file to file. The result has the same
   * partitions, order, numbers and weights, and is kept in the same way, as float32, until closed.
   * Whatever the map uses must live as long, because lost partitions are recomputed.
   */
  public RowStore map(RowsMap map) {
    return keep(
        storedParts().mapPartitions(it -> it.hasNext() ? mapped(it, map.begin()) : it, true),
        StoragePrecision.FLOAT32);
  }

  private JavaRDD<BlockReader.Part> storedParts() {
    return StoredRdd.parts(source, id, fingerprints());
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
        return part.block().size() == 0
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
    int cores = partitions > 0 ? partitions : Math.min(partitions(), Slots.toFill(context()));
    long most = counts.stream().mapToLong(RowCounts::rows).max().orElse(0);
    long fair = rows() / cores;
    return most > fair + fair / 4 && most - fair >= 2 * BlockSpread.BLOCK_ROWS;
  }

  /**
   * Merges neighbouring partitions if a task costs more than computing the few rows of a partition.
   * If the result is a new store, this one is closed.
   */
  private RowStore inFewerPartitions(int blockRows) {
    int fewer = BlockSpread.partitionsFor(source.rdd().toJavaRDD(), rows(), blockRows);
    if (fewer == partitions()) {
      return this;
    }
    try {
      return keep(BlockSpread.together(storedParts(), firstRows(), rows(), fewer), precision);
    } finally {
      close();
    }
  }

  private static Dataset<Row> select(Dataset<?> dataset, FeatureColumns columns, String weightCol) {
    StructType schema = dataset.schema();
    List<Column> selected = new ArrayList<>();
    columns.in(schema).forEach(path -> selected.add(path.expression()));
    if (!weightCol.isEmpty()) {
      selected.add(ColumnPath.of(schema, "weightCol", weightCol).expression().cast("double"));
    }
    return dataset.select(selected.toArray(Column[]::new));
  }

  private Stream<RowCounts.Source> sources() {
    return counts.stream().flatMap(of -> of.sources().stream());
  }

  private void report(
      FeatureColumns columns, String weightCol, boolean skipInvalid, String remedy) {
    long skipped = skippedRows();
    if (skipped == 0) {
      return;
    }
    String problem =
        sources().map(RowCounts.Source::problem).filter(Objects::nonNull).findFirst().orElseThrow();
    String example =
        Text.format(
            "%s%s: %s",
            columns.describe(),
            weightCol.isEmpty() ? "" : " with weightCol '" + weightCol + "'",
            problem);
    if (!skipInvalid) {
      throw new IllegalArgumentException(example + "; " + remedy);
    }
    long otherSizes = sources().mapToLong(RowCounts.Source::otherSizes).sum();
    if (otherSizes > rows()) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: %d rows of %s would be skipped for their size, and only %d kept, which have %s; leave out the rows of other sizes before the fit",
              otherSizes, columns.describe(), rows(), columns.describeSizes()));
    }
    LOG.warn("skipped {} invalid rows; the first: {}", skipped, example);
  }

  /** Number of rows. */
  public long rows() {
    return counts.stream().mapToLong(RowCounts::rows).sum();
  }

  /** Number of invalid rows that were left out. */
  public long skippedRows() {
    return sources().mapToLong(RowCounts.Source::skipped).sum();
  }

  /** Whether some rows are stored in sparse form. */
  public boolean hasSparseRows() {
    return sources().anyMatch(RowCounts.Source::sparse);
  }

  /** Sum of the row weights. */
  public double weight() {
    return sources().mapToDouble(RowCounts.Source::weight).sum();
  }

  /**
   * Returns a hash of all rows, their order and their weights, in hexadecimal. It does not depend
   * on the partitions that hold them.
   */
  public String contentHash() {
    long[] firstRows = firstRows();
    long hash =
        sources()
            .mapToLong(source -> ContentHash.after(firstRows[source.partition()], source.hash()))
            .sum();
    return HexFormat.of().toHexDigits(ContentHash.mix(rows() + hash));
  }

  /**
   * Describes how the rows are partitioned in the DataFrame: number of partitions and a hash of
   * their sizes. The order of summation over all rows depends on it.
   */
  public String sourcePartitions() {
    long[] firstRows = firstRows();
    return Text.format("%d (cut %08x)", firstRows.length, Arrays.hashCode(firstRows));
  }

  /** Number of partitions of {@link #data}. */
  public int partitions() {
    return source.partitions();
  }

  /** Returns the SparkContext that holds the rows. */
  public SparkContext context() {
    return source.rdd().context();
  }

  /**
   * Returns the rows for one job, one element for each partition, possibly without rows. Rows are
   * numbered in the DataFrame's order, however they are spread. The elements cannot be serialised,
   * so they do not leave their executors.
   */
  public JavaRDD<PartitionRows> data() {
    long[] firstRows = firstRows();
    return StoredRdd.partitions(source, id, fingerprints(), precision)
        .map(partition -> partition.rows(firstRows));
  }

  private long[] fingerprints() {
    return counts.stream().mapToLong(RowCounts::fingerprint).toArray();
  }

  /** Number of the first row of each partition that was read. */
  private long[] firstRows() {
    int partitions = 1 + sources().mapToInt(RowCounts.Source::partition).max().orElse(0);
    long[] rows = new long[partitions];
    sources().forEach(source -> rows[source.partition()] += source.rows());
    long[] first = new long[partitions];
    for (int p = 1; p < partitions; p++) {
      first[p] = first[p - 1] + rows[p - 1];
    }
    return first;
  }

  /** Deletes the files. */
  @Override
  public void close() {
    SparkJobs.removeBlocks(context(), id);
  }
}
