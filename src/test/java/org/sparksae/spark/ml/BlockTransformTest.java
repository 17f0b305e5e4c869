package org.sparksae.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Matrices;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import scala.jdk.javaapi.CollectionConverters;

/** Rows are encoded by the tile: what happens to the rows, and to their other columns. */
@ExtendWith(LocalSpark.class)
class BlockTransformTest {
  private static final int TILE = Fixtures.handModel("tile").spec().tileRows();

  /** Row i: small whole numbers, so that the results are exact. */
  private static float[] input(int i) {
    return new float[] {i % 7, i % 11};
  }

  /** As {@link Fixtures#handModel} says. */
  private static Vector code(int i) {
    float[] x = input(i);
    double[] h = {x[0], Math.max(0, x[1] - 1), Math.max(0, x[0] - x[1] + 0.5)};
    return Vectors.dense(h).toSparse();
  }

  private static Vector reconstruction(int i) {
    Vector h = code(i);
    return Vectors.dense(h.apply(0) + 0.5 * h.apply(2) + 0.25, h.apply(1));
  }

  private static double error(int i) {
    float[] x = input(i);
    Vector xHat = reconstruction(i);
    return (Math.pow(xHat.apply(0) - x[0], 2) + Math.pow(xHat.apply(1) - x[1], 2)) / 2;
  }

  private static SparseAutoencoderModel model() {
    return Fixtures.handModel("hand")
        .setReconstructionCol("reconstruction")
        .setReconstructionErrorCol("error");
  }

  /** Rows (id, features) from 0 on, in partitions of the given sizes. */
  private static Dataset<Row> frame(InputType type, int... sizes) {
    List<List<Row>> partitions = new ArrayList<>();
    int id = 0;
    for (int size : sizes) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < size; i++, id++) {
        rows.add(RowFactory.create(id, type.form(input(id))));
      }
      partitions.add(rows);
    }
    StructType schema =
        new StructType().add("id", DataTypes.IntegerType).add("features", type.type());
    return TestFrames.frame(schema, partitions);
  }

  private static void assertEncoded(int expectedRows, Dataset<Row> encoded) {
    List<Row> rows = encoded.select("id", "code", "reconstruction", "error").collectAsList();
    assertEquals(expectedRows, rows.size());
    for (int i = 0; i < expectedRows; i++) {
      assertEquals(
          RowFactory.create(i, code(i), reconstruction(i), error(i)), rows.get(i), "row " + i);
    }
  }

  @ParameterizedTest
  @EnumSource(InputType.class)
  void everyRowHasItsOwnCodeAndStaysInItsPlace(InputType type) {
    assertEncoded(3 * TILE + 9, model().transform(frame(type, TILE + 5, 0, 1, 2 * TILE + 3)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-512, -511, -1, 0, 1, 512})
  void tilesMayBeEmptyPartlyFilledOrFull(int beyondATile) {
    int rows = TILE + beyondATile;
    assertEncoded(rows, model().transform(frame(InputType.FLOATS, rows)));
  }

  @Test
  void invalidRowsAreLeftOutWhereverATileEnds() {
    int rows = 2 * TILE + 3;
    Dataset<Row> some =
        frame(InputType.NULLABLE_FLOATS, rows)
            .withColumn(
                "features",
                functions.expr("if(id % 3 = 1 or id > " + (2 * TILE - 5) + ", null, features)"));
    List<Row> encoded =
        model().setHandleInvalid("skip").transform(some).select("id", "code").collectAsList();
    List<Row> expected = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      if (i % 3 != 1 && i <= 2 * TILE - 5) {
        expected.add(RowFactory.create(i, code(i)));
      }
    }
    assertEquals(expected, encoded);
  }

  @Test
  void tilesOfWideRowsStayWithinMemory() {
    Dataset<Row> wide =
        frame(InputType.FLOATS, 40).withColumn("wide", functions.expr("repeat('x', 2000000 + id)"));
    Dataset<Row> encoded = model().transform(wide);
    assertEncoded(40, encoded);
    assertEquals(40, encoded.filter("length(wide) = 2000000 + id").count());
  }

  @Test
  void otherColumnsPassUntouched() {
    StructType inner = new StructType().add("a", DataTypes.StringType).add("b", DataTypes.LongType);
    StructType schema =
        new StructType()
            .add("text", DataTypes.StringType)
            .add("features", InputType.DOUBLES.type())
            .add("bytes", DataTypes.BinaryType)
            .add("date", DataTypes.DateType)
            .add("time", DataTypes.TimestampType)
            .add("decimal", DataTypes.createDecimalType(38, 4))
            .add("small", DataTypes.ShortType)
            .add("flag", DataTypes.BooleanType)
            .add("number", DataTypes.DoubleType)
            .add("struct", inner)
            .add("array", DataTypes.createArrayType(DataTypes.StringType))
            .add("map", DataTypes.createMapType(DataTypes.StringType, inner))
            .add("vector", SQLDataTypes.VectorType())
            .add("matrix", SQLDataTypes.MatrixType())
            .add("nothing", DataTypes.NullType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < TILE + 3; i++) {
      Object[] values = new Object[schema.size()];
      if (i % 4 != 0) {
        Row struct = RowFactory.create("s" + i, i % 3 == 0 ? null : (Object) (long) i);
        values =
            new Object[] {
              "täxt " + i,
              null,
              new byte[] {(byte) i, 2},
              new Date(86_400_000L * i),
              new Timestamp(1_000_003L * i),
              new BigDecimal("12345678901234567890.125" + i % 10),
              (short) i,
              i % 3 == 0,
              i / 3.0,
              struct,
              new String[] {"a" + i, null},
              CollectionConverters.asScala(Map.of("k" + i, struct)),
              Vectors.dense(i, 1),
              Matrices.dense(1, 2, new double[] {i, 2}),
              null
            };
      }
      values[1] = TestFrames.doubles(input(i));
      rows.add(RowFactory.create(values));
    }
    Dataset<Row> frame = TestFrames.frame(schema, List.of(rows, rows.subList(0, 2)));
    Dataset<Row> encoded = model().transform(frame);
    String[] columns = schema.fieldNames();
    Dataset<Row> kept =
        encoded.select(Arrays.stream(columns).map(functions::col).toArray(Column[]::new));
    assertEquals(schema, kept.schema());
    assertEquals(texts(frame), texts(kept));
    String[] rest = {"matrix", "nothing", "struct", "map"};
    assertEquals(
        frame.select("vector", rest).collectAsList(), kept.select("vector", rest).collectAsList());
  }

  /** As JSON, since byte arrays are not equal to each other. */
  private static List<String> texts(Dataset<Row> rows) {
    return rows.drop("vector", "matrix", "nothing").toJSON().collectAsList();
  }

  /** Spark's optimizer leaves out fields that nobody reads. */
  @Test
  void fieldsOfStructsAreTheirOwn() {
    Dataset<Row> frame =
        frame(InputType.FLOATS, 9, 4)
            .withColumn(
                "s", functions.expr("struct(-1 as a, id as b, struct('x' as c, 2 * id as d) as e)"))
            .withColumn("t", functions.expr("if(id % 2 = 0, s, null)"));
    String[] fields = {"s.b", "s.e.d", "t.b", "t.e.d", "t.e"};
    assertEquals(
        frame.selectExpr(fields).collectAsList(),
        model().transform(frame).selectExpr(fields).collectAsList());
  }

  @Test
  void columnsKeepTheirIdentityQualifierAndMetadata() {
    Dataset<Row> frame =
        frame(InputType.FLOATS, 5, 3)
            .withColumn("id", col("id"), new MetadataBuilder().putString("unit", "pieces").build())
            .withColumn("one", lit(1))
            .as("t");
    Dataset<Row> encoded = model().transform(frame);
    assertEquals("pieces", encoded.schema().apply("id").metadata().getString("unit"));
    assertEquals(
        frame.select("id").collectAsList(), encoded.select(frame.col("id")).collectAsList());
    assertEquals(8, encoded.select(col("t.id")).count());
    assertEquals(8, encoded.filter(frame.col("one").equalTo(1)).count());
    assertEquals(8, encoded.join(frame, "id").count());
    assertEquals(
        8, encoded.as("a").join(encoded.as("b"), col("a.id").equalTo(col("b.id"))).count());
    assertEquals(16, encoded.union(encoded).count());
    assertEquals(8, encoded.groupBy("features").count().count());
  }

  @Test
  void theEncoderRunsOnceForAllColumnsAndNotBeforeAnAction() throws Throwable {
    Dataset<Row> frame = frame(InputType.FLOATS, 5);
    assertEquals(0, Fixtures.jobsOf(() -> model().transform(frame)));
    String plan =
        model()
            .transform(frame)
            .filter("error >= 0")
            .select("code", "reconstruction", "error")
            .queryExecution()
            .executedPlan()
            .toString();
    assertEquals(2, plan.split("MapPartitions", -1).length, plan);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void worksAmongOtherOperators(boolean wholeStage) {
    SparkSession spark = LocalSpark.session();
    spark.conf().set("spark.sql.codegen.wholeStage", wholeStage);
    try {
      Dataset<Row> frame = frame(InputType.NULLABLE_DOUBLES, 30, 0, 70);
      assertEncoded(100, model().transform(frame.repartition(3)).sort("id"));
      assertEncoded(100, model().transform(frame).repartition(5).sort("id"));
      assertEncoded(100, model().transform(frame.coalesce(1)));
      assertEncoded(10, model().transform(frame.limit(10)));
      assertEncoded(10, model().transform(frame).limit(10));
      assertEncoded(40, model().transform(frame.filter("id < 40")));
      assertEncoded(40, model().transform(frame).filter("id < 40"));
      assertEncoded(100, model().transform(frame.persist(StorageLevel.MEMORY_ONLY())));
      frame.unpersist(true);
      assertEncoded(0, model().transform(frame.filter("id < 0")));
      assertEquals(
          1, model().transform(frame).select("error").distinct().filter("error = 0.53125").count());
    } finally {
      spark.conf().unset("spark.sql.codegen.wholeStage");
    }
  }

  @Test
  void manyColumnsAreNoProblem() {
    Dataset<Row> frame = frame(InputType.FLOATS, 20);
    List<String> columns = new ArrayList<>(List.of("*"));
    for (int c = 0; c < 300; c++) {
      columns.add("id + " + c + " as c" + c);
    }
    Dataset<Row> encoded = model().transform(frame.selectExpr(columns.toArray(String[]::new)));
    assertEncoded(20, encoded);
    assertEquals(20, encoded.filter("c299 = id + 299").count());
  }

  @Test
  void aModelReadsWhatAnotherOneWrote() {
    SparseAutoencoderModel second =
        Fixtures.handModel("second")
            .setInputCol("reconstruction")
            .setOutputCol("code2")
            .setReconstructionErrorCol("error2");
    Dataset<Row> twice = second.transform(model().transform(frame(InputType.FLOATS, TILE + 1, 3)));
    assertEncoded(TILE + 4, twice);
    List<Row> rows = twice.select("id", "code2").collectAsList();
    for (int i = 0; i < TILE + 4; i++) {
      Vector x = reconstruction(i);
      double[] h = {
        x.apply(0), Math.max(0, x.apply(1) - 1), Math.max(0, x.apply(0) - x.apply(1) + 0.5)
      };
      assertEquals(RowFactory.create(i, Vectors.dense(h).toSparse()), rows.get(i));
    }
  }

  @Test
  void anErrorInTheMiddleOfATileFailsTheJob() {
    Dataset<Row> frame =
        frame(InputType.FLOATS, 20)
            .withColumn("features", functions.expr("if(id = 11, array(float('NaN')), features)"));
    Exception failed = assertThrows(Exception.class, () -> model().transform(frame).collect());
    String message = Fixtures.cause(IllegalArgumentException.class, failed).getMessage();
    assertTrue(
        message.startsWith("inputCol: a row of column 'features' has 1 values, expected 2"),
        message);
  }

  @Test
  void aStreamKeepsItsOtherColumnsToo(@TempDir Path folder) throws Exception {
    Dataset<Row> frame =
        frame(InputType.NULLABLE_FLOATS, TILE + 7, 9)
            .withColumn("time", functions.expr("timestamp_seconds(id + 1)"))
            .withColumn("tags", functions.expr("map('id', array(id, null))"));
    String source = folder.resolve("source").toString();
    frame.write().parquet(source);
    Dataset<Row> stream =
        LocalSpark.session()
            .readStream()
            .schema(frame.schema())
            .option("maxFilesPerTrigger", 1)
            .parquet(source)
            .withWatermark("time", "1 minute");
    StreamingQuery query =
        model()
            .transform(stream)
            .dropDuplicatesWithinWatermark("id")
            .writeStream()
            .format("memory")
            .queryName("encodedBlocks")
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    Dataset<Row> encoded = LocalSpark.session().table("encodedBlocks").sort("id");
    assertEncoded(TILE + 16, encoded);
    assertEquals(
        frame.select("tags", "time").collectAsList(),
        encoded.select("tags", "time").collectAsList());
    assertArrayEquals(
        new String[] {"id", "features", "time", "tags", "code", "reconstruction", "error"},
        encoded.columns());
    assertEquals(Collections.emptyList(), encoded.filter("tags['id'][0] != id").collectAsList());
  }
}
