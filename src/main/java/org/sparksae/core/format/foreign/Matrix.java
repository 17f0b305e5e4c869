package org.sparksae.core.format.foreign;

import org.sparksae.core.format.Tensor;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.Transpose;

/**
 * A matrix [rows, columns], row-major, which may be stored as its transpose.
 *
 * @param values holds the elements from {@code offset} on; shared, not copied
 * @param transposed whether they are those of the matrix [columns, rows]
 */
record Matrix(float[] values, int offset, int rows, int columns, boolean transposed) {

  static Matrix of(Tensor stored, boolean transposed) {
    int[] shape = stored.shape();
    return new Matrix(
        stored.values(),
        stored.offset(),
        shape[transposed ? 1 : 0],
        shape[transposed ? 0 : 1],
        transposed);
  }

  /** Returns the same matrix as [columns, rows]; copies nothing. */
  Matrix transpose() {
    return new Matrix(values, offset, columns, rows, !transposed);
  }

  float at(int row, int column) {
    return values[offset + (transposed ? column * rows + row : row * columns + column)];
  }

  /** Copies the elements, row-major, to an array from an index on. */
  void copyTo(float[] to, int at) {
    if (transposed) {
      Transpose.matrix(values, offset, columns, rows, to, at, Team.SOLO);
    } else {
      System.arraycopy(values, offset, to, at, rows * columns);
    }
  }

  /** Returns a tensor of the elements, row-major; it shares them if they are stored so. */
  Tensor named(String name) {
    int[] shape = {rows, columns};
    if (!transposed) {
      return new Tensor(name, shape, values, offset);
    }
    float[] copy = new float[rows * columns];
    copyTo(copy, 0);
    return new Tensor(name, shape, copy, 0);
  }

  /** Returns {@code M x}, [rows], summed in double. */
  double[] times(float[] x) {
    double[] product = new double[rows];
    if (transposed) {
      for (int j = 0; j < columns; j++) {
        for (int i = 0; i < rows; i++) {
          product[i] += (double) at(i, j) * x[j];
        }
      }
    } else {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          product[i] += (double) at(i, j) * x[j];
        }
      }
    }
    return product;
  }

  /** Returns the length of each row, [rows]. */
  double[] rowNorms() {
    double[] norms = new double[rows];
    for (int i = 0; i < rows; i++) {
      double squares = 0;
      for (int j = 0; j < columns; j++) {
        squares += (double) at(i, j) * at(i, j);
      }
      norms[i] = Math.sqrt(squares);
    }
    return norms;
  }

  /** Returns the matrix with each row multiplied by a factor of its own; a copy. */
  Matrix scaledRows(double[] factors) {
    float[] scaled = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        scaled[i * columns + j] = (float) (factors[i] * at(i, j));
      }
    }
    return new Matrix(scaled, 0, rows, columns, false);
  }
}
