package org.sparksae.core.train;

import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.rows.RowBlock;

/**
 * Sums for the variances of the rows and of their residuals, with the code that training decodes.
 *
 * @param outputSize number of columns of a reconstruction
 * @param found what the code needs to know about the whole batch, or null
 */
record Residual(int outputSize, float[] found) implements Question {
  private static final int OF_X = 3;

  /**
   * The part of a residual's mean square that its variance must exceed. Below it, the residuals
   * differ by rounding only.
   */
  private static final double LEAST = 1e-10;

  @Override
  public int sums() {
    return OF_X + 2 * outputSize;
  }

  @Override
  public void answer(EncodedBatch encoded, RowBlock rows, double[] sums) {
    encoded.forTraining(found).addResidual(rows.rows(), rows.weights(), sums);
  }

  /**
   * Computes {@code sum |x_i - mean x|^2 / sum |e_i - mean e|^2} from these sums; 0 if all
   * residuals are equal.
   */
  static double scale(double[] sums) {
    double weight = sums[0];
    int columns = (sums.length - OF_X) / 2;
    double meanX = 0;
    double meanE = 0;
    for (int j = OF_X; j < OF_X + columns; j++) {
      double ofX = sums[j];
      double ofE = ofX - sums[j + columns];
      meanX += ofX * ofX;
      meanE += ofE * ofE;
    }
    double varianceX = Math.max(0, sums[1] - meanX / weight);
    double varianceE = sums[2] - meanE / weight;
    return varianceE > LEAST * sums[2] ? varianceX / varianceE : 0;
  }
}
