package org.sparksae.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.udf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.execution.datasources.v2.parquet.ParquetScan;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.ml.transform.EncodedRows;
import scala.jdk.javaapi.CollectionConverters;

/** What a query reads from a table when it filters and selects after {@code transform}. */
@ExtendWith(LocalSpark.class)
class PrunedTransformTest {
  private static final int TILE = EncodedRows.TILE_ROWS;
  private static final int PARTS = 4;
  private static final int ROWS_OF_PART = 25;

  /** Rows that a function below the operator has seen. */
  private static final AtomicInteger SEEN = new AtomicInteger();

  @TempDir private static Path dir;

  private static String table;
  private static StandardScalerModel scaler;

  /**
   * A scan as the plan has it, and what it read.
   *
   * @param partitionFilters filters that choose directories
   * @param pushedFilters filters that the file format applies
   */
  private record Scan(
      String partitionFilters, String pushedFilters, String readSchema, long files, long rows) {

    static Scan of(Dataset<Row> query) {
      query.collectAsList();
      SparkPlan plan = query.queryExecution().executedPlan();
      List<SparkPlan> leaves = CollectionConverters.asJava(plan.collectLeaves());
      assertEquals(1, leaves.size(), plan.toString());
      FileSourceScanExec scan = (FileSourceScanExec) leaves.get(0);
      return new Scan(
          text(scan, "PartitionFilters"),
          text(scan, "PushedFilters"),
          text(scan, "ReadSchema"),
          scan.metrics().apply("numFiles").value(),
          scan.metrics().apply("numOutputRows").value());
    }

    private static String text(FileSourceScanExec scan, String key) {
      return scan.metadata().apply(key).replaceAll("#\\d+", "");
    }
  }

  @BeforeAll
  static void writeTable() {
    table = dir.resolve("table").toString();
    LocalSpark.session()
        .range(0, PARTS * ROWS_OF_PART, 1, 1)
        .selectExpr(
            "id", "id % 4 as part", "array(id % 7, id % 11) as f", "repeat('x', 50) as wide")
        .withColumn("features", functions.array_to_vector(col("f")))
        .withColumn("s", expr("struct(id as a, wide as b, struct(f as features, wide) as inner)"))
        .drop("f")
        .write()
        .partitionBy("part")
        .parquet(table);
    scaler = new StandardScaler().setInputCol("features").setOutputCol("code").fit(rows());
  }

  private static Dataset<Row> rows() {
    return LocalSpark.session().read().parquet(table);
  }

  private static Dataset<Row> encoded() {
    return Fixtures.handModel("hand").setReconstructionErrorCol("error").transform(rows());
  }

  private static void assertReadsAsMllib(UnaryOperator<Dataset<Row>> query) {
    assertEquals(Scan.of(query.apply(scaler.transform(rows()))), Scan.of(query.apply(encoded())));
  }

  @Test
  void aFilterOnThePartitionReadsItsFilesOnly() {
    Scan scan = Scan.of(encoded().filter("part = 3"));
    assertEquals("[isnotnull(part), (part = 3)]", scan.partitionFilters());
    assertEquals(1, scan.files());
    assertEquals(ROWS_OF_PART, scan.rows());
    assertReadsAsMllib(rows -> rows.filter("part = 3"));
    assertReadsAsMllib(rows -> rows.filter("part = 3").select("code"));
    assertReadsAsMllib(rows -> rows.select("code", "part").filter("part in (1, 2)"));
  }

  @Test
  void columnsThatNobodyWantsAreNotRead() {
    Scan scan = Scan.of(encoded().select("code"));
    assertEquals(
        "struct<features:struct<type:tinyint,size:int,indices:array<int>,values:array<double>>>",
        scan.readSchema());
    assertReadsAsMllib(rows -> rows.select("code"));
    assertReadsAsMllib(rows -> rows.select("id", "code"));
    assertReadsAsMllib(rows -> rows.drop("wide", "features"));
  }

  @Test
  void fieldsThatNobodyWantsAreNotRead() {
    Dataset<Row> encoded =
        Fixtures.handModel("hand").setInputCol("s.inner.features").transform(rows());
    assertEquals(
        "struct<s:struct<inner:struct<features:array<bigint>>>>",
        Scan.of(encoded.select("code")).readSchema());
    assertEquals(List.of(rows().columns()), List.of(encoded.columns()).subList(0, 5));
    assertEquals(
        encoded().select("id", "code").sort("id").collectAsList(),
        encoded.select("id", "code").sort("id").collectAsList());
  }

  @Test
  void aFilterOnADataColumnIsThatOfTheFiles() {
    Scan scan = Scan.of(encoded().filter("id > 90").select("code", "id"));
    assertEquals("[IsNotNull(id), GreaterThan(id,90)]", scan.pushedFilters());
    assertReadsAsMllib(rows -> rows.filter("id > 90").select("code", "id"));
    assertReadsAsMllib(rows -> rows.filter("id > 90 and part = 1").select("code"));
  }

  @Test
  void whatCountsRowsOrDependsOnTheCodeStaysAbove() {
    Dataset<Row> query = encoded().filter("error > 1 and rand(3) < 0.5 and part = 2");
    Filter above = (Filter) query.queryExecution().optimizedPlan();
    assertTrue(above.child() instanceof Generate, above.toString());
    assertEquals(2, query.queryExecution().executedPlan().toString().split("MapPartitions").length);
    assertEquals(ROWS_OF_PART, Scan.of(query).rows());
  }

  /** A function below says how many rows were read for the first. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aTileStillGoesThroughOneProduct(boolean pruned) {
    UDF1<Long, Double> see =
        id -> {
          SEEN.incrementAndGet();
          return id % 7.0;
        };
    Dataset<Row> rows =
        LocalSpark.session()
            .range(0, 3L * TILE, 1, 1)
            .withColumn("x", udf(see, DataTypes.DoubleType).apply(col("id")))
            .selectExpr("id", "array(x, 1d) as features", "id % 5 as part");
    Dataset<Row> encoded = Fixtures.handModel("hand").transform(rows);
    SEEN.set(0);
    (pruned ? encoded.filter("part < 5").select("code") : encoded).limit(1).collectAsList();
    assertEquals(TILE, SEEN.get());
  }

  /** Another rule of the optimizer tells connectors' tables what to read. */
  @Test
  void tablesOfConnectorsReadNoMoreThanFiles() {
    String sources = "spark.sql.sources.useV1SourceList";
    LocalSpark.session().conf().set(sources, "");
    try {
      Dataset<Row> query = encoded().filter("part = 3 and id > 90").select("code");
      BatchScanExec scan =
          (BatchScanExec) query.queryExecution().executedPlan().collectLeaves().head();
      ParquetScan files = (ParquetScan) scan.scan();
      assertEquals(List.of("id", "features"), List.of(files.readDataSchema().fieldNames()));
      assertEquals(2, files.partitionFilters().size());
      assertEquals(2, files.pushedFilters().length);
      assertEquals(3, query.count());
    } finally {
      LocalSpark.session().conf().unset(sources);
    }
  }

  @Test
  void aConstantInputIsEncodedToo() {
    Dataset<Row> rows = rows().select(col("id"), expr("array(2f, 3f)").as("features"));
    Dataset<Row> encoded = Fixtures.handModel("hand").transform(rows);
    assertEquals(1, encoded.select("code").distinct().count());
    assertEquals(ROWS_OF_PART * PARTS, encoded.filter("features[1] = 3").count());
  }

  @Test
  void namesTheModel() {
    String plan = encoded().select("code").queryExecution().toString();
    assertTrue(plan.contains("Generate hand(features#"), plan);
    assertTrue(plan.contains("MapPartitions hand, obj#"), plan);
  }

  /** A global view, for example, takes a plan into a session in which nothing was transformed. */
  @Test
  void anotherSessionGetsTheSameRows() {
    SparkSession other = LocalSpark.session().newSession();
    encoded().createOrReplaceGlobalTempView("encoded");
    Dataset<Row> there = other.table("global_temp.encoded");
    String plan = there.queryExecution().executedPlan().toString();
    assertFalse(plan.contains("MapPartitions"), plan);
    assertEquals(encoded().sort("id").collectAsList(), there.sort("id").collectAsList());
    assertEquals(1, there.filter("id = 11").select("code").count());
  }

  @Test
  void anotherSessionLeavesOutInvalidRowsToo() {
    Dataset<Row> some = rows().selectExpr("id", "if(id % 3 = 0, null, features) as features");
    Fixtures.handModel("hand")
        .setHandleInvalid("skip")
        .transform(some)
        .createOrReplaceGlobalTempView("some");
    Dataset<Row> there = LocalSpark.session().newSession().table("global_temp.some");
    assertEquals(rows().filter("id % 3 != 0").count(), there.count());
  }

  @Test
  void aCachedResultIsReadFromTheCache() {
    Dataset<Row> encoded = encoded();
    List<Row> expected = encoded.sort("id").collectAsList();
    encoded.cache();
    try {
      Dataset<Row> query = encoded.filter("part >= 0").sort("id");
      String plan = query.queryExecution().optimizedPlan().toString();
      assertTrue(plan.contains("InMemoryRelation"), plan);
      assertEquals(expected, query.collectAsList());
    } finally {
      encoded.unpersist(true);
    }
  }

  @Test
  void joinsUnionsAndSubqueriesOfOneResultFindTheirColumns() {
    Dataset<Row> encoded = encoded();
    int rows = PARTS * ROWS_OF_PART;
    Dataset<Row> joined = encoded.as("a").join(encoded.as("b"), col("a.id").equalTo(col("b.id")));
    assertEquals(rows, joined.filter("a.error = b.error and a.code = b.code").count());
    Dataset<Row> files = encoded.selectExpr("id", "_metadata.file_name as file");
    Dataset<Row> others = encoded.selectExpr("id", "_metadata.file_name as other");
    assertEquals(rows, files.join(others, "id").filter("file = other").count());
    assertEquals(2 * rows, encoded.union(encoded).filter("error >= 0").count());
    encoded.createOrReplaceTempView("result");
    assertEquals(
        rows,
        LocalSpark.session()
            .sql("select * from result where error <= (select max(error) from result)")
            .count());
    Dataset<Row> parts = LocalSpark.session().range(1).selectExpr("id + 2 as part");
    assertEquals(ROWS_OF_PART, encoded.join(parts, "part").count());
  }

  @Test
  void aResultThatIsJoinedWithItselfIsShuffledOnce() {
    String broadcast = "spark.sql.autoBroadcastJoinThreshold";
    LocalSpark.session().conf().set(broadcast, "-1");
    try {
      Dataset<Row> encoded = encoded().select("id", "code");
      Dataset<Row> joined = encoded.as("a").join(encoded.as("b"), expr("a.id = b.id"));
      assertEquals(PARTS * ROWS_OF_PART, joined.collectAsList().size());
      String plan = joined.queryExecution().executedPlan().toString();
      assertTrue(plan.contains("ReusedExchange"), plan);
    } finally {
      LocalSpark.session().conf().unset(broadcast);
    }
  }

  /** As with MLlib's stages, a row that a filter removes is not checked. */
  @Test
  void aFilterSparesRowsThatAreNotValid() {
    Dataset<Row> some = rows().selectExpr("id", "part", "if(part = 1, null, features) as features");
    Dataset<Row> encoded = Fixtures.handModel("hand").transform(some);
    assertEquals(ROWS_OF_PART, encoded.filter("part = 2").collectAsList().size());
    assertThrows(Exception.class, encoded::collectAsList);
  }

  @Test
  void columnsOfOneNameOrOneIdentityStayApart() {
    Dataset<Row> twice =
        rows()
            .select(col("id"), col("part").as("id"), col("id"), col("features"), col("id").as("x"));
    List<Row> result = Fixtures.handModel("hand").transform(twice).sort("x").collectAsList();
    for (Row row : result) {
      assertEquals(row.getLong(0), row.getLong(2));
      assertEquals(row.getLong(0) % PARTS, row.getInt(1));
      assertEquals(row.getLong(0), row.getLong(4));
    }
  }
}
