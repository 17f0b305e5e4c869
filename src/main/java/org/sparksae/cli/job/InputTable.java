package org.sparksae.cli.job;

import static org.apache.spark.ml.functions.array_to_vector;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.sparksae.core.Text;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;

/**
 * A job's rows with their input in one column.
 *
 * @param read the rows that were read, before any was left out
 * @param rows all columns of the source, and the input column if it is not one of them
 * @param column the input column
 * @param sources the source's columns that hold the input
 * @param maker the stage that makes the input column from them, if it is not one of them
 */
public record InputTable(
    Dataset<Row> read,
    Dataset<Row> rows,
    String column,
    List<String> sources,
    Optional<Transformer> maker) {

  /** Number of rows that decide whether a column is sparse. */
  private static final int LOOKED_AT = 100;

  /** A column is sparse if it stores less than one in this many of its values. */
  private static final int DENSE_SHARE = 8;

  /** The same input after preparation: another column takes the place of the input column. */
  InputTable prepared(Dataset<Row> made, String preparedColumn) {
    Dataset<Row> kept = sources.contains(column) ? made : made.drop(column);
    return new InputTable(read, kept, preparedColumn, sources, maker);
  }

  /**
   * Counts the invalid rows that were left out before the autoencoder. If a stage may have left
   * some out, this takes a pass over the rows.
   */
  public long leftOut() {
    return read == rows ? 0 : read.count() - rows.count();
  }

  /**
   * Refuses to make a sparse column dense; the first rows decide whether it is sparse. Assembled
   * columns are few enough to be dense.
   *
   * @param stage the job file's stage that would make it dense, for the message
   */
  void requireDense(String stage) {
    if (!sources.contains(column)) {
      return;
    }
    ColumnPath path = ColumnPath.of(rows.schema(), "input.columns", column);
    if (path.type() instanceof ArrayType) {
      return;
    }
    long stored = 0;
    long values = 0;
    for (Row row : rows.select(path.expression()).takeAsList(LOOKED_AT)) {
      Vector vector = row.getAs(0);
      stored += vector instanceof SparseVector sparse ? sparse.indices().length : size(vector);
      values += size(vector);
    }
    if (stored * DENSE_SHARE < values) {
      throw new IllegalArgumentException(
          Text.format(
              "%s would make the sparse rows of column '%s' dense: the first of them store %d of"
                  + " %d values; take standardScaler with withMean = false, or maxAbsScaler",
              stage, column, stored, values));
    }
  }

  private static int size(Vector vector) {
    return vector == null ? 0 : vector.size();
  }

  /**
   * Drops the input from rows made from this table.
   *
   * @param keepSources whether to keep the source's own columns; an assembled one is always dropped
   */
  public Dataset<Row> strip(Dataset<Row> made, boolean keepSources) {
    Column[] kept =
        Arrays.stream(made.columns())
            .filter(name -> sources.contains(name) ? keepSources : !name.equals(column))
            .map(name -> functions.col(FeatureColumn.quote(name)))
            .toArray(Column[]::new);
    return made.select(kept);
  }

  /** A column of vectors or arrays of numbers as a column of vectors. */
  public static Column vectors(Dataset<Row> rows, String name) {
    ColumnPath path = ColumnPath.of(rows.schema(), "input.columns", name);
    return path.type() instanceof ArrayType
        ? array_to_vector(path.expression().cast("array<double>"))
        : path.expression();
  }
}
