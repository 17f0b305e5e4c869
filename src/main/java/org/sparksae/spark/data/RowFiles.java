package org.sparksae.spark.data;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
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
import org.sparksae.core.rows.RowFile;
import org.sparksae.core.rows.StoragePrecision;
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

  RowFiles(RDDBlockId id, TaskContext task) {
    this.id = id;
    this.task = task;
  }

  /**
   * Refuses settings that forbid plain files of rows.
   *
   * @throws IllegalArgumentException naming the setting
   */
  static void requireUnencrypted(SparkConf conf) {
    if (conf.getBoolean("spark.io.encryption.enabled", false)) {
      throw new IllegalArgumentException(
          "spark.io.encryption.enabled is true, but training rows are mapped from files in spark.local.dir, which Spark cannot encrypt: set it to false, and let spark.local.dir name encrypted disks");
    }
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
    Option<File> copy = blocks.getRemoteBlock(id, this::copy);
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
    blocks.removeBlock(id, true);
    return null;
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
    blocks.removeBlock(id, true);
    return null;
  }

  private static StoredPartition mapped(File file) throws IOException {
    WeakReference<StoredPartition> known = MAPPED.get(file);
    StoredPartition partition = known == null ? null : known.get();
    if (partition == null) {
      MAPPED.values().removeIf(other -> other.get() == null);
      partition = new StoredPartition(RowFile.open(file.toPath()));
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
      requireSame(writeTo(file, parts, precision), fingerprint);
    } catch (Throwable failed) {
      delete(file);
      throw failed;
    }
    return stored(file);
  }

  private RowCounts writeTo(
      File file, Iterator<BlockReader.Part> parts, StoragePrecision precision) {
    try (PartitionWriter writer = new PartitionWriter(file, precision)) {
      while (parts.hasNext()) {
        requireGoingOn();
        writer.add(parts.next());
      }
      return writer.finish();
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

  /** Makes a file the block, unless this executor already has the block. */
  private StoredPartition stored(File file) {
    try {
      blocks
          .new TempFileBasedBlockStoreUpdater<StoredPartition>(
              id,
              StorageLevel.DISK_ONLY(),
              ClassTag$.MODULE$.apply(StoredPartition.class),
              file,
              file.length(),
              true,
              false)
          .save();
    } finally {
      delete(file);
    }
    if (task.isInterrupted()) {
      // The store is closed when its job is cancelled, perhaps before this file was added.
      blocks.removeBlock(id, true);
    }
    requireGoingOn();
    StoredPartition stored = local();
    if (stored == null) {
      throw new IllegalStateException("the file of block " + id + " vanished at once");
    }
    return stored;
  }

  private static void delete(File file) {
    try {
      Files.deleteIfExists(file.toPath());
    } catch (IOException e) {
      LOG.warn("cannot delete {}", file, e);
    }
  }

  /** Returns a name for an unfinished file, in the directory of the block's file. */
  private File newFile() {
    try {
      return new File(blockFile() + "." + UUID.randomUUID());
    } catch (IOException e) {
      String directories = String.join(", ", blocks.diskBlockManager().localDirsString());
      throw PartitionWriter.cannotWrite(directories, 0, 0, e);
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

  private File copy(ManagedBuffer buffer) {
    File file = newFile();
    try (InputStream in = buffer.createInputStream()) {
      Files.copy(in, file.toPath());
      return file;
    } catch (IOException e) {
      delete(file);
      File directory = file.getParentFile();
      throw PartitionWriter.cannotWrite(directory.getPath(), 0, directory.getUsableSpace(), e);
    }
  }
}
