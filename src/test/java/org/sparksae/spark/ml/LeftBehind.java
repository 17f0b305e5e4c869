package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.data.Stored;

/**
 * Finished fits leave nothing on the driver or on executors.
 *
 * <p>{@code -Dsparksae.fits=100} sets the number of fits.
 */
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class LeftBehind {
  private static final int FITS = Integer.getInteger("sparksae.fits", 1);

  /** Spark destroys broadcasts, and Netty ends threads, asynchronously. */
  private static final long PATIENCE_S = 30;

  private static SparkSession cluster;

  @BeforeAll
  static void takeTheCluster() {
    cluster = ClusterTest.cluster();
  }

  @Test
  void nothingIsLeftOfFits() throws InterruptedException {
    Dataset<Row> frame =
        TestFrames.frame(
            cluster,
            InputType.DENSE_VECTOR,
            TestFrames.splitBySize(TestFrames.rows(120, 6, 17), 70, 50));
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setHiddenLayers(4, 3)
            .setLayerTraining("greedyThenJoint")
            .setSolver("adam")
            .setAggregation("allReduce")
            .setMaxIter(2);
    estimator.fit(frame);
    List<Holdings> before = settled(cluster);
    for (int fit = 0; fit < FITS; fit++) {
      estimator.fit(frame);
    }
    assertNoMoreIsHeld(cluster, before);
  }

  /** Checks that driver and executors hold no more than before, and no thread. */
  static void assertNoMoreIsHeld(SparkSession cluster, List<Holdings> before)
      throws InterruptedException {
    List<Holdings> after = settled(cluster);
    for (int tries = 0; tries < PATIENCE_S && !noMore(after, before); tries++) {
      after = settled(cluster);
    }
    assertTrue(noMore(after, before), "before " + before + ", after " + after);
    assertTrue(after.stream().allMatch(held -> held.threads().isEmpty()), after.toString());
  }

  /** There may be fewer: what the first fit left may be freed during later ones. */
  private static boolean noMore(List<Holdings> after, List<Holdings> before) {
    for (int jvm = 0; jvm < before.size(); jvm++) {
      if (!after.get(jvm).isNoMoreThan(before.get(jvm))) {
        return false;
      }
    }
    return true;
  }

  /** What driver and executors hold after garbage collection, waiting about a second for it. */
  static List<Holdings> settled(SparkSession cluster) throws InterruptedException {
    // Spark frees the broadcasts of tasks when the driver's collector has found them.
    System.gc();
    TimeUnit.SECONDS.sleep(1);
    List<Holdings> all = new ArrayList<>();
    all.add(Holdings.here());
    all.addAll(
        JavaSparkContext.fromSparkContext(cluster.sparkContext())
            .parallelize(List.of(0, 1), 2)
            .map(
                part -> {
                  // Long enough for both executors to get a task.
                  TimeUnit.MILLISECONDS.sleep(500);
                  return Holdings.here();
                })
            .collect());
    return all;
  }

  /** What a fit could leave in a JVM. */
  record Holdings(List<String> threads, int ports, int blocks, List<String> files)
      implements Serializable {

    static Holdings here() {
      return new Holdings(ownThreads(), listeningPorts(), allBlocks(), temporaryFiles());
    }

    boolean isNoMoreThan(Holdings other) {
      return other.threads.containsAll(threads)
          && ports <= other.ports
          && blocks <= other.blocks
          && other.files.containsAll(files);
    }

    private static List<String> ownThreads() {
      return Thread.getAllStackTraces().keySet().stream()
          .map(Thread::getName)
          .filter(name -> name.startsWith("sparsae"))
          .sorted()
          .toList();
    }

    private static int allBlocks() {
      return SparkEnv.get().blockManager().getMatchingBlockIds(block -> true).size();
    }

    private static List<String> temporaryFiles() {
      try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
        return Stream.concat(
                files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("sparksae") || name.contains("openblas")),
                Stored.files().stream())
            .sorted()
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Listening sockets of this process, as Linux lists them. */
    private static int listeningPorts() {
      Path sockets = Path.of("/proc/self/fd");
      if (!Files.isReadable(sockets)) {
        return 0;
      }
      Set<String> listening =
          Stream.of("/proc/self/net/tcp", "/proc/self/net/tcp6")
              .map(Path::of)
              .filter(Files::isReadable)
              .flatMap(file -> lines(file).stream().skip(1))
              .map(line -> line.trim().split("\\s+"))
              .filter(fields -> fields[3].equals("0A"))
              .map(fields -> "socket:[" + fields[9] + "]")
              .collect(Collectors.toSet());
      try (Stream<Path> open = Files.list(sockets)) {
        return (int) open.filter(descriptor -> listening.contains(target(descriptor))).count();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static List<String> lines(Path file) {
      try {
        return Files.readAllLines(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Empty if it was closed meanwhile. */
    private static String target(Path descriptor) {
      try {
        return Files.readSymbolicLink(descriptor).toString();
      } catch (IOException closed) {
        return "";
      }
    }
  }
}
