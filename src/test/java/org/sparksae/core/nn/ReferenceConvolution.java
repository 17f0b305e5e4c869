package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.Padding;

/**
 * Which weight joins a value of a map with one of the image, and which value of a map is largest.
 */
final class ReferenceConvolution {
  private ReferenceConvolution() {}

  /**
   * The index among the weights [F, C, K, K] of the one between value {@code map} of the maps [F,
   * H', W'] and value {@code image} of the image [C, H, W]; -1 if it is outside of the window.
   */
  static int weight(Convolution of, int map, int image) {
    int k = of.kernel();
    int height = of.input().height();
    int width = of.input().width();
    int mapHeight = windows(of, height);
    int mapWidth = windows(of, width);
    int filter = map / (mapHeight * mapWidth);
    int p = map / mapWidth % mapHeight;
    int q = map % mapWidth;
    int channel = image / (height * width);
    int y = image / width % height;
    int x = image % width;
    int i = y + before(of, height) - p * of.stride();
    int j = x + before(of, width) - q * of.stride();
    boolean inside = i >= 0 && i < k && j >= 0 && j < k;
    return inside ? ((filter * of.input().channels() + channel) * k + i) * k + j : -1;
  }

  /** Windows that fit, or as many as strides, padded. */
  private static int windows(Convolution of, int size) {
    int count = 0;
    if (of.padding() == Padding.VALID) {
      while (count * of.stride() + of.kernel() <= size) {
        count++;
      }
    } else {
      while (count * of.stride() < size) {
        count++;
      }
    }
    return count;
  }

  /** Zeros before the image: half of those that the windows need, rounded down. */
  private static int before(Convolution of, int size) {
    int covered = (windows(of, size) - 1) * of.stride() + of.kernel();
    return (covered - size) / 2;
  }

  /** Whether a value is the largest of its map, the first of equal ones. */
  static boolean isLargest(int index, int positions, double[] z) {
    int first = index / positions * positions;
    for (int j = first; j < first + positions; j++) {
      if (z[j] > z[index] || (z[j] == z[index] && j < index)) {
        return false;
      }
    }
    return true;
  }

  /** How far the largest of each map is above the next: while all stay above 0, it stays. */
  static double[] margins(int positions, double[] z) {
    List<Double> margins = new ArrayList<>();
    for (int first = 0; positions > 1 && first < z.length; first += positions) {
      double largest = Double.NEGATIVE_INFINITY;
      double second = Double.NEGATIVE_INFINITY;
      for (int j = first; j < first + positions; j++) {
        second = Math.max(second, Math.min(largest, z[j]));
        largest = Math.max(largest, z[j]);
      }
      margins.add(largest - second);
    }
    return margins.stream().mapToDouble(margin -> margin).toArray();
  }
}
