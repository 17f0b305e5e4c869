package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.RDDBlockId;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.rows.GatheredRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.StoragePrecision;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;

/**
 * A partition whose file another executor has, in a cluster of several executors that encrypts
 * local disks. Tasks of a barrier stage occupy all of its slots, so each executor has some.
 */
public final class CopiedRows {
  private static final float[] VALUES = {0.25f, 1e-20f, -7.125f, 3e8f};

  private final JavaSparkContext spark;
  private final int slots;
  private final int store;

  private CopiedRows(JavaSparkContext spark, int slots) {
    this.spark = spark;
    this.slots = slots;
    this.store = spark.sc().newRddId();
  }

  /** What a task does with the files of its executor. */
  private interface Work extends Serializable {
    /** Returns something to look at; the executor is one of those by which results are sorted. */
    String on(RowFiles files, String executor) throws IOException;
  }

  /**
   * Checks that each executor gets the rows of each other, encrypted again, and that a damaged file
   * is not taken for rows.
   *
   * @param slots of the cluster, all free
   */
  public static void check(JavaSparkContext spark, int slots) {
    Set<String> executors = new TreeSet<>(new CopiedRows(spark, slots).run((f, at) -> at));
    assertTrue(executors.size() > 1, executors.toString());
    for (String owner : executors) {
      CopiedRows rows = new CopiedRows(spark, slots);
      rows.areCopiedFrom(owner);
      rows.areNotCopiedDamaged(owner);
      spark.sc().unpersistRDD(rows.store, true);
    }
  }

  private void areCopiedFrom(String owner) {
    run((files, at) -> at.equals(owner) ? write(files) : "");
    String expected = Arrays.toString(VALUES) + ", hidden in 1 file";
    assertEquals(
        Collections.nCopies(slots, expected),
        run((files, at) -> found(files) + ", hidden in " + hidden() + " file"));
  }

  private void areNotCopiedDamaged(String owner) {
    RDDBlockId id = new RDDBlockId(store, 0);
    run((files, at) -> at.equals(owner) ? damage(id) : forget(files));
    for (String found : run((files, at) -> at.equals(owner) ? "none" : found(files))) {
      assertEquals("none", found);
    }
  }

  /** Runs tasks on all slots at once; returns what they return. */
  private List<String> run(Work work) {
    return spark
        .parallelize(Collections.nCopies(slots, 0), slots)
        .rdd()
        .barrier()
        .mapPartitions(new Task(store, work), false, ClassTag.apply(String.class))
        .toJavaRDD()
        .collect();
  }

  private static final class Task
      extends AbstractFunction1<
          scala.collection.Iterator<Integer>, scala.collection.Iterator<String>>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int store;
    private final Work work;

    Task(int store, Work work) {
      this.store = store;
      this.work = work;
    }

    @Override
    public scala.collection.Iterator<String> apply(scala.collection.Iterator<Integer> none) {
      RowFiles files = new RowFiles(new RDDBlockId(store, 0), TaskContext.get());
      try {
        String result = work.on(files, SparkEnv.get().executorId());
        return CollectionConverters.asScala(List.of(result).iterator());
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  private static String write(RowFiles files) {
    Iterator<BlockReader.Part> parts = List.of(part()).iterator();
    return Long.toString(files.write(parts, null, StoragePrecision.FLOAT32).fingerprint());
  }

  private static BlockReader.Part part() {
    RowBlock block = new RowBlock(DenseRows.of(VALUES, 2, 2), null);
    return new BlockReader.Part(0, block, 0, 0, null);
  }

  private static String found(RowFiles files) {
    RowCounts counts = new RowCounts();
    counts.add(part());
    StoredPartition found = files.find(counts.fingerprint());
    if (found == null) {
      return "none";
    }
    RowBlock rows = found.rows(new long[1]).blocks().get(0).tile(0, 2, new GatheredRows(2));
    return Arrays.toString(Arrays.copyOf(((DenseRows) rows.rows()).values(), VALUES.length));
  }

  /** Number of complete files of this executor, in none of which the values can be read. */
  private static long hidden() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * VALUES.length);
    bytes.order(ByteOrder.nativeOrder()).asFloatBuffer().put(VALUES);
    String values = new String(bytes.array(), StandardCharsets.ISO_8859_1);
    List<File> files = Stored.paths().filter(file -> !file.getName().contains(".")).toList();
    for (File file : files) {
      byte[] content = Files.readAllBytes(file.toPath());
      if (new String(content, StandardCharsets.ISO_8859_1).contains(values)) {
        throw new IOException(file + " can be read");
      }
    }
    return files.size();
  }

  /**
   * Loses the second half of the file, but not its length, as disks do. Spark itself waits two
   * minutes for the end of an encrypted file that became shorter.
   */
  private static String damage(RDDBlockId id) throws IOException {
    for (File file : Stored.paths().toList()) {
      try (RandomAccessFile damaged = new RandomAccessFile(file, "rw")) {
        long length = damaged.length();
        damaged.setLength(length / 2);
        damaged.setLength(length);
      }
    }
    return id.name();
  }

  private static String forget(RowFiles files) {
    files.drop();
    return "";
  }
}
