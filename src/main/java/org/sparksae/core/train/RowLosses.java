package org.sparksae.core.train;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.nn.Errors;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.RowBlock;

/**
 * What each row of a mini-batch weighs when latents are resampled, in the order of the batch, [rows
 * of the batch]:
 *
 * <pre>
 * weight_i |x_hat_i - x_i|^4
 * </pre>
 *
 * <p>A partition or a worker writes those of its rows and leaves the others 0, so that their sum
 * has all of them.
 */
final class RowLosses {
  private RowLosses() {}

  /** Number of rows of a batch. */
  static int length(Batch batch) {
    return Math.toIntExact(batch.to() - batch.from());
  }

  /**
   * Writes the losses of some rows.
   *
   * @param losses gets them from index {@code from} on
   */
  static void add(Batch batch, RowBlock rows, DenseRows reconstruction, double[] losses, int from) {
    for (int i = 0; i < rows.size(); i++) {
      double error = Math.max(0, Errors.squared(reconstruction, rows.rows(), i));
      long position = batch.order().positionOf(rows.number(i)) - batch.from();
      losses[from + (int) position] = rows.weight(i) * error * error;
    }
  }
}
