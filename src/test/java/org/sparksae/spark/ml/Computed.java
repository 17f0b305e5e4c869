package org.sparksae.spark.ml;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.nn.Autoencoder;

/** Codes and reconstructions of rows, [rows][latents] and [rows][outputs]. */
record Computed(float[][] codes, float[][] reconstructions) {

  /** What a model computes, as transform does in a task. */
  static Computed by(SparseAutoencoderModel model, float[][] rows) {
    int columns = rows[0].length;
    DenseRows x = DenseRows.zeros(rows.length, columns);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, x.values(), i * columns, columns);
    }
    var encoded = new Autoencoder(model.encodingSpec(), rows.length).encode(model.parameters(), x);
    float[][] codes = matrix(encoded.code());
    return new Computed(codes, matrix(encoded.reconstruct()));
  }

  private static float[][] matrix(Rows rows) {
    float[][] matrix = new float[rows.rows()][rows.columns()];
    for (int i = 0; i < matrix.length; i++) {
      if (rows instanceof SparseRows sparse) {
        sparse.copyRow(i, matrix[i], 0);
      } else if (rows instanceof DenseRows dense) {
        matrix[i] = Arrays.copyOfRange(dense.values(), dense.rowOffset(i), dense.rowOffset(i + 1));
      }
    }
    return matrix;
  }

  /** The largest difference of an element, relative to elements above 1. */
  double differenceFrom(Computed expected) {
    return Math.max(
        difference(codes, expected.codes), difference(reconstructions, expected.reconstructions));
  }

  private static double difference(float[][] actual, float[][] expected) {
    double largest = actual.length == expected.length ? 0 : Double.NaN;
    for (int i = 0; i < actual.length; i++) {
      for (int j = 0; j < Math.max(actual[i].length, expected[i].length); j++) {
        double difference = Math.abs(actual[i][j] - expected[i][j]);
        largest = Math.max(largest, difference / Math.max(1, Math.abs(expected[i][j])));
      }
    }
    return largest;
  }
}
