package org.sparksae.examples;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * MLlib's principal components as an autoencoder to compare with. The components are v_c, and mean
 * is that of the training rows:
 *
 * <pre>
 * x_hat = mean + sum over c of v_c (v_c . (x - mean))
 * |x_hat - x|^2 = |x - mean|^2 - sum over c of (v_c . (x - mean))^2
 * </pre>
 */
final class PrincipalComponents implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] mean;
  private final double[][] components;

  private PrincipalComponents(double[] mean, double[][] components) {
    this.mean = mean;
    this.components = components;
  }

  /**
   * Learns from a column of vectors.
   *
   * @param count number of components, the largest first
   */
  static PrincipalComponents of(Dataset<Row> rows, String column, int count) {
    DenseMatrix matrix =
        new PCA().setInputCol(column).setOutputCol(column + "_pca").setK(count).fit(rows).pc();
    double[][] components = new double[count][matrix.numRows()];
    for (int c = 0; c < count; c++) {
      for (int j = 0; j < matrix.numRows(); j++) {
        components[c][j] = matrix.apply(j, c);
      }
    }
    Vector mean = (Vector) rows.select(Summarizer.mean(col(column))).head().get(0);
    return new PrincipalComponents(mean.toArray(), components);
  }

  /** The mean squared error of a row's reconstruction, for each number of components. */
  double[] errors(double[] x, int[] counts) {
    double left = 0;
    double[] centred = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      centred[j] = x[j] - mean[j];
      left += centred[j] * centred[j];
    }
    double[] after = new double[components.length + 1];
    after[0] = left;
    for (int c = 0; c < components.length; c++) {
      double dot = 0;
      for (int j = 0; j < x.length; j++) {
        dot += components[c][j] * centred[j];
      }
      after[c + 1] = after[c] - dot * dot;
    }
    double[] errors = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      errors[i] = after[counts[i]] / x.length;
    }
    return errors;
  }
}
