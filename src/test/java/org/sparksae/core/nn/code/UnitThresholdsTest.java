package org.sparksae.core.nn.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;

/** Thresholds that no process could find alone are those of sorting everything in one place. */
class UnitThresholdsTest {

  /** By rounds over rows that are cut at some places. */
  private static float[] find(
      DenseRows rows, int columnsPerUnit, double share, float[] weights, int bits, int... cuts) {
    int units = rows.columns() / columnsPerUnit;
    UnitThresholds search = new UnitThresholds(units, share, bits);
    while (!search.isDone()) {
      UnitThresholds.Digit digit = search.next();
      double[] sums = new double[digit.sums()];
      int from = 0;
      for (int to : IntStream.concat(Arrays.stream(cuts), IntStream.of(rows.rows())).toArray()) {
        double[] part = new double[digit.sums()];
        float[] own = weights == null ? null : Arrays.copyOfRange(weights, from, to);
        part[0] = IntStream.range(from, to).mapToDouble(i -> weight(weights, i)).sum();
        // Units in two parts, as the members of a team take them.
        UnitValues values = new UnitValues(columnsPerUnit);
        values.prepare(rows.slice(from, to), own);
        for (int[] range : new int[][] {{0, units / 2}, {units / 2, units}}) {
          values.read(rows.slice(from, to), own, range[0], range[1]);
          values.addTo(digit, part, range[0], range[1]);
        }
        for (int i = 0; i < sums.length; i++) {
          sums[i] += part[i];
        }
        from = to;
      }
      search.take(sums);
    }
    return search.found();
  }

  private static double weight(float[] weights, int row) {
    return weights == null ? 1 : weights[row];
  }

  /** The m-th largest that is above 0, or the least of those. */
  private static float[] sorted(DenseRows rows, int columnsPerUnit, int m) {
    float[] thresholds = new float[rows.columns() / columnsPerUnit];
    for (int unit = 0; unit < thresholds.length; unit++) {
      int first = unit * columnsPerUnit;
      double[] values =
          IntStream.range(0, rows.rows() * columnsPerUnit)
              .mapToDouble(n -> rows.get(n / columnsPerUnit, first + n % columnsPerUnit))
              .filter(value -> value > 0)
              .sorted()
              .toArray();
      thresholds[unit] =
          values.length == 0 ? Float.MIN_VALUE : (float) values[Math.max(0, values.length - m)];
    }
    return thresholds;
  }

  /** Half of them 0 or below, many equal, of all sizes that floats have. */
  private static DenseRows random(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(rows + columns);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      int kind = random.nextInt(8);
      values[i] =
          switch (kind) {
            case 0 -> 0f;
            case 1 -> -0f;
            case 2 -> -random.nextInt(5);
            case 3 -> 1 + random.nextInt(3);
            case 4 -> Float.intBitsToFloat(random.nextInt(0x7f800000));
            default -> (float) random.nextDouble(-1, 1);
          };
    }
    return DenseRows.of(values, rows, columns);
  }

  @ParameterizedTest(name = "{0} rows, {1} units of {2} values")
  @CsvSource({"1, 1, 1", "2, 3, 1", "13, 33, 1", "207, 17, 1", "50, 5, 3", "9, 2, 49"})
  void thresholdsAreThoseOfSorting(int rows, int units, int columnsPerUnit) {
    DenseRows values = random(rows, units * columnsPerUnit);
    int most = rows * columnsPerUnit;
    for (int m : new int[] {1, 2, (most + 19) / 20, most / 3, most - 1}) {
      if (m < 1 || m >= most) {
        continue;
      }
      // Any share above (m - 1) / most asks for m.
      double share = (m - 0.5) / most * columnsPerUnit;
      float[] expected = sorted(values, columnsPerUnit, m);
      for (int bits : new int[] {4, 8}) {
        assertArrayEquals(expected, find(values, columnsPerUnit, share, null, bits));
        int[] cuts = {0, rows / 3, rows / 3, rows - rows / 4};
        assertArrayEquals(expected, find(values, columnsPerUnit, share, null, bits, cuts));
      }
    }
  }

  /** 0.07 * 100 is 7.000000000000001 in double. */
  @ParameterizedTest
  @CsvSource({
    "0.07, 100, 7",
    "0.05, 20, 1",
    "0.05, 21, 2",
    "0.1, 30, 3",
    "0.3, 10, 3",
    "0.5, 3, 2"
  })
  void shareIsRoundedUpToWholeRows(double share, int rows, int winners) {
    float[] values = new float[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = i + 1;
    }
    float[] thresholds = find(DenseRows.of(values, rows, 1), 1, share, null, 4);
    assertEquals(rows - winners + 1, thresholds[0]);
  }

  @Test
  void rowOfWeightTwoIsTwoRows() {
    DenseRows once = random(40, 9);
    float[] twice = new float[3 * 40 * 9];
    float[] weights = new float[40];
    int rows = 0;
    for (int i = 0; i < 40; i++) {
      weights[i] = i % 4;
      for (int n = 0; n < i % 4; n++) {
        System.arraycopy(once.values(), once.rowOffset(i), twice, 9 * rows++, 9);
      }
    }
    for (double share : new double[] {0.05, 0.2, 0.5}) {
      assertArrayEquals(
          find(DenseRows.of(twice, rows, 9), 1, share, null, 4),
          find(once, 1, share, weights, 4, 11));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void withoutRowsOrWeightNothingButPositiveValuesIsAskedFor(int bits) {
    float[] least = {Float.MIN_VALUE, Float.MIN_VALUE};
    assertArrayEquals(least, find(DenseRows.zeros(0, 2), 1, 0.3, null, bits));
    DenseRows rows = DenseRows.of(new float[] {1, -1, 2, -2}, 2, 2);
    assertArrayEquals(least, find(rows, 1, 0.3, new float[2], bits));
  }

  @Test
  void winnersOfBothFormsAreTheSameAndNaNStays() {
    float[] thresholds = {2, 1, Float.MIN_VALUE};
    float[] values = {2, 0.5f, 0, Float.NaN, 1, 1e-45f, 1.9f, 7, -0f};
    float[] expected = {2, 0, 0, Float.NaN, 1, 1e-45f, 0, 7, 0};
    DenseRows code = DenseRows.of(values.clone(), 3, 3);
    new Winners(false, 1, 3, Team.SOLO).keep(code, thresholds);
    assertArrayEquals(expected, code.values(), 0f);
    DenseRows again = DenseRows.of(values.clone(), 3, 3);
    Winners winners = new Winners(true, 1, 3, Team.SOLO);
    SparseRows entries = (SparseRows) winners.keep(again, thresholds);
    assertEquals(5, entries.entries());
    float[] row = new float[3];
    for (int i = 0; i < 3; i++) {
      entries.copyRow(i, row, 0);
      assertArrayEquals(Arrays.copyOfRange(expected, 3 * i, 3 * i + 3), row, 0f);
    }
  }
}
