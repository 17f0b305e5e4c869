package org.sparksae.cli;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.train.Noise;
import org.sparksae.spark.data.ColumnPath;
import scala.Tuple2;

/** Rows beside their corrupted forms. */
final class CorruptedRows {
  static final String CLEAN = "clean";
  static final String CORRUPTED = "corrupted";

  private static final StructType SCHEMA =
      new StructType()
          .add(CLEAN, SQLDataTypes.VectorType())
          .add(CORRUPTED, SQLDataTypes.VectorType());

  private CorruptedRows() {}

  /**
   * Columns {@value #CLEAN} and {@value #CORRUPTED}, vectors; a row's number is its place in the
   * DataFrame, so that the same rows are corrupted in the same way.
   */
  static Dataset<Row> of(InputTable input, Noise noise) {
    Dataset<Row> vectors = input.rows().select(vector(input.rows(), input.column()));
    JavaRDD<Row> both =
        vectors
            .javaRDD()
            .zipWithIndex()
            .mapPartitions(numbered -> new Corrupted(numbered, noise.generator()));
    return input.rows().sparkSession().createDataFrame(both, SCHEMA);
  }

  /** A column of vectors or arrays of numbers as one of vectors. */
  static Column vector(Dataset<Row> rows, String name) {
    ColumnPath path = ColumnPath.of(rows.schema(), "input.columns", name);
    return path.type() instanceof ArrayType
        ? functions.array_to_vector(path.expression().cast("array<double>"))
        : path.expression();
  }

  private record Corrupted(Iterator<Tuple2<Row, Long>> rows, Noise.Generator noise)
      implements Iterator<Row> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      Tuple2<Row, Long> row = rows.next();
      Vector clean = (Vector) row._1().get(0);
      // What is no row is refused, or skipped, by the model.
      return clean == null
          ? RowFactory.create(null, null)
          : RowFactory.create(clean, corrupted(clean.toArray(), row._2()));
    }

    private Vector corrupted(double[] clean, long number) {
      float[] values = new float[clean.length];
      for (int j = 0; j < values.length; j++) {
        values[j] = (float) clean[j];
      }
      noise.corrupt(number, values, 0, values.length);
      double[] corrupted = new double[clean.length];
      for (int j = 0; j < values.length; j++) {
        corrupted[j] = values[j];
      }
      return Vectors.dense(corrupted);
    }
  }

  /** The values of some rows' vectors, one row after the other. */
  static float[] values(List<Row> rows, String column) {
    int size = rows.isEmpty() ? 0 : rows.get(0).<Vector>getAs(column).size();
    float[] values = new float[rows.size() * size];
    int next = 0;
    for (Row row : rows) {
      for (double value : row.<Vector>getAs(column).toArray()) {
        values[next++] = (float) value;
      }
    }
    return values;
  }
}
