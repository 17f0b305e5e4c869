package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** Input, checkpoints and models on a real HDFS, in this process. */
@ExtendWith(LocalSpark.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HdfsTest {
  private static final float[][] ROWS = TestFrames.rows(120, 6, 23);

  @TempDir private static File directory;
  private static MiniDFSCluster cluster;
  private static DistributedFileSystem files;

  @BeforeAll
  static void start() throws IOException {
    cluster = new MiniDFSCluster.Builder(new Configuration(), directory).numDataNodes(1).build();
    cluster.waitActive();
    files = cluster.getFileSystem();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.shutdown(true);
    }
  }

  private static String at(String path) {
    return cluster.getURI() + path;
  }

  private static List<String> names(String path) throws IOException {
    return Arrays.stream(files.listStatus(new Path(path)))
        .map(FileStatus::getPath)
        .map(Path::getName)
        .sorted()
        .toList();
  }

  @Test
  void trainsFromGoesOnFromAndSavesToHdfs() throws IOException {
    TestFrames.frame(InputType.FLOATS, TestFrames.split(ROWS, 2)).write().parquet(at("/rows"));
    Dataset<Row> rows = LocalSpark.session().read().parquet(at("/rows"));
    for (String solver : List.of("adam", "l-bfgs")) {
      String place = "/checkpoints of/" + solver;
      SparseAutoencoder estimator = Fixtures.estimator().setSolver(solver).setMaxIter(5);
      SparseAutoencoderModel undisturbed = estimator.fit(rows);
      estimator.setCheckpointDir(at(place)).setCheckpointInterval(2);
      estimator.fit(rows);
      assertEquals(
          List.of("checkpoint-00000004.safetensors", "checkpoint-00000005.safetensors", "run.txt"),
          names(place));
      // A damaged file is passed over, and then replaced, which a rename on HDFS does not do.
      Path newest = new Path(place, "checkpoint-00000005.safetensors");
      long length = files.getFileStatus(newest).getLen();
      truncate(newest, length - 1);
      assertEquals(length - 1, files.getFileStatus(newest).getLen());
      SparseAutoencoderModel resumed = estimator.fit(rows);
      assertEquals(length, files.getFileStatus(newest).getLen());
      assertArrayEquals(undisturbed.parameters(), resumed.parameters());
      assertArrayEquals(
          undisturbed.summary().objectiveHistory(), resumed.summary().objectiveHistory());
      assertArrayEquals(undisturbed.parameters(), estimator.fit(rows).parameters());

      String model = at("/models/" + solver);
      resumed.save(model);
      assertArrayEquals(undisturbed.parameters(), SparseAutoencoderModel.load(model).parameters());
    }
  }

  /** HDFS may return while it still cuts the last block. */
  private static void truncate(Path path, long length) throws IOException {
    if (!files.truncate(path, length)) {
      while (!files.isFileClosed(path)) {
        Thread.onSpinWait();
      }
    }
  }
}
