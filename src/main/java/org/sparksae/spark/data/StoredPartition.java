package org.sparksae.spark.data;

import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.rows.GatheredRows;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowFile;
import org.sparksae.core.rows.StoredBlock;

/**
 * One partition of a store, in a file that this process has mapped. It is never serialised, because
 * another process cannot use the mapping.
 */
final class StoredPartition {
  private final RowFile file;
  private final long fingerprint;
  private PartitionRows rows;

  StoredPartition(RowFile file) {
    this.file = file;
    this.fingerprint = RowCounts.of(file.note()).fingerprint();
  }

  /** Returns the {@link RowCounts#fingerprint} of the rows. */
  long fingerprint() {
    return fingerprint;
  }

  /** Returns the {@link RowCounts} as bytes. */
  byte[] counts() {
    return file.note();
  }

  /**
   * Returns the rows with their numbers among all rows.
   *
   * @param firstRows number of the first row of each partition of the DataFrame; the same in every
   *     call
   */
  synchronized PartitionRows rows(long[] firstRows) {
    if (rows == null) {
      rows = file.rows(firstRows);
    }
    return rows;
  }

  /**
   * Returns the counts of rows that were left out, as parts without rows, and then a copy of each
   * block.
   */
  Iterator<BlockReader.Part> parts() {
    Stream<BlockReader.Part> leftOut =
        RowCounts.of(counts()).sources().stream().map(StoredPartition::leftOut);
    Stream<BlockReader.Part> blocks = IntStream.range(0, file.blocks().size()).mapToObj(this::part);
    return Stream.concat(leftOut, blocks).iterator();
  }

  private static BlockReader.Part leftOut(RowCounts.Source source) {
    RowBlock none = new RowBlock(DenseRows.zeros(0, 1), null);
    return new BlockReader.Part(
        source.partition(), none, source.skipped(), source.otherSizes(), source.problem());
  }

  private BlockReader.Part part(int block) {
    StoredBlock stored = file.blocks().get(block);
    RowBlock copy = stored.tile(0, stored.size(), new GatheredRows(stored.size()));
    RowBlock numbered = copy.startingAt(stored.firstRow());
    return new BlockReader.Part(file.origin(block), numbered, 0, 0, null);
  }
}
