package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.BlockId;
import org.sparksae.core.rows.GatheredRows;
import org.sparksae.core.rows.RowBlock;
import scala.jdk.javaapi.CollectionConverters;

/** Shows tests what a store holds. */
public final class Stored {
  private Stored() {}

  /** Copies of the blocks, in arrays. */
  public static JavaRDD<RowBlock> blocks(RowStore store) {
    return store
        .data()
        .flatMap(
            rows ->
                rows.blocks().stream()
                    .map(
                        block ->
                            block
                                .tile(0, block.size(), new GatheredRows(block.size()))
                                .startingAt(block.firstRow()))
                    .iterator());
  }

  /** Names of the files of rows that this process has, complete or not. */
  public static List<String> files() {
    return paths().map(File::getName).sorted().toList();
  }

  static Stream<File> paths() {
    return CollectionConverters.asJava(
            SparkEnv.get().blockManager().diskBlockManager().getAllFiles())
        .stream()
        .filter(file -> file.getName().startsWith("rdd_"));
  }

  /** Removes the files from this process, as if it were a lost executor. */
  static void loseFiles() {
    paths()
        .forEach(
            file -> SparkEnv.get().blockManager().removeBlock(BlockId.apply(file.getName()), true));
    awaitFiles(0);
  }

  /** Waits until this process has that many files; Spark removes files asynchronously. */
  public static void awaitFiles(int count) {
    List<String> files = files();
    for (int tries = 0; files.size() != count && tries < 3000; tries++) {
      LockSupport.parkNanos(10_000_000L);
      files = files();
    }
    // Not listed again: another task of a failed job may be beginning its file just now.
    assertEquals(count, files.size(), files.toString());
  }
}
