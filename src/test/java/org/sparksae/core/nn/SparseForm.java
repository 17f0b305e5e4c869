package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;

/** Dense rows written down as sparse ones, and rows that are worth it. */
public final class SparseForm {
  private SparseForm() {}

  /**
   * The same rows, in the middle of longer arrays; the columns of odd rows fall, and every third
   * row stores a zero.
   */
  public static SparseRows of(DenseRows x) {
    int strangers = 2;
    List<Float> values = new ArrayList<>(List.of(Float.NaN, Float.NaN));
    List<Integer> indices = new ArrayList<>(List.of(-1, -1));
    int[] starts = new int[x.rows() + 3];
    starts[1] = strangers;
    for (int i = 0; i < x.rows(); i++) {
      boolean storesZero = i % 3 == 0;
      for (int n = 0; n < x.columns(); n++) {
        int j = i % 2 == 1 ? x.columns() - 1 - n : n;
        if (x.get(i, j) != 0 || storesZero) {
          storesZero &= x.get(i, j) != 0;
          values.add(x.get(i, j));
          indices.add(j);
        }
      }
      starts[i + 2] = values.size();
    }
    starts[x.rows() + 2] = values.size();
    values.add(Float.NaN);
    indices.add(-1);
    float[] floats = new float[values.size()];
    for (int p = 0; p < floats.length; p++) {
      floats[p] = values.get(p);
    }
    int[] columns = indices.stream().mapToInt(j -> j).toArray();
    return new SparseRows(floats, columns, starts, 1, x.rows(), x.columns());
  }

  /**
   * The first seed's data with two of three values 0, every seventh row and column 3 wholly, whose
   * kinks are all farther than {@code kinkDistance}.
   */
  public static Cases.Data data(Cases.Case of, int rows, double kinkDistance) {
    ReferenceAutoencoder reference = new ReferenceAutoencoder(of.spec());
    for (long seed = 1; seed <= 1000; seed++) {
      Cases.Data data = thinned(Cases.random(of, rows, seed), seed);
      double smallest = Double.POSITIVE_INFINITY;
      for (double kink : reference.kinks(data.parameters(), data.rows(), data.weights())) {
        smallest = Math.min(smallest, Math.abs(kink));
      }
      if (smallest > kinkDistance) {
        return data;
      }
    }
    throw new IllegalStateException("no data of '%s' keeps off the kinks".formatted(of));
  }

  private static Cases.Data thinned(Cases.Data data, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < data.rows().length; i++) {
      for (int j = 0; j < data.rows()[i].length; j++) {
        if (i % 7 == 6 || j == 3 || random.nextInt(3) > 0) {
          data.rows()[i][j] = 0;
        }
      }
    }
    return data;
  }
}
