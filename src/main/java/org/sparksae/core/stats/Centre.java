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
    return mean(data, d, 0, Batch.ALL);
  }

  private static double[] mean(PartitionSum data, int d, int cut, Batch batch) {
    try (PartitionSum.Evaluator evaluator = data.with(new float[0])) {
      return quotient(evaluator.sum(new RowSums(d, cut, batch)), d);
    }
  }

  /**
   * Returns the mean distance of the rows from their mean: {@code (1/W) sum of w_i |x_i - mean x|};
   * 0 if W is 0, or if it is not above 1e-6 |mean x|: floats hardly tell such rows apart, and
   * between equal rows the sums find the distance of a rounding error.
   *
   * @param from first column that counts
   * @param d number of columns, also of those that do not count
   */
  public static double meanDistance(PartitionSum data, int from, int d) {
    double[] mean = mean(data, d);
    try (PartitionSum.Evaluator evaluator = data.with(new float[0])) {
      double[] sums = evaluator.sum(new DistanceSums(mean, from));
      double distance = sums[0] > 0 ? sums[1] / sums[0] : 0;
      double least = CodeStatistics.ROUNDING * squares(mean, from);
      return distance * distance > least ? distance : 0;
    }
  }

  /**
   * Returns the geometric median of all inputs or, if there are more than 32 768, of so many chosen
   * at random, [d]. Each of at most 100 steps moves m to the mean of the rows with the weights
   * {@code w_i / |x_i - m|}, from their mean.
   *
   * <p>Source: Weiszfeld, Sur le point pour lequel la somme des distances de n points donnés est
   * minimum (1937).
   *
   * @param d number of columns of an input
   * @param cut where rows are cut into input and target; 0 for rows that are both
   * @param rows number of rows
   * @param seed chooses the rows
   */
  public static double[] geometricMedian(PartitionSum data, int d, int cut, long rows, long seed) {
    Batch sample =
        rows <= MEDIAN_ROWS
            ? Batch.ALL
            : Batch.of(new RowPermutation(rows, seed, 0), 0, MEDIAN_ROWS);
    double[] centre = mean(data, d, cut, sample);
    try (PartitionSum.Evaluator evaluator = data.with(new float[0])) {
      double distance = meanDistance(evaluator.sum(new PullSums(centre, 1, cut, sample)), d);
      for (int step = 0; step < MAX_STEPS && distance > 0; step++) {
        double[] sums = evaluator.sum(new PullSums(centre, NEAR * distance, cut, sample));
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

  private static double squares(double[] x, int from) {
    double squares = 0;
    for (int j = from; j < x.length; j++) {
      squares += x[j] * x[j];
    }
    return squares;
  }

  private static GatheredRows buffer(int d, int cut) {
    return new GatheredRows(Math.max(1, TILE_FLOATS / d), cut);
  }

  /** {@code [sum of w x (d), sum of w]}. */
  private record RowSums(int d, int cut, Batch batch) implements PartitionFunction {

    @Override
    public double[] apply(float[] parameters, PartitionRows rows) {
      double[] sums = new double[d + 1];
      rows.forEachTile(
          batch,
          buffer(d, cut),
          tile -> {
            if (tile.inputs() instanceof DenseRows dense) {
              Kernels.addWeightedColumnSums(dense, tile.weights(), sums, 0);
            } else {
              ((SparseRows) tile.inputs()).addWeightedColumnSums(tile.weights(), sums, 0);
            }
            sums[d] += tile.totalWeight();
          });
      return sums;
    }
  }

  /**
   * {@code [sum of w, sum of w |x - m|]}.
   *
   * @param centre m, [d]
   * @param from first column that counts
   */
  private record DistanceSums(double[] centre, int from) implements PartitionFunction {

    @Override
    public double[] apply(float[] parameters, PartitionRows rows) {
      double[] sums = new double[2];
      double ofZeros = Centre.squares(centre, from);
      rows.forEachTile(
          Batch.ALL,
          buffer(centre.length, 0),
          tile -> {
            for (int i = 0; i < tile.size(); i++) {
              double squares =
                  tile.rows() instanceof SparseRows sparse
                      ? squares(sparse, i, ofZeros)
                      : squares((DenseRows) tile.rows(), i);
              sums[0] += tile.weight(i);
              sums[1] += tile.weight(i) * Math.sqrt(squares);
            }
          });
      return sums;
    }

    private double squares(DenseRows rows, int row) {
      double squares = 0;
      int at = rows.rowOffset(row);
      for (int j = from; j < centre.length; j++) {
        double distance = rows.values()[at + j] - centre[j];
        squares += distance * distance;
      }
      return squares;
    }

    /** Costs what the non-zeros cost: the rest is the distance of 0 from m. */
    private double squares(SparseRows rows, int row, double ofZeros) {
      double squares = ofZeros;
      for (int p = rows.start(row); p < rows.end(row); p++) {
        int column = rows.indices()[p];
        if (column >= from) {
          double distance = rows.values()[p] - centre[column];
          squares += distance * distance - centre[column] * centre[column];
        }
      }
      return Math.max(0, squares);
    }
  }

  /**
   * {@code [sum of u x (d), sum of u, sum of w, sum of w |x - m|]} with {@code u = w / |x - m|}.
   *
   * @param centre m, [d]
   * @param near distances below it count as it in u, above 0
   */
  private record PullSums(double[] centre, double near, int cut, Batch batch)
      implements PartitionFunction {

    @Override
    public double[] apply(float[] parameters, PartitionRows rows) {
      double[] sums = new double[centre.length + 3];
      float[] x = new float[centre.length];
      rows.forEachTile(
          batch,
          buffer(centre.length, cut),
          tile -> {
            for (int i = 0; i < tile.size(); i++) {
              add(tile, i, x, sums);
            }
          });
      return sums;
    }

    private void add(RowBlock tile, int row, float[] x, double[] sums) {
      int d = centre.length;
      tile.copyInput(row, x, 0);
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
