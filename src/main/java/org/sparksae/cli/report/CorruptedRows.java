package org.sparksae.cli.report;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.Picture;
import org.sparksae.core.report.ImageGrid;
import org.sparksae.core.report.Png;
import org.sparksae.core.rows.Noise;
import scala.Tuple2;

/** Rows next to their corrupted forms. */
public final class CorruptedRows {
  public static final String CLEAN = "clean";
  public static final String CORRUPTED = "corrupted";

  private static final StructType SCHEMA =
      new StructType()
          .add(CLEAN, SQLDataTypes.VectorType())
          .add(CORRUPTED, SQLDataTypes.VectorType());

  private CorruptedRows() {}

  /**
   * Vector columns {@value #CLEAN} and {@value #CORRUPTED}. A row's number is its place in the
   * DataFrame, so the same rows are always corrupted in the same way.
   */
  public static Dataset<Row> of(InputTable input, Noise noise) {
    Dataset<Row> vectors = input.rows().select(InputTable.vectors(input.rows(), input.column()));
    JavaRDD<Row> both =
        vectors
            .javaRDD()
            .zipWithIndex()
            .mapPartitions(numbered -> new Corrupted(numbered, noise.generator()));
    return input.rows().sparkSession().createDataFrame(both, SCHEMA);
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
      // The model refuses or skips null.
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

  /** Draws rows as PNG: clean ones above their corrupted forms above their reconstructions. */
  public static void draw(
      List<Row> rows, String reconstructionCol, Picture picture, OutputStream out)
      throws IOException {
    List<float[]> grid =
        List.of(values(rows, CLEAN), values(rows, CORRUPTED), values(rows, reconstructionCol));
    Png.write(ImageGrid.render(grid, picture.imageShape(), 0, 1, picture.zoom()), out);
  }

  /** The vectors of some rows in one array, [rows, values] row-major. */
  private static float[] values(List<Row> rows, String column) {
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
