package org.sparksae.spark.data;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.rows.StoragePrecision;
import org.sparksae.spark.job.LocalDisks;
import scala.Option;
import scala.reflect.ClassTag$;

/**
 * Finds or writes the file of one partition, in a task.
 *
 * <p>The file is a block of Spark's block manager, stored on disk only. So Spark spreads the files
 * over the directories of {@code spark.local.dir}, knows which executors have them, copies them
 * between executors, removes them everywhere when their store is closed, and deletes its
 * directories when the application ends. If a process is killed, its directory stays. The cluster
 * manager removes that of an executor: Spark's Worker and YARN's NodeManager with the application,
 * Kubernetes with the pod. Nobody removes that of a driver in local mode, {@code blockmgr-...} in
 * {@code spark.local.dir}.
 *
 * <p>Two attempts at a task write two files. The file of the first to finish becomes the block; the
 * other is deleted.
 */
final class RowFiles {
  private static final Logger LOG = LoggerFactory.getLogger(RowFiles.class);

  /**
   * The partitions that this process has mapped, by file. Files of different applications have
   * different paths. The references are weak, because a deleted file occupies the disk for as long
   * as it is mapped.
   */
  private static final Map<File, WeakReference<StoredPartition>> MAPPED = new ConcurrentHashMap<>();

  private final RDDBlockId id;
  private final TaskContext task;
  private final BlockManager blocks = SparkEnv.get().blockManager();
  private final DiskCipher cipher = DiskCipher.ofExecutor();

  RowFiles(RDDBlockId id, TaskContext task) {
    this.id = id;
    this.task = task;
  }

  /**
   * Returns the partition from this executor's file, or from a copy of another executor's; null if
   * there is no file.
   *
   * @param fingerprint fingerprint that the rows must have
   */
  StoredPartition find(long fingerprint) {
    StoredPartition local = ifSame(local(), fingerprint);
    if (local != null) {
      return local;
    }
    Option<Written> copy = blocks.getRemoteBlock(id, this::copy);
    return copy.isEmpty() ? null : ifSame(stored(copy.get()), fingerprint);
  }

  /**
   * Drops a file that holds other rows. An attempt whose result Spark ignored may have written it
   * if the DataFrame does not give the same rows each time.
   */
  private StoredPartition ifSame(StoredPartition found, long fingerprint) {
    if (found == null || found.fingerprint() == fingerprint) {
      return found;
    }
    drop();
    return null;
  }

  /**
   * Removes this executor's file. One task at a time: if two remove the same block at once, Spark
   * may fail the later one, because the block is gone.
   */
  void drop() {
    synchronized (RowFiles.class) {
      blocks.removeBlock(id, true);
    }
  }

  /** Returns the partition from this executor's file; null if there is none. */
  StoredPartition local() {
    if (blocks.blockInfoManager().lockForReading(id, true).isEmpty()) {
      return null;
    }
    try {
      return mapped(blockFile());
    } catch (ClosedByInterruptException ended) {
      throw new UncheckedIOException(ended);
    } catch (IOException lost) {
      LOG.warn("rows are read again, because their file {} is lost", id, lost);
    } finally {
      blocks.releaseLock(id, Option.empty());
    }
    drop();
    return null;
  }

  private StoredPartition mapped(File file) throws IOException {
    WeakReference<StoredPartition> known = MAPPED.get(file);
    StoredPartition partition = known == null ? null : known.get();
    if (partition == null) {
      MAPPED.values().removeIf(other -> other.get() == null);
      partition = new StoredPartition(cipher.open(blocks, id, file));
      MAPPED.put(file, new WeakReference<>(partition));
    }
    return partition;
  }

  /** Forgets all mappings, so that files are mapped again; for tests. */
  static void forgetMapped() {
    MAPPED.clear();
  }

  /**
   * Writes the partition's file.
   *
   * @param parts its blocks
   * @param fingerprint of the rows that it had before, or null
   * @param precision how values are stored
   */
  StoredPartition write(
      Iterator<BlockReader.Part> parts, Long fingerprint, StoragePrecision precision) {
    File file = newFile();
    try {
      StoredPartition stored =
          stored(new Written(file, write(file, parts, fingerprint, precision)));
      if (stored == null) {
        throw new IllegalStateException("the file of block " + id + " vanished at once");
      }
      return stored;
    } catch (Throwable failed) {
      delete(file);
      throw failed;
    }
  }

  /**
   * A complete file that is not the block yet.
   *
   * @param bytes its length, before encryption
   */
  private record Written(File file, long bytes) {}

  /** Returns the number of bytes. */
  private long write(
      File file, Iterator<BlockReader.Part> parts, Long fingerprint, StoragePrecision precision) {
    try (PartitionWriter writer = new PartitionWriter(file, precision, cipher)) {
      while (parts.hasNext()) {
        requireGoingOn();
        writer.add(parts.next());
      }
      requireSame(writer.finish(), fingerprint);
      return writer.bytes();
    }
  }

  private void requireGoingOn() {
    if (task.isInterrupted()) {
      throw new TaskKilledException("cancelled");
    }
  }

  private void requireSame(RowCounts counts, Long fingerprint) {
    if (fingerprint != null && fingerprint != counts.fingerprint()) {
      throw new IllegalStateException(
          Text.format(
              "partition %d of the training rows was lost, and has other rows (%d) when it is computed again: the DataFrame does not give the same rows each time; write it to files, or checkpoint it, before the fit",
              id.splitIndex(), counts.rows()));
    }
  }

  /**
   * Makes a file the block, unless this executor already has the block; returns null if the block's
   * file cannot be read, as after a copy of a damaged one.
   */
  private StoredPartition stored(Written written) {
    try {
      save(written);
    } finally {
      delete(written.file());
    }
    if (task.isInterrupted()) {
      // The store is closed when its job is cancelled, perhaps before this file was added.
      drop();
    }
    requireGoingOn();
    return local();
  }

  private void save(Written written) {
    File file = written.file();
    try {
      if (!file.exists()) {
        // Spark 4.1 would call it an invalid argument.
        throw new NoSuchFileException(file.getPath());
      }
      // A file of the same name may have been lost or dropped, and still be mapped.
      MAPPED.remove(blockFile());
      blocks
          .new TempFileBasedBlockStoreUpdater<StoredPartition>(
              id,
              StorageLevel.DISK_ONLY(),
              ClassTag$.MODULE$.apply(StoredPartition.class),
              file,
              written.bytes(),
              true,
              false)
          .save();
    } catch (IOException e) {
      throw PartitionWriter.cannotWrite(written.bytes(), List.of(file.getParentFile()), e);
    }
  }

  private static void delete(File file) {
    try {
      Files.deleteIfExists(file.toPath());
    } catch (IOException e) {
      LOG.warn("cannot delete {}", file, e);
    }
  }

  /**
   * Returns a name for an unfinished file, in the directory of the block's file. That directory may
   * have vanished since Spark made it, where somebody cleans the disk.
   */
  private File newFile() {
    try {
      File file = new File(blockFile() + "." + UUID.randomUUID());
      Files.createDirectories(file.toPath().getParent());
      return file;
    } catch (IOException e) {
      throw PartitionWriter.cannotWrite(0, LocalDisks.all(), e);
    }
  }

  /**
   * Returns the block's file, whether or not it exists.
   *
   * @throws IOException if its directory cannot be created; the Scala method does not declare it
   */
  private File blockFile() throws IOException {
    return blocks.diskBlockManager().getFile(id);
  }

  private Written copy(ManagedBuffer buffer) {
    File file = newFile();
    try (InputStream in = buffer.createInputStream();
        OutputStream out = Channels.newOutputStream(cipher.create(file))) {
      return new Written(file, in.transferTo(out));
    } catch (IOException e) {
      delete(file);
      throw PartitionWriter.cannotWrite(0, List.of(file.getParentFile()), e);
    } catch (Throwable failed) {
      delete(file);
      throw failed;
    }
  }
}
