package org.sparksae.core.nn;

import java.util.Arrays;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.TopK;

/** Which units of a row a k-sparse layer keeps: by sorting all of them. */
final class ReferenceTopK {
  private ReferenceTopK() {}

  /** The units that are kept, of pre-activations z: of equal ones those of the lowest indices. */
  static boolean[] kept(HiddenLayer layer, double[] z) {
    Integer[] order = order(layer, z);
    boolean[] kept = new boolean[z.length];
    for (int rank = 0; rank < layer.topK().k(); rank++) {
      int j = order[rank];
      kept[j] = layer.activation() != Activation.RELU || z[j] > 0;
    }
    return kept;
  }

  /**
   * How far each unit is above (kept) or below (not kept) the middle between the last key that is
   * kept and the first that is not: while none changes its sign, the same units are kept. None if
   * all units are kept.
   */
  static double[] margins(HiddenLayer layer, double[] z) {
    int k = layer.topK().k();
    if (k == z.length) {
      return new double[0];
    }
    Integer[] order = order(layer, z);
    double middle = (key(layer, z[order[k - 1]]) + key(layer, z[order[k]])) / 2;
    return Arrays.stream(z).map(value -> key(layer, value) - middle).toArray();
  }

  /** Units by falling key; the sort is stable. */
  private static Integer[] order(HiddenLayer layer, double[] z) {
    Integer[] order = new Integer[z.length];
    Arrays.setAll(order, j -> j);
    Arrays.sort(order, (a, b) -> Double.compare(key(layer, z[b]), key(layer, z[a])));
    return order;
  }

  /** Adding 0 makes the zeros one. */
  private static double key(HiddenLayer layer, double z) {
    boolean byMagnitude =
        layer.topK().by() == TopK.By.MAGNITUDE && layer.activation() != Activation.RELU;
    return byMagnitude ? Math.abs(z) : z + 0.0;
  }
}
