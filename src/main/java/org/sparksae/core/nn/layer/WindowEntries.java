package org.sparksae.core.nn.layer;

import java.util.Arrays;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.Convolution;

/**
 * The entries of one row of sparse maps [F, H', W'], window by window. The pixels of a window are
 * gathered, or added, once for all maps that have an entry there.
 */
public final class WindowEntries {
  private final int pixels;
  private final int windowSize;
  private final float[] window;
  private final int[] next;
  private int first;
  private int count;
  private float[] values = new float[0];
  private int[] filters = new int[0];
  private int[] windows = new int[0];
  private int[] places = new int[0];

  public WindowEntries(Convolution convolution) {
    this.pixels = convolution.output().pixels();
    this.windowSize = convolution.windowSize();
    this.window = new float[windowSize];
    this.next = new int[pixels + 1];
  }

  /** Reads the entries of a row and sorts them by window and then by map. */
  public void read(SparseRows code, int row) {
    first = code.start(row);
    count = code.end(row) - first;
    if (values.length < count) {
      values = new float[count];
      filters = new int[count];
      windows = new int[count];
      places = new int[count];
    }
    Arrays.fill(next, 0);
    for (int p = first; p < first + count; p++) {
      next[code.indices()[p] % pixels + 1]++;
    }
    for (int w = 0; w < pixels; w++) {
      next[w + 1] += next[w];
    }
    for (int p = first; p < first + count; p++) {
      int w = code.indices()[p] % pixels;
      int at = next[w]++;
      values[at] = code.values()[p];
      filters[at] = code.indices()[p] / pixels;
      windows[at] = w;
      places[at] = p;
    }
  }

  /** Replaces the values of the entries by those at the same positions in another array. */
  public void take(float[] byPlace) {
    for (int p = 0; p < count; p++) {
      values[p] = byPlace[places[p]];
    }
  }

  /** Returns the number of entries. */
  public int count() {
    return count;
  }

  /** Returns the values, [at least count]; shared. */
  public float[] values() {
    return values;
  }

  /** Returns the map of each entry, [at least count]; shared. */
  public int[] filters() {
    return filters;
  }

  /**
   * Returns the position of each entry in the sparse rows it was read from, [at least count];
   * shared.
   */
  public int[] places() {
    return places;
  }

  /** Returns the window of an entry. */
  public int window(int entry) {
    return windows[entry];
  }

  /** Returns the index after the last entry of the window whose first entry is {@code from}. */
  public int endOfWindow(int from) {
    int to = from + 1;
    while (to < count && windows[to] == windows[from]) {
      to++;
    }
    return to;
  }

  /** Adds {@code sum over the entries of value W[f]} to the windows of an image. */
  public void addWindows(float[] weights, int weightsFrom, ConvolutionProducts image) {
    for (int from = 0, to; from < count; from = to) {
      to = endOfWindow(from);
      Arrays.fill(window, 0f);
      Kernels.addGatheredRows(
          values, filters, from, to, weights, weightsFrom, windowSize, window, 0);
      image.scatter(windows[from], window);
    }
  }
}
