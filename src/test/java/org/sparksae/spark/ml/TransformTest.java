package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

@ExtendWith(LocalSpark.class)
class TransformTest {
  private static final float[][] TWO_ROWS = {{2, 3}, {0, 0}};

  @ParameterizedTest
  @EnumSource(InputType.class)
  void givesTheHandWorkedValuesForEveryInputType(InputType type) {
    Dataset<Row> frame = TestFrames.frame(type, TestFrames.split(TWO_ROWS, 2));
    Dataset<Row> encoded =
        Fixtures.handModel("hand")
            .setReconstructionCol("reconstruction")
            .setReconstructionErrorCol("error")
            .transform(frame);
    assertArrayEquals(
        new String[] {"features", "code", "reconstruction", "error"}, encoded.columns());
    List<Row> rows = encoded.collectAsList();
    assertEquals(Vectors.sparse(3, new int[] {0, 1}, new double[] {2, 2}), rows.get(0).get(1));
    assertEquals(Vectors.dense(2.25, 2), rows.get(0).get(2));
    assertEquals(0.53125, rows.get(0).getDouble(3));
    assertEquals(Vectors.sparse(3, new int[] {2}, new double[] {0.5}), rows.get(1).get(1));
    assertEquals(Vectors.dense(0.5, 0), rows.get(1).get(2));
    assertEquals(0.125, rows.get(1).getDouble(3));
    assertInstanceOf(SparseVector.class, rows.get(0).get(1));
  }

  @Test
  void aTrainedModelComputesWhatItsParametersSay() {
    float[][] rows = TestFrames.rows(40, 6, 3);
    SparseAutoencoderModel model =
        Fixtures.estimator()
            .setReconstructionCol("reconstruction")
            .setReconstructionErrorCol("error")
            .fit(TestFrames.frame(rows, 2));
    float[] p = model.parameters();
    int[] offsets =
        model.spec().layout().tensors().stream().mapToInt(ParameterLayout.Tensor::offset).toArray();
    List<Row> encoded = model.transform(TestFrames.frame(rows, 2)).collectAsList();
    for (int i = 0; i < rows.length; i++) {
      double[] z = affine(p, offsets[0], offsets[1], TestFrames.doubles(rows[i]), 4);
      double[] h = Arrays.stream(z).map(v -> 1 / (1 + Math.exp(-v))).toArray();
      double[] reconstruction = affine(p, offsets[2], offsets[3], h, 6);
      double error = 0;
      for (int j = 0; j < 6; j++) {
        error += Math.pow(reconstruction[j] - rows[i][j], 2) / 6;
      }
      // 1e-6: some ten roundings to float of numbers near 1.
      assertArrayEquals(h, encoded.get(i).<Vector>getAs("code").toArray(), 1e-6);
      assertArrayEquals(
          reconstruction, encoded.get(i).<Vector>getAs("reconstruction").toArray(), 1e-6);
      assertEquals(error, encoded.get(i).<Double>getAs("error"), 1e-6);
    }
  }

  private static double[] affine(float[] p, int weights, int bias, double[] x, int outputs) {
    double[] z = new double[outputs];
    for (int i = 0; i < outputs; i++) {
      z[i] = p[bias + i];
      for (int j = 0; j < x.length; j++) {
        z[i] += p[weights + i * x.length + j] * x[j];
      }
    }
    return z;
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "0.5, 3", "0.51, 2", "2, 2", "2.01, 0"})
  void codesBelowTheThresholdAreDropped(double threshold, int kept) {
    List<Row> rows =
        Fixtures.handModel("hand")
            .setReconstructionCol("reconstruction")
            .setActivationThreshold(threshold)
            .transform(TestFrames.frame(TWO_ROWS, 1))
            .collectAsList();
    int nonZeros = 0;
    for (Row row : rows) {
      nonZeros += row.<SparseVector>getAs("code").indices().length;
    }
    assertEquals(kept, nonZeros);
    assertEquals(Vectors.dense(0.5, 0), rows.get(1).getAs("reconstruction"));
  }

  @Test
  void vectorColumnsNameTheirSizes() {
    SparseAutoencoderModel model =
        Fixtures.handModel("hand").setReconstructionCol("reconstruction");
    StructType schema = TestFrames.frame(TWO_ROWS, 1).schema();
    for (StructType result :
        List.of(
            model.transformSchema(schema),
            model.transform(TestFrames.frame(TWO_ROWS, 1)).schema())) {
      assertEquals(3, AttributeGroup.fromStructField(result.apply("code")).size());
      assertEquals(2, AttributeGroup.fromStructField(result.apply("reconstruction")).size());
    }
    StructType estimated = Fixtures.estimator().transformSchema(schema);
    assertEquals(4, AttributeGroup.fromStructField(estimated.apply("code")).size());
  }

  @Test
  void theSchemaIsKnownBeforehand() {
    SparseAutoencoderModel model =
        Fixtures.handModel("hand").setReconstructionCol("r").setReconstructionErrorCol("e");
    Dataset<Row> frame = TestFrames.frame(TWO_ROWS, 1);
    StructType announced = model.transformSchema(frame.schema());
    StructType made = model.transform(frame).schema();
    assertArrayEquals(announced.fieldNames(), made.fieldNames());
    for (String name : made.fieldNames()) {
      assertEquals(announced.apply(name).dataType(), made.apply(name).dataType(), name);
    }
  }

  @Test
  void emptyNamesDisableAndTheDefaultIsNamedAfterTheModel() {
    Dataset<Row> frame = TestFrames.frame(TWO_ROWS, 1);
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    assertArrayEquals(
        new String[] {"features", "error"},
        model.setOutputCol("").setReconstructionErrorCol("error").transform(frame).columns());
    model.clear(model.outputCol());
    assertArrayEquals(
        new String[] {"features", "hand__output", "error"}, model.transform(frame).columns());
    model.setOutputCol("").setReconstructionErrorCol("");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> model.transform(frame));
    assertEquals(
        "outputCol, reconstructionCol, reconstructionErrorCol and outlierCol are all empty; name at"
            + " least one",
        refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"features", "FEATURES"})
  void anExistingColumnIsNotOverwritten(String name) {
    Dataset<Row> frame = TestFrames.frame(TWO_ROWS, 1);
    SparseAutoencoderModel model = Fixtures.handModel("hand").setReconstructionCol(name);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> model.transform(frame));
    assertEquals(
        "reconstructionCol: column '%s' exists already; choose another name or drop it first"
            .formatted(name),
        refused.getMessage());
  }

  @Test
  void aMissingOrUnreadableInputColumnIsRefused() {
    StructType schema = new StructType().add("id", DataTypes.LongType);
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    assertEquals(
        "inputCol: there is no column 'features'; the columns are id",
        assertThrows(IllegalArgumentException.class, () -> model.transformSchema(schema))
            .getMessage());
    assertEquals(
        "inputCol: column 'id' must be a Vector or an array of numbers, but it is bigint",
        assertThrows(
                IllegalArgumentException.class,
                () -> model.setInputCol("id").transformSchema(schema))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({"a.b, c.d, e.f", "the `input`, ünïcode, 'a, b'", "$x, x*, [0]"})
  void oddColumnNamesAndUidsWork(String input, String output, String error) {
    StructType schema =
        new StructType().add(input, SQLDataTypes.VectorType()).add("w.1", DataTypes.IntegerType);
    List<List<Row>> rows =
        List.of(
            List.of(RowFactory.create(Vectors.dense(2, 3), 1)),
            List.of(RowFactory.create(Vectors.dense(0, 0), 2)));
    Dataset<Row> frame = TestFrames.frame(schema, rows);
    Dataset<Row> encoded =
        Fixtures.handModel("my.odd `uid`")
            .setInputCol(input)
            .setOutputCol(output)
            .setReconstructionErrorCol(error)
            .transform(frame);
    assertArrayEquals(new String[] {input, "w.1", output, error}, encoded.columns());
    assertEquals(0.53125, encoded.collectAsList().get(0).getDouble(3));
    SparseAutoencoderModel fitted =
        Fixtures.estimator().setInputCol(input).setWeightCol("w.1").setMaxIter(1).fit(frame);
    assertEquals(3, fitted.summary().statistics().weight());
  }

  @Test
  void aStreamGivesWhatABatchGives(@TempDir Path folder) throws Exception {
    float[][] rows = TestFrames.rows(20, 2, 4);
    String source = folder.resolve("source").toString();
    TestFrames.frame(InputType.NULLABLE_FLOATS, TestFrames.split(rows, 2)).write().parquet(source);
    SparseAutoencoderModel model =
        Fixtures.handModel("hand").setReconstructionErrorCol("error").setHandleInvalid("skip");
    Dataset<Row> batch = LocalSpark.session().read().parquet(source);
    Dataset<Row> stream = LocalSpark.session().readStream().schema(batch.schema()).parquet(source);
    StreamingQuery query =
        model
            .transform(stream)
            .writeStream()
            .format("memory")
            .queryName("encoded")
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    assertEquals(
        model.transform(batch).sort("error").collectAsList(),
        LocalSpark.session().table("encoded").sort("error").collectAsList());
    assertEquals(20, LocalSpark.session().table("encoded").count());
  }
}
