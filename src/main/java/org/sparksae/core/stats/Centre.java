package org.sparksae.core.stats;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.GatheredRows;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;

/**
 * Centres of rows x_i [d] with weights w_i, computed in double.
 *
 * <pre>
 * mean              (1/W) sum of w_i x_i,  W = sum of w_i
 * geometric median  the m that minimises  sum of w_i |x_i - m|
 * </pre>
 *
 * <p>Sums are added in partition order, so equal rows in equal partitions give equal bits. Rows of
 * weight 0 do not count. If W is 0, both centres are 0.
 */
public final class Centre {
  /** The most rows that a geometric median is computed from: more would hardly move it. */
  private static final int MEDIAN_ROWS = 1 << 15;

  private static final int MAX_STEPS = 100;

  /** The length of the last step, as a part of the mean distance. */
  private static final double TOLERANCE = 1e-5;

  /**
   * Rows nearer to m than this part of the mean distance pull like a spring. Otherwise a row that m
   * hits would hold it there.
   */
  private static final double NEAR = 1e-3;

  /** Floats of the rows that are copied together. */
  private static final int TILE_FLOATS = 1 << 18;

  private Centre() {}

  /**
   * Returns the mean of all rows, [d].
   *
   * @param d number of columns
   */
  public static double[] mean(PartitionSum data, int d) {
    return mean(data, d, Batch.ALL);
  }

  private static double[] mean(PartitionSum data, int d, Batch batch) {
    try (PartitionSum.Evaluator evaluator = data.with(new float[0])) {
      return quotient(evaluator.sum(new RowSums(d, batch)), d);
    }
  }

  /**
   * Returns the geometric median of all rows or, if there are more than 32 768, of so many chosen
   * at random, [d]. Each of at most 100 steps moves m to the mean of the rows with the weights
   * {@code w_i / |x_i - m|}, from their mean.
   *
   * <p>Source: Weiszfeld, Sur le point pour lequel la somme des distances de n points donnés est
   * minimum (1937).
   *
   * @param d number of columns
   * @param rows number of rows
   * @param seed chooses the rows
   */
  public static double[] geometricMedian(PartitionSum data, int d, long rows, long seed) {
    Batch sample =
        rows <= MEDIAN_ROWS
            ? Batch.ALL
            : Batch.of(new RowPermutation(rows, seed, 0), 0, MEDIAN_ROWS);
    double[] centre = mean(data, d, sample);
    try (PartitionSum.Evaluator evaluator = data.with(new float[0])) {
      double distance = meanDistance(evaluator.sum(new PullSums(centre, 1, sample)), d);
      for (int step = 0; step < MAX_STEPS && distance > 0; step++) {
        double[] sums = evaluator.sum(new PullSums(centre, NEAR * distance, sample));
        double[] next = quotient(sums, d);
        double moved = distance(centre, next);
        distance = moved <= TOLERANCE * distance ? 0 : meanDistance(sums, d);
        centre = next;
      }
    }
    return centre;
  }

  /** Divides the first d sums by the next one. */
  private static double[] quotient(double[] sums, int d) {
    double[] quotient = Arrays.copyOf(sums, d);
    for (int j = 0; j < d; j++) {
      quotient[j] = sums[d] > 0 ? quotient[j] / sums[d] : 0;
    }
    return quotient;
  }

  private static double meanDistance(double[] sums, int d) {
    return sums[d + 1] > 0 ? sums[d + 2] / sums[d + 1] : 0;
  }

  private static double distance(double[] a, double[] b) {
    double squares = 0;
    for (int j = 0; j < a.length; j++) {
      squares += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return Math.sqrt(squares);
  }

  private static GatheredRows buffer(int d) {
    return new GatheredRows(Math.max(1, TILE_FLOATS / d));
  }

  /** {@code [sum of w x (d), sum of w]}. */
  private record RowSums(int d, Batch batch) implements PartitionFunction {

    @Override
    public double[] apply(float[] parameters, PartitionRows rows) {
      double[] sums = new double[d + 1];
      rows.forEachTile(
          batch,
          buffer(d),
          tile -> {
            if (tile.rows() instanceof DenseRows dense) {
              Kernels.addWeightedColumnSums(dense, tile.weights(), sums, 0);
            } else {
              ((SparseRows) tile.rows()).addWeightedColumnSums(tile.weights(), sums, 0);
            }
            sums[d] += tile.totalWeight();
          });
      return sums;
    }
  }

  /**
   * {@code [sum of u x (d), sum of u, sum of w, sum of w |x - m|]} with {@code u = w / |x - m|}.
   *
   * @param centre m, [d]
   * @param near distances below it count as it in u, above 0
   */
  private record PullSums(double[] centre, double near, Batch batch) implements PartitionFunction {

    @Override
    public double[] apply(float[] parameters, PartitionRows rows) {
      double[] sums = new double[centre.length + 3];
      float[] x = new float[centre.length];
      rows.forEachTile(
          batch,
          buffer(centre.length),
          tile -> {
            for (int i = 0; i < tile.size(); i++) {
              add(tile, i, x, sums);
            }
          });
      return sums;
    }

    private void add(RowBlock tile, int row, float[] x, double[] sums) {
      int d = centre.length;
      tile.copyRows(row, row + 1, x, 0);
      double squares = 0;
      for (int j = 0; j < d; j++) {
        squares += (x[j] - centre[j]) * (x[j] - centre[j]);
      }
      double distance = Math.sqrt(squares);
      double pull = tile.weight(row) / Math.max(distance, near);
      for (int j = 0; j < d; j++) {
        sums[j] += pull * x[j];
      }
      sums[d] += pull;
      sums[d + 1] += tile.weight(row);
      sums[d + 2] += tile.weight(row) * distance;
    }
  }
}
