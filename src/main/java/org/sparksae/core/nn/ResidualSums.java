package org.sparksae.core.nn;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.layer.LayerForward;

/** The sums of {@link TrainingBatch#addResidual}. */
final class ResidualSums {
  private static final int OF_X = 3;

  private ResidualSums() {}

  /** Each member sums its rows; the members' sums are then added in order. */
  static void add(
      Rows target, DenseRows reconstruction, float[] rowWeights, Team team, double[] sums) {
    double[][] parts = new double[team.size()][sums.length];
    team.split(
        target.rows(),
        LayerForward.ROW_GRAIN,
        (member, from, to) ->
            add(
                target.slice(from, to),
                reconstruction.slice(from, to),
                rowWeights == null ? null : Arrays.copyOfRange(rowWeights, from, to),
                parts[member]));
    for (double[] part : parts) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += part[i];
      }
    }
  }

  private static void add(Rows target, DenseRows reconstruction, float[] weights, double[] sums) {
    int columns = target.columns();
    for (int i = 0; i < target.rows(); i++) {
      double weight = weights == null ? 1 : weights[i];
      sums[0] += weight;
      sums[1] += weight * squaredNorm(target, i);
    }
    sums[2] += Errors.squared(reconstruction, target, weights);
    if (target instanceof SparseRows sparse) {
      sparse.addWeightedColumnSums(weights, sums, OF_X);
    } else {
      Kernels.addWeightedColumnSums((DenseRows) target, weights, sums, OF_X);
    }
    Kernels.addWeightedColumnSums(reconstruction, weights, sums, OF_X + columns);
  }

  private static double squaredNorm(Rows rows, int row) {
    if (rows instanceof DenseRows dense) {
      return Kernels.squaredNorm(dense.values(), dense.rowOffset(row), dense.columns());
    }
    SparseRows sparse = (SparseRows) rows;
    int from = sparse.start(row);
    return Kernels.squaredNorm(sparse.values(), from, sparse.end(row) - from);
  }
}
