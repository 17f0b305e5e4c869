package org.sparksae.core.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.RowBlock;

class CentreTest {
  private static final int[][] CUT = {{}, {20, 11}, {1}, {}, {9, 30}, {29}};

  /** Normal rows of which a tenth lies far off, and weights of which some are 0. */
  private static double[][] rows(int n) {
    SplittableRandom random = new SplittableRandom(3);
    double[][] rows = new double[n][3];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 3; j++) {
        rows[i][j] = (float) (random.doubles(12).sum() - 6 + (i % 10 == 7 ? 500 : 0));
      }
    }
    return rows;
  }

  private static double[] weights(int n) {
    double[] weights = new double[n];
    Arrays.setAll(weights, i -> i % 5 == 0 ? 0 : 0.5f * (1 + i % 3));
    return weights;
  }

  private static double[] median(List<List<RowBlock>> partitions) {
    long rows = partitions.stream().flatMap(List::stream).mapToLong(RowBlock::size).sum();
    return Centre.geometricMedian(new LocalPartitionSum(partitions), 3, 0, rows, 1);
  }

  @Test
  void byHand() {
    double[][] rows = {{1, 2, 0}, {3, 8, 0}, {100, 100, 100}};
    LocalPartitionSum data = Blocks.onePartition(Blocks.block(rows, new double[] {1, 0.5, 0}, 3));
    // (1 + 1.5) / 1.5, (2 + 4) / 1.5
    assertArrayEquals(new double[] {2.5 / 1.5, 4, 0}, Centre.mean(data, 3), 1e-15);
  }

  @Test
  void theMeanDistanceIsOneFromTheMean() {
    // The mean is (2, 0): distances 1 and 1; and 3, which does not count.
    double[][] rows = {{1, 0}, {3, 0}, {2, 3}};
    RowBlock all = Blocks.block(rows, new double[] {0.5, 0.5, 0}, 2);
    assertEquals(1, Centre.meanDistance(Blocks.onePartition(all), 0, 2), 1e-15);
    RowBlock some = Blocks.block(rows(100), weights(100), 3);
    double expected = Centre.meanDistance(Blocks.onePartition(some), 0, 3);
    for (boolean sparse : new boolean[] {false, true}) {
      List<List<RowBlock>> cut = Blocks.sparse(Blocks.cut(some, CUT), sparse);
      assertEquals(
          expected, Centre.meanDistance(new LocalPartitionSum(cut), 0, 3), 1e-12 * expected);
    }
    // Columns 1 and 2 alone are those of narrower rows.
    double[][] rest =
        Arrays.stream(rows(100)).map(row -> Arrays.copyOfRange(row, 1, 3)).toArray(double[][]::new);
    double ofRest =
        Centre.meanDistance(Blocks.onePartition(Blocks.block(rest, weights(100), 2)), 0, 2);
    for (boolean sparse : new boolean[] {false, true}) {
      List<List<RowBlock>> cut = Blocks.sparse(Blocks.cut(some, CUT), sparse);
      assertEquals(ofRest, Centre.meanDistance(new LocalPartitionSum(cut), 1, 3), 1e-12 * ofRest);
    }
    // A common offset far larger than the distances does not matter.
    RowBlock moved = Blocks.block(new double[][] {{1001, 0}, {1003, 0}}, new double[] {1, 1}, 2);
    assertEquals(1, Centre.meanDistance(Blocks.onePartition(moved), 0, 2), 1e-12);
    assertEquals(0, Centre.meanDistance(Blocks.onePartition(moved.slice(0, 1)), 0, 2));
  }

  /** Their mean is not exactly the row, and sparse sums cancel. */
  @Test
  void equalRowsHaveNoDistance() {
    double[][] rows = new double[41][40];
    double[] weights = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      weights[i] = (float) (0.1 + 0.3 * i);
      for (int j = 0; j < 5; j++) {
        rows[i][7 * j] = (float) (0.1 + 0.7 * j);
      }
    }
    RowBlock block = Blocks.block(rows, weights, 40);
    for (boolean sparse : new boolean[] {false, true}) {
      List<List<RowBlock>> cut = Blocks.sparse(List.of(List.of(block)), sparse);
      assertEquals(0, Centre.meanDistance(new LocalPartitionSum(cut), 0, 40));
    }
    // The last one is another float, but no row to scale all others by.
    rows[40][28] = Math.nextUp((float) rows[40][28]);
    RowBlock near = Blocks.block(rows, weights, 40);
    assertEquals(0, Centre.meanDistance(Blocks.onePartition(near), 0, 40));
  }

  /** At the median the unit vectors towards the rows cancel. */
  @Test
  void pullsCancelAtTheMedian() {
    double[][] rows = rows(100);
    double[] weights = weights(100);
    double[] median = median(Blocks.cut(Blocks.block(rows, weights, 3), CUT));
    double[] pull = new double[3];
    for (int i = 0; i < 100; i++) {
      double squares = 0;
      for (int j = 0; j < 3; j++) {
        squares += (rows[i][j] - median[j]) * (rows[i][j] - median[j]);
      }
      for (int j = 0; j < 3; j++) {
        pull[j] += weights[i] * (rows[i][j] - median[j]) / Math.sqrt(squares);
      }
    }
    double total = Arrays.stream(weights).sum();
    for (int j = 0; j < 3; j++) {
      assertEquals(0, pull[j] / total, 0.02);
      // The mean lies near 50, because of the rows far off.
      assertEquals(0, median[j], 1);
    }
  }

  @Test
  void partitionsAndSparseRowsDoNotMatter() {
    RowBlock all = Blocks.block(rows(100), weights(100), 3);
    List<List<RowBlock>> cut = Blocks.cut(all, CUT);
    double[] expected = median(List.of(List.of(all)));
    double[] mean = Centre.mean(Blocks.onePartition(all), 3);
    for (List<List<RowBlock>> other :
        List.of(cut, Blocks.sparse(cut, true), Blocks.sparse(cut, false))) {
      assertArrayEquals(expected, median(other), 1e-9);
      assertArrayEquals(mean, Centre.mean(new LocalPartitionSum(other), 3), 1e-12);
    }
    assertArrayEquals(median(cut), median(cut), "equal partitions give equal bits");
  }

  /** Weights of 0 leave a row out, wherever it lies. */
  @Test
  void rowsOfWeight0DoNotCount() {
    double[][] rows = {{1, 1, 1}, {1, 1, 1}, {9, 9, 9}};
    List<List<RowBlock>> twoEqual = List.of(List.of(Blocks.block(rows, new double[] {1, 1, 0}, 3)));
    assertArrayEquals(new double[] {1, 1, 1}, median(twoEqual));
    List<List<RowBlock>> none = List.of(List.of(Blocks.block(rows, new double[3], 3)));
    assertArrayEquals(new double[3], median(none));
    assertArrayEquals(new double[3], Centre.mean(new LocalPartitionSum(none), 3));
  }

  /** More than half of the rows are equal: the median is there, and not at the mean. */
  @Test
  void aMajorityHoldsTheMedian() {
    double[][] rows = new double[10][3];
    for (int i = 0; i < 4; i++) {
      rows[i][i % 3] = 100;
    }
    double[] ones = new double[10];
    Arrays.fill(ones, 1);
    double[] median = median(List.of(List.of(Blocks.block(rows, ones, 3))));
    for (double value : median) {
      assertEquals(0, value, 0.05);
    }
  }

  /** A row that lies at the mean of all, where the steps begin, does not hold them there. */
  @Test
  void theFirstStepLeavesARow() {
    double[][] rows = {{0, 0, 0}, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0}, {3, 0, 0}};
    double[] ones = {1, 1, 1, 1, 1};
    double[] median = median(List.of(List.of(Blocks.block(rows, ones, 3))));
    assertEquals(-1, median[0], 0.01);
  }

  @Test
  void ofManyRowsASampleIsEnough() {
    double[][] rows = rows(40_000);
    double[] ones = new double[rows.length];
    Arrays.fill(ones, 1);
    RowBlock all = Blocks.block(rows, ones, 3);
    double[] sampled = median(List.of(List.of(all)));
    double[] other = Centre.geometricMedian(Blocks.onePartition(all), 3, 0, rows.length, 2);
    assertTrue(!Arrays.equals(sampled, other), "the seed chooses the rows");
    assertArrayEquals(other, sampled, 0.03);
  }
}
