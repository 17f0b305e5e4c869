package org.sparksae.spark.data;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.security.CryptoStreamUtils;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import org.sparksae.core.Text;
import org.sparksae.core.rows.RowFile;
import scala.Option;

/**
 * How files of rows are written to Spark's local directories: as they are, or encrypted as Spark
 * encrypts its own blocks if {@code spark.io.encryption.enabled} is true.
 *
 * <p>A plain file is mapped. An encrypted one cannot be: its bytes are decrypted to memory outside
 * the heap, so rows then need memory.
 */
final class DiskCipher {
  /** Writes files as they are. */
  static final DiskCipher NONE = new DiskCipher(null, null);

  private final SparkConf conf;
  private final byte[] key;

  private DiskCipher(SparkConf conf, byte[] key) {
    this.conf = conf;
    this.key = key;
  }

  /** Returns the cipher of this executor. */
  static DiskCipher ofExecutor() {
    Option<byte[]> key = SparkEnv.get().securityManager().getIOEncryptionKey();
    return key.isEmpty() ? NONE : new DiskCipher(SparkEnv.get().conf(), key.get());
  }

  /** Creates a file, and returns a channel that writes to it. */
  WritableByteChannel create(File file) throws IOException {
    FileChannel channel =
        FileChannel.open(file.toPath(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return key == null ? channel : CryptoStreamUtils.createWritableChannel(channel, conf, key);
  }

  /**
   * Opens the file of a block whose lock the caller has.
   *
   * @throws IOException if the file is lost or not complete
   * @throws IllegalStateException if it is encrypted and exceeds the memory
   */
  RowFile open(BlockManager blocks, RDDBlockId id, File file) throws IOException {
    return key == null
        ? RowFile.open(file.toPath())
        : RowFile.of(decrypted(blocks, id), file.getPath());
  }

  private static ByteBuffer decrypted(BlockManager blocks, RDDBlockId id) throws IOException {
    ByteBuffer bytes = allocate(blocks.diskStore().getSize(id), id);
    try (InputStream in = blocks.diskStore().getBytes(id).toInputStream();
        ReadableByteChannel channel = Channels.newChannel(in)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw new IOException("the file of block " + id + " is too short");
        }
      }
    }
    return bytes.flip();
  }

  private static ByteBuffer allocate(long size, RDDBlockId id) {
    String rows =
        Text.format(
            "spark.io.encryption.enabled is true, so the rows of a partition (block %s, %d bytes) are decrypted to memory outside the heap",
            id, size);
    if (size > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          rows + ", which takes less than 2 GiB at a time: use more partitions");
    }
    try {
      return ByteBuffer.allocateDirect((int) size);
    } catch (OutOfMemoryError exhausted) {
      throw new IllegalStateException(
          rows
              + ", and there is too little of it: raise -XX:MaxDirectMemorySize (its default is the size of the heap), or set the encryption to false and let spark.local.dir name encrypted disks",
          exhausted);
    }
  }
}
