package org.sparksae.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/**
 * {@code transform} reads rows ahead; what Spark says of a row after it is still of that row: the
 * file that it is from, and what counts rows.
 */
@ExtendWith(LocalSpark.class)
class TaskStateTest {
  private static final int TILE = Fixtures.handModel("tile").spec().tileRows();
  private static final String BLOCK =
      "concat_ws(' ', input_file_name(), input_file_block_start(), input_file_block_length())";
  private static final String FILE_NAME = "_metadata.file_name";

  @TempDir private static Path dir;

  private static String files;

  /** Files shorter than a tile, some of them of one row, and one of two tiles. */
  @BeforeAll
  static void writeFiles() {
    List<List<Row>> parts = new ArrayList<>();
    int id = 0;
    for (int size : new int[] {3, 1, 1, 7, 2 * TILE + 5, 2, 1, 40}) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < size; i++, id++) {
        rows.add(
            RowFactory.create(id, InputType.NULLABLE_FLOATS.form(new float[] {id % 7, id % 11})));
      }
      parts.add(rows);
    }
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType)
            .add("features", InputType.NULLABLE_FLOATS.type());
    files = dir.resolve("files").toString();
    TestFrames.frame(schema, parts).write().parquet(files);
  }

  /** All files, one after the other in one task. */
  private static Dataset<Row> read() {
    return LocalSpark.session().read().parquet(files).coalesce(1);
  }

  /** With what Spark says before {@code transform}. */
  private static Dataset<Row> withExpected(Dataset<Row> rows) {
    return rows.withColumn("expected", expr(BLOCK));
  }

  private static void assertAsExpected(long rows, Dataset<Row> encoded) {
    Dataset<Row> both = encoded.select(col("expected"), expr(BLOCK).as("actual"));
    assertEquals(rows, both.count());
    assertEquals(List.of(), both.filter("expected != actual").limit(3).collectAsList());
    assertTrue(both.distinct().count() >= 8);
  }

  @Test
  void theNameAndBlockOfTheInputFileAreThoseOfEachRow() {
    Dataset<Row> rows = withExpected(read());
    assertAsExpected(rows.count(), Fixtures.handModel("hand").transform(rows));
  }

  @Test
  void theyAreWhereRowsAreLeftOutAndOthersComeFromNoFile() {
    Dataset<Row> memory =
        LocalSpark.session().range(0, 5).selectExpr("int(id)", "array(1f, 2f) as features");
    Dataset<Row> files = LocalSpark.session().read().parquet(TaskStateTest.files);
    Dataset<Row> rows =
        withExpected(files.union(memory).union(files).coalesce(1))
            .withColumn("features", expr("if(id % 5 = 1, null, features)"));
    Dataset<Row> encoded = Fixtures.handModel("hand").setHandleInvalid("skip").transform(rows);
    assertEquals(4, encoded.filter("input_file_name() = ''").count());
    assertAsExpected(rows.filter("features is not null").count(), encoded);
  }

  @Test
  void theyAreBehindOneStageAfterTheOther() {
    SparseAutoencoderModel second =
        Fixtures.handModel("second").setInputCol("reconstruction").setOutputCol("second");
    PatchScalingModel scaling = new PatchScalingModel("scaling", 2, 1, 0.1, 0.9);
    scaling.setInputCol("features").setOutputCol("scaled");
    Dataset<Row> rows = withExpected(read());
    Dataset<Row> encoded =
        second.transform(
            Fixtures.handModel("hand")
                .setInputCol("scaled")
                .setReconstructionCol("reconstruction")
                .transform(scaling.transform(rows)));
    assertAsExpected(rows.count(), encoded);
  }

  @Test
  void whatCountsTheRowsOfAPartitionCountsThemAsBefore() {
    String[] counters = {
      "id", "spark_partition_id()", "monotonically_increasing_id()", "rand(7)", "uuid() != ''"
    };
    Dataset<Row> rows = LocalSpark.session().read().parquet(files).repartition(3).sort("id");
    assertEquals(
        rows.selectExpr(counters).collectAsList(),
        Fixtures.handModel("hand").transform(rows).selectExpr(counters).collectAsList());
  }

  @Test
  void theMetadataOfFilesAreThereWhenTheyAreAskedFor() {
    Dataset<Row> rows = LocalSpark.session().read().parquet(files);
    Dataset<Row> encoded = Fixtures.handModel("hand").transform(rows.as("t").filter("id >= 0"));
    assertArrayEquals(new String[] {"id", "features", "code"}, encoded.columns());
    List<Row> expected = rows.select("id", "_metadata").sort("id").collectAsList();
    assertEquals(expected, encoded.select("id", "_metadata").sort("id").collectAsList());
    assertEquals(
        expected, encoded.select(col("id"), rows.col("_metadata")).sort("id").collectAsList());
    assertEquals(
        expected,
        encoded
            .select(col("t.id"), encoded.metadataColumn("_metadata"))
            .sort("id")
            .collectAsList());
    assertEquals(
        rows.filter("_metadata.file_size > 1500").count(),
        encoded.filter("_metadata.file_size > 1500").count());
    assertEquals(
        rows.select("id", FILE_NAME).sort("id").collectAsList(),
        encoded.select("id", FILE_NAME).sort("id").collectAsList());
  }

  @Test
  void theMetadataOfFilesPassThroughManyStages() {
    Dataset<Row> rows = LocalSpark.session().read().parquet(files);
    SparseAutoencoderModel second =
        Fixtures.handModel("second").setInputCol("reconstruction").setOutputCol("second");
    Dataset<Row> encoded =
        second.transform(
            Fixtures.handModel("hand")
                .setReconstructionCol("reconstruction")
                .transform(rows)
                .withColumn("double", expr("2 * id"))
                .drop("features"));
    assertArrayEquals(
        new String[] {"id", "code", "reconstruction", "double", "second"}, encoded.columns());
    assertEquals(
        rows.select("id", FILE_NAME).sort("id").collectAsList(),
        encoded.select("id", FILE_NAME).sort("id").collectAsList());
    assertEquals(
        rows.count(),
        encoded.as("a").join(encoded.as("b"), expr("a.id = b.id")).select("a.second").count());
  }

  @Test
  void aColumnOfTheSameNameIsNotTakenForTheMetadata() {
    Dataset<Row> rows =
        LocalSpark.session().read().parquet(files).withColumn("_metadata", col("id"));
    Dataset<Row> encoded = Fixtures.handModel("hand").transform(rows);
    assertArrayEquals(new String[] {"id", "features", "_metadata", "code"}, encoded.columns());
    assertEquals(rows.count(), encoded.filter("_metadata = id").count());
  }

  @Test
  void aStreamOfFilesHasNamesAndMetadataToo() throws Exception {
    Dataset<Row> batch = LocalSpark.session().read().parquet(files);
    Dataset<Row> stream =
        LocalSpark.session().readStream().schema(batch.schema()).parquet(files).coalesce(1);
    StreamingQuery query =
        Fixtures.handModel("hand")
            .transform(stream)
            .selectExpr("id", "_metadata.file_path as path", "input_file_name() as name")
            .writeStream()
            .format("memory")
            .queryName("taskState")
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    assertEquals(
        batch
            .selectExpr("id", "_metadata.file_path", "input_file_name()")
            .sort("id")
            .collectAsList(),
        LocalSpark.session().table("taskState").sort("id").collectAsList());
  }
}
