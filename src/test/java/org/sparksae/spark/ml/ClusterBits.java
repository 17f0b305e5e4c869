package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** Two executors in JVMs of their own give the bits that one process gives. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ClusterBits {
  private static final float[][] ROWS = TestFrames.rows(150, 6, 17);
  private static final float[][] FEW_VALUES = fewValues(TestFrames.rows(150, 60, 18));
  private static final Map<String, SparseAutoencoderModel> LOCAL = new HashMap<>();
  private static final Map<String, SparseAutoencoderModel> ROUNDED = new HashMap<>();
  private static SparseAutoencoderModel spreadLocally;
  private static SparseAutoencoderModel kSparseLocally;
  private static List<Row> localCodes;
  private static SparkSession cluster;

  @BeforeAll
  static void fitInOneProcessAndStartTheCluster() {
    for (String solver : List.of("l-bfgs", "adam")) {
      LOCAL.put(solver, estimator(solver).fit(frame(LocalSpark.session())));
    }
    for (String aggregation : List.of("allReduce", "tree")) {
      ROUNDED.put(aggregation, rounded(aggregation).fit(frame(LocalSpark.session())));
    }
    spreadLocally = estimator("adam").fit(onePartition(LocalSpark.session()));
    localCodes = codes(LOCAL.get("adam"), LocalSpark.session());
    kSparseLocally = kSparse().fit(frame(LocalSpark.session(), FEW_VALUES, 100, 0, 50));
    cluster = ClusterTest.cluster();
  }

  @Test
  void twoExecutorsGiveTheBitsOfOneProcess() {
    for (String solver : LOCAL.keySet()) {
      SparseAutoencoderModel model = estimator(solver).fit(frame(cluster));
      assertArrayEquals(LOCAL.get(solver).parameters(), model.parameters(), solver);
      assertArrayEquals(
          LOCAL.get(solver).summary().objectiveHistory(), model.summary().objectiveHistory());
    }
    int driver = 1;
    assertEquals(2 + driver, cluster.sparkContext().statusTracker().getExecutorInfos().length);
  }

  @Test
  void productsOfBfloat16GiveThemToo() {
    for (String aggregation : ROUNDED.keySet()) {
      SparseAutoencoderModel model = rounded(aggregation).fit(frame(cluster));
      assertArrayEquals(ROUNDED.get(aggregation).parameters(), model.parameters(), aggregation);
    }
  }

  @Test
  void rowsSpreadOverTheCoresLieAsInOneProcess() {
    SparseAutoencoderModel model = estimator("adam").fit(onePartition(cluster));
    assertArrayEquals(spreadLocally.parameters(), model.parameters());
  }

  /** Of sparse rows, which travel as such. */
  @Test
  void kSparseCodesAreThoseOfOneProcess() {
    Dataset<Row> frame = frame(cluster, FEW_VALUES, 100, 0, 50);
    SparseAutoencoderModel model = kSparse().fit(frame);
    assertArrayEquals(kSparseLocally.parameters(), model.parameters());
    assertArrayEquals(
        kSparseLocally.summary().objectiveHistory(), model.summary().objectiveHistory());
    for (Row row : model.transform(frame).select("code").collectAsList()) {
      assertEquals(3, ((SparseVector) row.get(0)).indices().length);
    }
  }

  @Test
  void transformsOnExecutors() {
    assertEquals(localCodes, codes(LOCAL.get("adam"), cluster));
  }

  /** Deep enough a tree for seven partitions to be added up on the executors, too. */
  private static SparseAutoencoder estimator(String solver) {
    return Fixtures.estimator().setSolver(solver).setAggregationDepth(2).setBatchSize(60);
  }

  private static SparseAutoencoder rounded(String aggregation) {
    return estimator("adam").setAggregation(aggregation).setPrecision("bfloat16");
  }

  private static SparseAutoencoder kSparse() {
    return estimator("adam").setHiddenLayers(20).setK(3).setKStart(6);
  }

  /** Every tenth value of a row, another one in each. */
  private static float[][] fewValues(float[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = (i + j) % 10 == 0 ? rows[i][j] : 0;
      }
    }
    return rows;
  }

  private static Dataset<Row> frame(SparkSession session) {
    return frame(session, ROWS, 30, 0, 50, 1, 29, 0, 40);
  }

  private static Dataset<Row> onePartition(SparkSession session) {
    return frame(session, ROWS, ROWS.length);
  }

  private static Dataset<Row> frame(SparkSession session, float[][] all, int... sizes) {
    List<List<Row>> partitions = new ArrayList<>();
    for (float[][] rows : TestFrames.splitBySize(all, sizes)) {
      partitions.add(new ArrayList<>());
      for (float[] row : rows) {
        partitions
            .get(partitions.size() - 1)
            .add(RowFactory.create(InputType.SPARSE_VECTOR.form(row)));
      }
    }
    return TestFrames.frame(
        session,
        new StructType().add(TestFrames.FEATURES, InputType.SPARSE_VECTOR.type()),
        partitions);
  }

  private static List<Row> codes(SparseAutoencoderModel model, SparkSession session) {
    return model.transform(frame(session)).select("code").collectAsList();
  }
}
