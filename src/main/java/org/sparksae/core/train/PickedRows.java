package org.sparksae.core.train;

import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;

/**
 * Rows with given numbers, wherever they are, [numbers, columns].
 *
 * @param numbers of the rows among all
 * @param columns values of a row
 * @param scale factor of the values
 */
record PickedRows(long[] numbers, int columns, float scale) implements PartitionFunction {

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] picked = new double[Math.multiplyExact(numbers.length, columns)];
    float[] row = new float[columns];
    for (int i = 0; i < numbers.length; i++) {
      if (rows.copyRow(numbers[i], row)) {
        for (int j = 0; j < columns; j++) {
          picked[i * columns + j] = scale * row[j];
        }
      }
    }
    return picked;
  }
}
