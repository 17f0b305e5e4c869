package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;

/** Which blocks stay sparse, and what they hold. */
class BlockReaderTest {
  private static final int SIZE = 16;

  private static Vector sparse(int... columns) {
    double[] values = Arrays.stream(columns).mapToDouble(column -> column + 1).toArray();
    return Vectors.sparse(SIZE, columns, values);
  }

  /** Rows as Spark's operators give them: one object, changed for each. */
  private static Iterator<InternalRow> rows(List<Vector> vectors, double... weights) {
    DataType[] types = {SQLDataTypes.VectorType(), DataTypes.DoubleType};
    UnsafeProjection flat = UnsafeProjection.create(types);
    VectorUDT udt = new VectorUDT();
    Iterator<Vector> next = vectors.iterator();
    int[] read = {0};
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return next.hasNext();
      }

      @Override
      public InternalRow next() {
        double weight = weights.length == 0 ? 1 : weights[read[0]++];
        Object vector = udt.serialize(next.next());
        return flat.apply(new GenericInternalRow(new Object[] {vector, weight}));
      }
    };
  }

  private static List<BlockReader.Part> parts(
      Iterator<InternalRow> rows, boolean weighted, int blockRows) {
    BlockReader.Layout layout =
        new BlockReader.Layout(
            FeatureColumns.of(FeatureColumn.ofSize("f", SIZE)),
            List.of(SQLDataTypes.VectorType()),
            weighted,
            blockRows);
    List<BlockReader.Part> parts = new ArrayList<>();
    new BlockReader(3, rows, layout, false).forEachRemaining(parts::add);
    return parts;
  }

  private static Rows only(List<Vector> vectors) {
    List<BlockReader.Part> parts = parts(rows(vectors), false, 10);
    assertEquals(1, parts.size());
    return parts.get(0).block().rows();
  }

  private static float[][] values(Rows rows) {
    float[][] all = new float[rows.rows()][rows.columns()];
    for (int i = 0; i < all.length; i++) {
      if (rows instanceof SparseRows sparse) {
        for (int p = sparse.start(i); p < sparse.end(i); p++) {
          all[i][sparse.indices()[p]] = sparse.values()[p];
        }
      } else {
        for (int j = 0; j < rows.columns(); j++) {
          all[i][j] = ((DenseRows) rows).get(i, j);
        }
      }
    }
    return all;
  }

  private static float[][] expected(List<Vector> vectors) {
    float[][] all = new float[vectors.size()][SIZE];
    for (int i = 0; i < all.length; i++) {
      for (int j = 0; j < SIZE; j++) {
        all[i][j] = (float) vectors.get(i).apply(j);
      }
    }
    return all;
  }

  @Test
  void sparseVectorsMakeASparseBlockWithoutTheirZeros() {
    List<Vector> vectors =
        List.of(
            sparse(3, 15),
            sparse(),
            Vectors.sparse(SIZE, new int[] {0, 5, 9}, new double[] {1, 0, -2}),
            sparse(2));
    SparseRows rows = assertInstanceOf(SparseRows.class, only(vectors));
    assertEquals(5, rows.entries());
    assertArrayEquals(new int[] {3, 15, 0, 9, 2}, rows.indices());
    assertArrayEquals(new float[] {4, 16, 1, -2, 3}, rows.values());
    assertArrayEquals(expected(vectors), values(rows));
  }

  /** Four rows of 16 have 64 values, of which an eighth is 8. */
  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "3, false"})
  void aBlockIsSparseUpToTheDensityThatPays(int entriesOfTheLast, boolean isSparse) {
    int[] columns = {1, 4, 7};
    List<Vector> vectors =
        List.of(
            sparse(0, 1),
            sparse(2, 3),
            sparse(8, 9),
            sparse(Arrays.copyOf(columns, entriesOfTheLast)));
    Rows rows = only(vectors);
    assertEquals(isSparse, rows instanceof SparseRows);
    assertArrayEquals(expected(vectors), values(rows));
  }

  @Test
  void tooManyEntriesInTheMiddleMakeItDense() {
    List<Vector> vectors = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      vectors.add(i < 3 ? sparse(0, 1, 2, 3, 4, 5, 6, 7, 8) : sparse(i));
    }
    Rows rows = only(vectors);
    assertInstanceOf(DenseRows.class, rows);
    assertArrayEquals(expected(vectors), values(rows));
  }

  @Test
  void aDenseVectorMakesItDense() {
    List<Vector> vectors = List.of(sparse(3), sparse(4).toDense(), sparse(5));
    Rows rows = only(vectors);
    assertInstanceOf(DenseRows.class, rows);
    assertArrayEquals(expected(vectors), values(rows));
  }

  @Test
  void eachBlockDecidesForItself() {
    List<Vector> vectors = List.of(sparse(3), sparse(4), sparse(5).toDense(), sparse(6), sparse(7));
    List<BlockReader.Part> parts = parts(rows(vectors), false, 2);
    assertEquals(
        List.of(true, false, true),
        parts.stream().map(part -> part.block().rows() instanceof SparseRows).toList());
    assertEquals(1, parts.get(2).block().rows().rows());
  }

  @Test
  void invalidRowsLeaveNothingInASparseBlock() {
    List<Vector> vectors =
        List.of(
            sparse(3),
            Vectors.sparse(SIZE, new int[] {1, 2}, new double[] {1, Double.NaN}),
            sparse(4),
            Vectors.sparse(2, new int[] {1}, new double[] {1}),
            sparse(5),
            sparse(6));
    BlockReader.Part part = parts(rows(vectors, 1, 1, -1, 1, 0.5, 2), true, 10).get(0);
    assertInstanceOf(SparseRows.class, part.block().rows());
    assertArrayEquals(
        expected(List.of(sparse(3), sparse(5), sparse(6))), values(part.block().rows()));
    assertArrayEquals(new float[] {1, 0.5f, 2}, part.block().weights());
    assertEquals(3, part.skipped());
    assertEquals(
        "row 1 of partition 3 has NaN at index 2, which is not a finite float", part.problem());
  }

  @Test
  void noRowsAreOneEmptyBlock() {
    List<BlockReader.Part> parts = parts(rows(List.of()), true, 10);
    assertEquals(1, parts.size());
    assertEquals(0, parts.get(0).block().rows().rows());
    assertFalse(parts.get(0).problem() != null);
  }
}
