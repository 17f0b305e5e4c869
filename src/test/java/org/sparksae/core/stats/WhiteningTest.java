package org.sparksae.core.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SymmetricEigen;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.RowBlock;

class WhiteningTest {

  @Test
  void eigenvectorsOfAMatrixByHand() {
    // [[2, 1], [1, 2]]: 1 for (1, -1) / sqrt 2, 3 for (1, 1) / sqrt 2.
    SymmetricEigen eigen = SymmetricEigen.of(new double[] {2, 1, 1, 2}, 2);
    assertArrayEquals(new double[] {1, 3}, eigen.values(), 1e-12);
    double[] vectors = eigen.vectors();
    assertEquals(0, vectors[0] + vectors[1], 1e-12);
    assertEquals(0, vectors[2] - vectors[3], 1e-12);
    assertEquals(1, vectors[0] * vectors[0] + vectors[1] * vectors[1], 1e-12);
  }

  @Test
  void whiteningOfACovarianceByHand() {
    // 1 / sqrt of the above: along (1, -1) 1, along (1, 1) 1 / sqrt 3; epsilon = 1: 1 / sqrt 2,
    // 1/2.
    double third = 1 / Math.sqrt(3);
    assertArrayEquals(
        new double[] {(1 + third) / 2, (third - 1) / 2, (third - 1) / 2, (1 + third) / 2},
        Whitening.zca(new double[] {2, 1, 1, 2}, 2, 0),
        1e-12);
    double half = Math.sqrt(0.5);
    assertArrayEquals(
        new double[] {(half + 0.5) / 2, (0.5 - half) / 2, (0.5 - half) / 2, (half + 0.5) / 2},
        Whitening.zca(new double[] {2, 1, 1, 2}, 2, 1),
        1e-12);
  }

  @Test
  void whiteningMakesTheCovarianceTheIdentity() {
    for (int d : new int[] {1, 2, 7, 33}) {
      double[] covariance = covariance(d);
      double[] w = Whitening.zca(covariance, d, 0);
      double[] white = product(product(w, covariance, d), w, d);
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          assertEquals(i == j ? 1 : 0, white[i * d + j], 1e-9, d + ": " + i + ", " + j);
          assertEquals(w[i * d + j], w[j * d + i], 0);
        }
      }
    }
  }

  @Test
  void directionsWithoutVarianceNeedAnEpsilon() {
    double[] flat = {1, -1, -1, 1};
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Whitening.zca(flat, 2, 0));
    assertTrue(refusal.getMessage().startsWith("epsilon must be above "), refusal.getMessage());
    // Along (1, -1) the variance is 2: 1 / sqrt(2.5), along (1, 1) 1 / sqrt(0.5).
    double along = 1 / Math.sqrt(2.5);
    double across = 1 / Math.sqrt(0.5);
    double[] w = Whitening.zca(flat, 2, 0.5);
    assertEquals((across + along) / 2, w[0], 1e-12);
    assertEquals((across - along) / 2, w[1], 1e-12);
    assertThrows(IllegalArgumentException.class, () -> Whitening.zca(new double[1], 1, 0));
  }

  /** Far from 0, where a sum of squares about 0 would lose the variance. */
  @Test
  void momentsOfRowsInAnyPartitionsAreThoseOfASlowSum() {
    int d = 5;
    float[][] rows = rows(101, d);
    double[] mean = new double[d];
    double[] covariance = new double[d * d];
    for (float[] row : rows) {
      for (int j = 0; j < d; j++) {
        mean[j] += row[j] / (double) rows.length;
      }
    }
    for (float[] row : rows) {
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          covariance[i * d + j] += (row[i] - mean[i]) * (row[j] - mean[j]) / (rows.length - 1);
        }
      }
    }
    for (int[] sizes : new int[][] {{101}, {0, 40, 1, 60}}) {
      Moments moments = Moments.of(new LocalPartitionSum(partitions(rows, sizes)), d);
      assertEquals(101, moments.rows());
      assertArrayEquals(mean, moments.mean(), 1e-9);
      assertArrayEquals(covariance, moments.covariance(), 1e-9);
    }
    LocalPartitionSum one = new LocalPartitionSum(partitions(rows(1, d), new int[] {1}));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> Moments.of(one, d))
            .getMessage()
            .contains("at least 2 rows that are valid, got 1"));
  }

  @Test
  void theSpreadOfPatchesIsAboutTheirOwnMeans() {
    // Means 2 and 10: deviations -1, 1 and -3, 3; sqrt((1 + 1 + 9 + 9) / 4).
    float[][] rows = {{1, 3}, {7, 13}};
    LocalPartitionSum data = new LocalPartitionSum(partitions(rows, new int[] {1, 1}));
    assertEquals(Math.sqrt(5), PatchScale.sigma(data, 2), 1e-12);
  }

  private static float[][] rows(int n, int d) {
    SplittableRandom random = new SplittableRandom(4);
    float[][] rows = new float[n][d];
    for (float[] row : rows) {
      double common = random.nextDouble();
      for (int j = 0; j < d; j++) {
        row[j] = (float) (1000 + common + 0.1 * j * random.nextDouble());
      }
    }
    return rows;
  }

  private static List<List<RowBlock>> partitions(float[][] rows, int[] sizes) {
    List<List<RowBlock>> partitions = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      int d = rows[0].length;
      DenseRows dense = DenseRows.zeros(size, d);
      for (int i = 0; i < size; i++) {
        System.arraycopy(rows[from + i], 0, dense.values(), i * d, d);
      }
      partitions.add(List.of(new RowBlock(dense, null)));
      from += size;
    }
    return partitions;
  }

  /** Of full rank: A A' for a random A. */
  private static double[] covariance(int d) {
    double[] a = new SplittableRandom(d).doubles((long) d * d, -1, 1).toArray();
    for (int i = 0; i < d; i++) {
      a[i * d + i] += 3;
    }
    return product(a, transposed(a, d), d);
  }

  private static double[] transposed(double[] a, int d) {
    double[] result = new double[d * d];
    for (int i = 0; i < d * d; i++) {
      result[i % d * d + i / d] = a[i];
    }
    return result;
  }

  private static double[] product(double[] a, double[] b, int d) {
    double[] c = new double[d * d];
    Arrays.setAll(
        c,
        at -> {
          double sum = 0;
          for (int k = 0; k < d; k++) {
            sum += a[at / d * d + k] * b[k * d + at % d];
          }
          return sum;
        });
    return c;
  }
}
