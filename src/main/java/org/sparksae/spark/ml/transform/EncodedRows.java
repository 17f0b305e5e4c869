package org.sparksae.spark.ml.transform;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.SplitRows;
import org.sparksae.spark.data.BlockBuilder;
import org.sparksae.spark.data.FileBlocks;
import org.sparksae.spark.data.RowReader;
import org.sparksae.spark.exchange.KernelBackend;

/**
 * Iterates over the rows of a partition, encoded by a {@link BlockEncoder}. It reads a tile of
 * rows, encodes it, and returns its rows one by one before it reads the next tile. A row is valid
 * until the next one is requested.
 */
public final class EncodedRows implements Iterator<InternalRow> {
  /** Rows of a tile: enough for a product at full speed. Their other columns wait in memory. */
  public static final int TILE_ROWS = 512;

  /** Property that Spark gives the tasks of a query with {@code Trigger.Continuous}. */
  private static final String CONTINUOUS_PROCESSING = "__is_continuous_processing";

  private final BlockEncoder encoder;
  private final Iterator<InternalRow> rows;
  private final StructType columns;
  private final RowReader reader;
  private final SplitRows split;
  private final InvalidRows invalid;
  private final JoinedRow joined = new JoinedRow();
  private WaitingRows tile;
  private FileBlocks blocks;
  private BlockBuilder inputs;
  private Autoencoder autoencoder;
  private Autoencoder decoder;
  private OutputColumns outputs;
  private int next;

  /**
   * Rows to encode.
   *
   * @param columns columns of the rows
   * @param read ordinals of the columns to read
   */
  EncodedRows(BlockEncoder encoder, Iterator<InternalRow> rows, StructType columns, int[] read) {
    this.encoder = encoder;
    this.rows = rows;
    this.columns = columns;
    this.invalid = new InvalidRows(encoder.read().input().name(), encoder.skipInvalid());
    this.reader =
        encoder
            .read()
            .reader(
                Arrays.stream(read).mapToObj(at -> columns.apply(at).dataType()).toList(), read);
    this.split = encoder.read().target() == null ? null : new SplitRows(encoder.spec().cut());
  }

  @Override
  public boolean hasNext() {
    return tile != null && next < tile.count() || nextTile();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    InternalRow added = outputs.of(next);
    blocks.give(next);
    return joined.apply(tile.get(next++), added);
  }

  private boolean nextTile() {
    endIfCancelled();
    if (tile != null) {
      blocks.beginReading();
    }
    if (!rows.hasNext()) {
      return false;
    }
    if (tile == null) {
      makeBuffers();
    }
    readTile();
    if (tile.count() > 0) {
      encode();
    }
    return tile.count() > 0;
  }

  /** Checks for cancellation, because the source of the rows may not, as in a cross join. */
  private static void endIfCancelled() {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted()) {
      throw new TaskKilledException("the job was cancelled");
    }
  }

  /** Allocates buffers once there is a row, because many partitions may be empty. */
  private void makeBuffers() {
    KernelBackend.log(encoder.spec().precision());
    int tileRows = tileRows();
    boolean apart = !encoder.decodingSpec().equals(encoder.spec());
    tile = new WaitingRows(columns, tileRows);
    blocks = new FileBlocks(tileRows);
    inputs = new BlockBuilder(reader, encoder.read().size(), tileRows);
    autoencoder = new Autoencoder(encoder.spec(), tileRows);
    decoder = apart ? new Autoencoder(encoder.decodingSpec(), tileRows) : autoencoder;
    outputs = new OutputColumns(encoder.spec(), encoder.outputs());
  }

  /** Returns 1 in continuous processing, where a partition may never get a next row. */
  private int tileRows() {
    TaskContext task = TaskContext.get();
    boolean continuous =
        task != null && Boolean.parseBoolean(task.getLocalProperty(CONTINUOUS_PROCESSING));
    return continuous ? 1 : Math.min(TILE_ROWS, encoder.spec().tileRows());
  }

  private void readTile() {
    tile.clear();
    inputs.clear();
    next = 0;
    while (!tile.isFull() && rows.hasNext()) {
      InternalRow row = rows.next();
      String problem = inputs.add(row);
      if (problem == null) {
        blocks.read(tile.count());
        tile.add(row);
      } else {
        invalid.add(problem);
      }
    }
  }

  private void encode() {
    RowBlock whole = new RowBlock(inputs.view(), null);
    RowBlock block = split == null ? whole : split.of(whole, Team.SOLO);
    Rows x = block.inputs();
    float[] parameters = encoder.parameters().value();
    boolean decoded = encoder.outputs().decoded();
    int layer = encoder.outputs().output().layer();
    EncodedBatch decodable = decoded ? decoder.encode(parameters, x) : null;
    DenseRows reconstruction = decoded ? decodable.reconstruct() : null;
    Rows code =
        decoded && decoder == autoencoder
            ? decodable.hidden(layer)
            : encoder.outputs().code() ? autoencoder.encode(parameters, x, layer) : null;
    outputs.take(code, reconstruction, block.rows());
  }
}
