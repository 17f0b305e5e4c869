package org.sparksae.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout.Tensor;

/** Rows or columns of a matrix that lies between other parameters. */
class UnitVectorsTest {
  private static final int ROWS = 37;
  private static final int COLUMNS = 53;
  private static final int OFFSET = 11;
  private static final int SIZE = OFFSET + ROWS * COLUMNS + 7;
  private static final List<Team> TEAMS = List.of(Team.SOLO, new Team(2), new Team(3));

  @AfterAll
  static void close() {
    TEAMS.forEach(Team::close);
  }

  private static Tensor tensor(TensorRole role) {
    return new Tensor("w", role, OFFSET, ROWS, COLUMNS, 1);
  }

  private static float[] random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** Index of element i of a vector. */
  private static int at(TensorRole role, int vector, int i) {
    return OFFSET + (role == TensorRole.UNIT_ROWS ? vector * COLUMNS + i : i * COLUMNS + vector);
  }

  private static int count(TensorRole role) {
    return role == TensorRole.UNIT_ROWS ? ROWS : COLUMNS;
  }

  private static int length(TensorRole role) {
    return role == TensorRole.UNIT_ROWS ? COLUMNS : ROWS;
  }

  private static double[] products(TensorRole role, float[] x, float[] y) {
    double[] products = new double[count(role)];
    for (int v = 0; v < products.length; v++) {
      for (int i = 0; i < length(role); i++) {
        products[v] += (double) x[at(role, v, i)] * y[at(role, v, i)];
      }
    }
    return products;
  }

  @ParameterizedTest
  @EnumSource(names = {"UNIT_ROWS", "UNIT_COLUMNS"})
  void sumsOfRangesAreThoseOfTheVectors(TensorRole role) {
    float[] x = random(1);
    float[] y = random(2);
    for (int[] borders : new int[][] {{0, SIZE}, {0, 5, 11, 12, 64, 640, 900, 1979, SIZE}}) {
      double[] products = new double[count(role)];
      double[] squares = new double[count(role)];
      for (int r = 1; r < borders.length; r++) {
        UnitVectors range = new UnitVectors(tensor(role), borders[r - 1], borders[r], Team.SOLO);
        add(range.products(x, y), products);
        add(range.squares(x), squares);
      }
      assertArrayEquals(products(role, x, y), products, 1e-5);
      assertArrayEquals(products(role, x, x), squares, 1e-12 * SIZE);
    }
  }

  private static void add(double[] part, double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += part[i];
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNIT_ROWS", "UNIT_COLUMNS"})
  void onlyTheRangeChanges(TensorRole role) {
    float[] x = random(1);
    float[] y = random(2);
    double[] factors = products(role, x, y);
    int from = 200;
    int to = 777;
    float[] expected = y.clone();
    float[] unit = x.clone();
    for (int v = 0; v < factors.length; v++) {
      for (int i = 0; i < length(role); i++) {
        int p = at(role, v, i);
        if (from <= p && p < to) {
          expected[p] = (float) (y[p] - factors[v] * x[p]);
          unit[p] = (float) (x[p] / Math.sqrt(products(role, x, x)[v]));
        }
      }
    }
    for (Team team : TEAMS) {
      UnitVectors range = new UnitVectors(tensor(role), from, to, team);
      float[] actual = y.clone();
      range.subtract(factors, x, actual);
      assertArrayEquals(expected, actual, 2e-6f);
      float[] normalised = x.clone();
      range.normalise(normalised, products(role, x, x));
      assertArrayEquals(unit, normalised, 1e-7f);
    }
  }

  /** Threads share the vectors, but the sum of each is made in one order. */
  @ParameterizedTest
  @EnumSource(names = {"UNIT_ROWS", "UNIT_COLUMNS"})
  void everyTeamGivesTheSameBits(TensorRole role) {
    float[] x = random(1);
    float[] y = random(2);
    UnitVectors alone = new UnitVectors(tensor(role), 100, 1900, Team.SOLO);
    for (Team team : TEAMS) {
      UnitVectors shared = new UnitVectors(tensor(role), 100, 1900, team);
      assertArrayEquals(alone.products(x, y), shared.products(x, y));
      assertArrayEquals(alone.squares(x), shared.squares(x));
    }
  }

  /** Rows begin at 11 + 53 v: a border at 64 = 11 + 53 cuts none, one at 640 cuts row 11. */
  @ParameterizedTest
  @EnumSource(names = {"UNIT_ROWS", "UNIT_COLUMNS"})
  void bordersCutVectors(TensorRole role) {
    UnitVectors vectors = new UnitVectors(tensor(role), 0, SIZE, Team.SOLO);
    boolean byRows = role == TensorRole.UNIT_ROWS;
    int[] all = new int[COLUMNS];
    Arrays.setAll(all, v -> v);
    assertArrayEquals(new int[0], vectors.cutAt(new int[] {5, 11, OFFSET + ROWS * COLUMNS}));
    assertArrayEquals(byRows ? new int[0] : all, vectors.cutAt(new int[] {64}));
    assertArrayEquals(byRows ? new int[] {11, 12} : all, vectors.cutAt(new int[] {640, 650, 660}));
  }

  /** The square of 1e-40 is 0 as a float, and 1e40 no float at all. */
  @ParameterizedTest
  @EnumSource(names = {"UNIT_ROWS", "UNIT_COLUMNS"})
  void vectorsWithoutALengthStayAndShortOnesGetLength1(TensorRole role) {
    float[] x = new float[SIZE];
    x[at(role, 1, 3)] = -1e-40f;
    x[at(role, 2, 3)] = Float.POSITIVE_INFINITY;
    x[at(role, 3, 0)] = 3e38f;
    x[at(role, 3, 1)] = 4e37f;
    UnitVectors vectors = new UnitVectors(tensor(role), 0, SIZE, Team.SOLO);
    vectors.normalise(x, vectors.squares(x));
    for (int i = 0; i < length(role); i++) {
      assertEquals(0, x[at(role, 0, i)]);
    }
    assertEquals(-1, x[at(role, 1, 3)], 1e-7);
    assertEquals(Float.POSITIVE_INFINITY, x[at(role, 2, 3)]);
    assertEquals(3e38 / Math.hypot(3e38, 4e37), x[at(role, 3, 0)], 1e-6);
  }
}
