package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

@ExtendWith(LocalSpark.class)
class ArrayVectorizerTest {

  private static ArrayVectorizer stage() {
    return new ArrayVectorizer().setInputCol(TestFrames.FEATURES).setOutputCol("out");
  }

  @ParameterizedTest
  @EnumSource(InputType.class)
  void everyFormOfARowBecomesItsVectorAndASparseOneStaysSparse(InputType type) {
    float[][] rows = TestFrames.rows(5, 6, 1);
    List<Row> made =
        stage()
            .transform(TestFrames.frame(type, TestFrames.split(rows, 2)))
            .select("out")
            .collectAsList();
    for (int i = 0; i < rows.length; i++) {
      Vector vector = made.get(i).getAs(0);
      for (int j = 0; j < 6; j++) {
        assertEquals(rows[i][j], vector.apply(j));
      }
      assertEquals(type == InputType.SPARSE_VECTOR, vector instanceof SparseVector);
    }
  }

  private static Dataset<Row> broken() {
    StructType schema =
        new StructType().add(TestFrames.FEATURES, DataTypes.createArrayType(DataTypes.FloatType));
    List<Row> rows =
        List.of(
            RowFactory.create((Object) new Float[] {1f, 2f}),
            RowFactory.create((Object) null),
            RowFactory.create((Object) new Float[] {1f, null}),
            RowFactory.create((Object) new Float[] {Float.POSITIVE_INFINITY, 2f}));
    return LocalSpark.session().createDataFrame(rows, schema).coalesce(1);
  }

  @Test
  void aRowThatIsNotValidIsRefusedOrLeftOut() {
    Dataset<Row> kept = stage().setHandleInvalid("skip").transform(broken()).select("out");
    assertEquals(1, kept.count());
    assertEquals(2.0, kept.head().<Vector>getAs(0).apply(1));

    Throwable cause =
        assertThrows(Exception.class, () -> stage().transform(broken()).select("out").collect());
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    assertInstanceOf(IllegalArgumentException.class, cause);
    assertEquals(
        "inputCol: a row of column 'features' is null; set handleInvalid to 'skip' to leave such"
            + " rows out",
        cause.getMessage());
  }

  @Test
  void aColumnThatCannotBeReadIsRefusedByItsType() {
    StructType schema = new StructType().add(TestFrames.FEATURES, DataTypes.StringType);
    String refused =
        assertThrows(IllegalArgumentException.class, () -> stage().transformSchema(schema))
            .getMessage();
    assertTrue(refused.contains("column 'features' must be a Vector"), refused);
  }

  @Test
  void aSavedStageHasItsParams(@TempDir Path dir) throws Exception {
    ArrayVectorizer saved = stage().setHandleInvalid("skip");
    saved.write().save(dir.resolve("stage").toString());
    ArrayVectorizer loaded = ArrayVectorizer.load(dir.resolve("stage").toString());
    assertEquals(saved.uid(), loaded.uid());
    Arrays.stream(saved.params())
        .forEach(
            param -> assertEquals(saved.get(param), loaded.get(loaded.getParam(param.name()))));
  }
}
