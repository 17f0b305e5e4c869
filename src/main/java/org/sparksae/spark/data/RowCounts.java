package org.sparksae.spark.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sparksae.core.linalg.SparseRows;

/** Counts the rows in one partition of a store, by the DataFrame partition that they come from. */
final class RowCounts {
  private final SortedMap<Integer, Source> sources = new TreeMap<>();

  /**
   * Counts of the rows from one partition of the DataFrame.
   *
   * @param partition number of the DataFrame's partition
   * @param rows number of rows
   * @param weight sum of their weights
   * @param hash their {@link ContentHash}, as if that partition were the first
   * @param skipped number of rows left out
   * @param otherSizes number of rows left out because of their number of values
   * @param sparse whether some rows are stored in sparse form
   * @param problem what is wrong with the first row left out, or null
   */
  record Source(
      int partition,
      long rows,
      double weight,
      long hash,
      long skipped,
      long otherSizes,
      boolean sparse,
      String problem) {

    private static Source empty(int partition) {
      return new Source(partition, 0, 0, 0, 0, 0, false, null);
    }

    private Source with(BlockReader.Part part) {
      int more = part.block().size();
      return new Source(
          partition,
          rows + more,
          weight + part.block().totalWeight(),
          hash + ContentHash.after(part.block().firstRow(), ContentHash.of(part.block())),
          skipped + part.skipped(),
          otherSizes + part.otherSizes(),
          sparse || part.block().rows() instanceof SparseRows && more > 0,
          problem == null ? part.problem() : problem);
    }

    private static Source read(DataInputStream in) throws IOException {
      return new Source(
          in.readInt(),
          in.readLong(),
          in.readDouble(),
          in.readLong(),
          in.readLong(),
          in.readLong(),
          in.readBoolean(),
          in.readBoolean() ? in.readUTF() : null);
    }

    private void write(DataOutputStream out) throws IOException {
      out.writeInt(partition);
      out.writeLong(rows);
      out.writeDouble(weight);
      out.writeLong(hash);
      out.writeLong(skipped);
      out.writeLong(otherSizes);
      out.writeBoolean(sparse);
      out.writeBoolean(problem != null);
      if (problem != null) {
        out.writeUTF(problem);
      }
    }
  }

  /** Adds the rows of a part. */
  void add(BlockReader.Part part) {
    Source source = sources.getOrDefault(part.partition(), Source.empty(part.partition()));
    sources.put(part.partition(), source.with(part));
  }

  /** Returns the counts by partitions of the DataFrame, in order. */
  Collection<Source> sources() {
    return sources.values();
  }

  /** Returns the number of rows. */
  long rows() {
    return sources.values().stream().mapToLong(Source::rows).sum();
  }

  /** Returns a hash of the rows, their weights, their order and where they come from. */
  long fingerprint() {
    long hash = 0;
    for (Source source : sources.values()) {
      hash = ContentHash.mix(hash + source.partition());
      hash = ContentHash.mix(hash + source.rows());
      hash = ContentHash.mix(hash + source.hash());
    }
    return hash;
  }

  /** Returns the counts as bytes for {@link #of}. */
  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(sources.size());
      for (Source source : sources.values()) {
        source.write(out);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** Returns the counts that {@link #bytes} turned into these bytes. */
  static RowCounts of(byte[] bytes) {
    RowCounts counts = new RowCounts();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int sources = in.readInt();
      for (int s = 0; s < sources; s++) {
        Source source = Source.read(in);
        counts.sources.put(source.partition(), source);
      }
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
    return counts;
  }
}
