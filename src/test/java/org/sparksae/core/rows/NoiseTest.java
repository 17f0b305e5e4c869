package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.SparseForm;

/** The random numbers are of their distribution, and a function of seed, epoch, row and column. */
class NoiseTest {
  private static final int ROWS = 500;
  private static final int COLUMNS = 97;
  private static final int VALUES = ROWS * COLUMNS;

  /** Standard deviations that a mean exceeds by chance in about one of 16 000 tests. */
  private static final double SIGMAS = 4;

  private static Noise noise(CorruptionKind kind, double level, long seed, int epoch) {
    return new Corruption(kind, level).at(seed, epoch);
  }

  /** Rows from {@code first} on that are all {@code value}, corrupted. */
  private static float[] corrupted(Noise noise, float value, long first) {
    float[] values = new float[VALUES];
    Arrays.fill(values, value);
    Noise.Generator generator = noise.generator();
    for (int i = 0; i < ROWS; i++) {
      generator.corrupt(first + i, values, i * COLUMNS, COLUMNS);
    }
    return values;
  }

  private static double share(float[] values, float wanted) {
    int count = 0;
    for (float value : values) {
      count += value == wanted ? 1 : 0;
    }
    return (double) count / values.length;
  }

  private static void assertShare(double expected, double actual, int n) {
    double sigma = Math.sqrt(expected * (1 - expected) / n);
    assertEquals(expected, actual, SIGMAS * sigma + 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"0", "0.001", "0.25", "0.5", "0.999"})
  void masksItsShare(double level) {
    float[] values = corrupted(noise(CorruptionKind.MASKING, level, 1, 1), 3f, 0);
    assertShare(level, share(values, 0f), VALUES);
    assertEquals(1, share(values, 0f) + share(values, 3f), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"0", "0.001", "0.25", "0.5", "0.999"})
  void saltsAndPeppersHalfItsShareEach(double level) {
    float[] values = corrupted(noise(CorruptionKind.SALT_AND_PEPPER, level, 1, 1), 3f, 0);
    assertShare(level / 2, share(values, 0f), VALUES);
    assertShare(level / 2, share(values, 1f), VALUES);
    assertEquals(1, share(values, 0f) + share(values, 1f) + share(values, 3f), 1e-12);
  }

  /** Moments of the standard normal distribution: 0, 1, 0, 3; and 4.55 % beyond two deviations. */
  @Test
  void addsNormalNumbers() {
    double deviation = 0.5;
    float[] values = corrupted(noise(CorruptionKind.GAUSSIAN, deviation, 1, 1), 10f, 0);
    double[] moments = new double[5];
    int beyond = 0;
    for (float value : values) {
      double z = (value - 10) / deviation;
      for (int k = 1; k <= 4; k++) {
        moments[k] += Math.pow(z, k) / VALUES;
      }
      beyond += Math.abs(z) > 2 ? 1 : 0;
    }
    double sigma = SIGMAS / Math.sqrt(VALUES);
    // Variances of z, z^2, z^3 and z^4 are 1, 2, 15 and 96.
    assertEquals(0, moments[1], sigma);
    assertEquals(1, moments[2], sigma * Math.sqrt(2));
    assertEquals(0, moments[3], sigma * Math.sqrt(15));
    assertEquals(3, moments[4], sigma * Math.sqrt(96));
    assertShare(0.0455, (double) beyond / VALUES, VALUES);
  }

  /** Numbers of different rows, columns, epochs and seeds are uncorrelated. */
  @Test
  void numbersAreIndependent() {
    float[] here = corrupted(noise(CorruptionKind.GAUSSIAN, 1, 1, 1), 0f, 0);
    float[] rowAfter = corrupted(noise(CorruptionKind.GAUSSIAN, 1, 1, 1), 0f, 1);
    assertArrayEquals(
        Arrays.copyOfRange(here, COLUMNS, VALUES), Arrays.copyOf(rowAfter, VALUES - COLUMNS));
    assertUncorrelated(here, rowAfter);
    assertUncorrelated(here, corrupted(noise(CorruptionKind.GAUSSIAN, 1, 1, 2), 0f, 0));
    assertUncorrelated(here, corrupted(noise(CorruptionKind.GAUSSIAN, 1, 2, 1), 0f, 0));
    assertUncorrelated(here, corrupted(noise(CorruptionKind.GAUSSIAN, 1, 1, Noise.FIXED), 0f, 0));
    assertUncorrelated(here, corrupted(noise(CorruptionKind.GAUSSIAN, 1, 1, 1), 0f, 1L << 40));
    float[] columnAfter = new float[VALUES];
    System.arraycopy(here, 1, columnAfter, 0, VALUES - 1);
    assertUncorrelated(here, columnAfter);
    float[] masked = corrupted(noise(CorruptionKind.MASKING, 0.5, 1, 1), 1f, 0);
    for (int i = 0; i < VALUES; i++) {
      masked[i] -= 0.5f;
    }
    float[] other = corrupted(noise(CorruptionKind.MASKING, 0.5, 1, 2), 1f, 0);
    assertUncorrelated(masked, other);
  }

  private static void assertUncorrelated(float[] a, float[] b) {
    double products = 0;
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      products += (double) a[i] * b[i];
      squares += (double) a[i] * a[i] * b[i] * b[i];
    }
    assertEquals(0, products / Math.sqrt(squares), SIGMAS);
  }

  /** A column of many rows, and not only a row of many columns, has its share. */
  @Test
  void everyColumnHasItsShare() {
    float[] values = corrupted(noise(CorruptionKind.MASKING, 0.3, 9, 1), 1f, 0);
    double chiSquare = 0;
    for (int j = 0; j < COLUMNS; j++) {
      int masked = 0;
      for (int i = 0; i < ROWS; i++) {
        masked += values[i * COLUMNS + j] == 0f ? 1 : 0;
      }
      double z = (masked - 0.3 * ROWS) / Math.sqrt(0.3 * 0.7 * ROWS);
      chiSquare += z * z;
    }
    // Mean COLUMNS, variance 2 COLUMNS.
    assertEquals(COLUMNS, chiSquare, SIGMAS * Math.sqrt(2.0 * COLUMNS));
  }

  @Test
  void theSequenceIsThatOfSplittableRandom() {
    SplitMix random = new SplitMix();
    random.begin(5, 7);
    SplittableRandom expected = new SplittableRandom(SplitMix.mix(5 + 8 * SplitMix.GAMMA));
    for (int place = 0; place < 10; place++) {
      long bits = expected.nextLong();
      assertEquals(bits >>> 11, random.uniform(place));
      assertEquals(bits, random.nextLong());
    }
  }

  /** A row is corrupted in the same way in any tile, order, form and team. */
  @ParameterizedTest
  @EnumSource(
      value = CorruptionKind.class,
      names = {"MASKING", "GAUSSIAN", "SALT_AND_PEPPER"})
  void aRowIsCorruptedByItsNumberAlone(CorruptionKind kind) {
    Noise noise = noise(kind, 0.4, 3, 2);
    float[] clean = new float[VALUES];
    SplittableRandom random = new SplittableRandom(4);
    for (int p = 0; p < VALUES; p++) {
      clean[p] = random.nextInt(8) == 0 ? (float) random.nextDouble(-1, 1) : 0f;
    }
    float[] expected = clean.clone();
    for (int i = ROWS - 1; i >= 0; i--) {
      noise.generator().corrupt(1000 + i, expected, i * COLUMNS, COLUMNS);
    }
    DenseRows dense = DenseRows.of(clean, ROWS, COLUMNS);
    SparseRows sparse = SparseForm.of(dense);
    CorruptedRows buffer = new CorruptedRows();
    try (Team team = new Team(2)) {
      for (Rows rows : new Rows[] {dense, sparse}) {
        for (int[] cut : new int[][] {{0, ROWS}, {3, 4}, {100, 317}}) {
          RowBlock tile = new RowBlock(rows, null).startingAt(1000).slice(cut[0], cut[1]);
          Rows corrupted = buffer.of(tile, noise, team);
          boolean staysSparse = rows == sparse && kind == CorruptionKind.MASKING;
          assertEquals(staysSparse, corrupted instanceof SparseRows);
          float[] part = Arrays.copyOfRange(expected, cut[0] * COLUMNS, cut[1] * COLUMNS);
          assertArrayEquals(part, values(corrupted));
          assertEquals(tile.rows(), tile.with(corrupted, tile.rows()).rows());
        }
      }
    }
    assertFalse(Arrays.equals(clean, expected));
    assertEquals(sparse.entries(), SparseForm.of(dense).entries(), "the rows are left as they are");
  }

  private static float[] values(Rows rows) {
    float[] values = new float[rows.rows() * rows.columns()];
    new RowBlock(rows, null).copyRows(0, rows.rows(), values, 0);
    return values;
  }

  @Test
  void sparseRowsLoseTheEntriesThatAreMasked() {
    DenseRows dense = DenseRows.zeros(ROWS, COLUMNS);
    Arrays.fill(dense.values(), 2f);
    RowBlock tile = new RowBlock(SparseForm.of(dense), null);
    Rows masked = new CorruptedRows().of(tile, noise(CorruptionKind.MASKING, 0.9, 1, 1), Team.SOLO);
    assertShare(0.1, ((SparseRows) masked).entries() / (double) VALUES, VALUES);
  }

  @Test
  void noneIsNoNoise() {
    assertNull(Corruption.NONE.at(1, 1));
    assertNull(new Corruption(CorruptionKind.NONE, 0.3).at(1, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "MASKING, 1, 'must be in [0, 1) with corruption = masking'",
    "MASKING, -0.1, 'got -0.1'",
    "SALT_AND_PEPPER, NaN, 'must be in [0, 1) with corruption = saltAndPepper'",
    "GAUSSIAN, -1, 'must be 0 or more and finite with corruption = gaussian'",
    "GAUSSIAN, Infinity, 'got Infinity'"
  })
  void levelsOutOfRangeAreRefused(CorruptionKind kind, double level, String message) {
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> new Corruption(kind, level))
            .getMessage();
    assertTrue(refusal.startsWith("corruptionLevel "), refusal);
    assertTrue(refusal.contains(message), refusal);
  }
}
