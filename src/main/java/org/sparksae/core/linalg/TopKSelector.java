package org.sparksae.core.linalg;

import java.util.Arrays;
import org.sparksae.core.Text;

/**
 * Selects exactly the k entries of {@code s = z + bias} with the largest keys in each row of a
 * tile. The key is s or its magnitude |s|. Ties go to the lowest index, and -0 ties with 0. NaN is
 * larger than everything, so that a divergence shows in the codes.
 *
 * <p>The rows come in blocks of columns, in ascending order. Call {@link #reset}, then {@link
 * #scan} for the latents [0, a), [a, b), ... of all rows, then {@link #finish}. A row keeps its
 * candidates in ascending order of index, and a threshold that at least k entries seen so far
 * reach. A later entry that does not exceed the threshold cannot be among the k. Nearly all entries
 * do not, so a scan is one comparison per entry, a vector at a time. When a row has too many
 * candidates, only the best k stay and the threshold rises.
 *
 * <p>The first threshold comes from the maxima of groups of entries of the first block: at least k
 * entries reach the k-th largest maximum. The result does not depend on any of this, nor on how the
 * columns are divided into blocks.
 *
 * <p>An instance holds arrays for the rows of a tile. Use one per thread.
 */
public final class TopKSelector {
  /** The fewest entries to scan in one call, so that the call costs little per entry. */
  private static final int MIN_SCAN = 256;

  /**
   * Groups of the first block per selected entry; with fewer, the k-th largest maximum is too low.
   */
  private static final int GROUPS_PER_SELECTED = 2;

  /** The fewest entries in a group; with fewer, the maxima cost more than they save. */
  private static final int MIN_GROUP = 2;

  private final KernelProvider kernels;
  private final int maxRows;
  private final int maxK;
  private final int capacity;
  private final float[] values;
  private final int[] indices;
  private final int[] counts;
  private final float[] thresholds;
  private final float[] maxima;
  private final int[] keys;

  private int rows;
  private int k;
  private int wanted;
  private boolean byMagnitude;
  private boolean positiveOnly;
  private int columns;

  /**
   * Creates a selector for tiles of at most {@code rows} rows and for k up to {@code maxK}.
   *
   * @throws IllegalArgumentException if either is below 1, or the candidates do not fit an array
   */
  public TopKSelector(int rows, int maxK) {
    this(rows, maxK, Kernels.provider());
  }

  TopKSelector(int rows, int maxK, KernelProvider kernels) {
    if (rows < 1 || maxK < 1) {
      throw new IllegalArgumentException(
          Text.format("need rows >= 1 and maxK >= 1, got %d and %d", rows, maxK));
    }
    long size = rows * candidates(maxK);
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          Text.format(
              "%d rows with k = %d need %d candidates, more than an array holds: use fewer rows",
              rows, maxK, size));
    }
    this.kernels = kernels;
    this.maxRows = rows;
    this.maxK = maxK;
    this.capacity = (int) candidates(maxK);
    this.values = new float[(int) size];
    this.indices = new int[(int) size];
    this.counts = new int[rows];
    this.thresholds = new float[rows];
    this.maxima = new float[groups(maxK)];
    this.keys = new int[Math.max(capacity, maxima.length)];
  }

  private static long candidates(int k) {
    return 2L * k + 2 * MIN_SCAN;
  }

  private static int groups(int k) {
    int multiple = KernelProvider.GROUP_MULTIPLE;
    return (GROUPS_PER_SELECTED * k + multiple - 1) / multiple * multiple;
  }

  /** Returns the largest k. */
  public int maxK() {
    return maxK;
  }

  /**
   * Begins a tile.
   *
   * @param rows its rows, at most as many as the constructor was given
   * @param k entries to select in each row, in [1, maxK]
   * @param byMagnitude whether the largest magnitudes are selected instead of the largest values
   * @param positiveOnly whether entries at or below 0 are left out, as after a rectifier; excludes
   *     {@code byMagnitude}
   * @throws IllegalArgumentException if an argument is out of range
   */
  public void reset(int rows, int k, boolean byMagnitude, boolean positiveOnly) {
    reset(rows, k, k, byMagnitude, positiveOnly);
  }

  /**
   * Begins a tile of upper bounds: entries that are at least as large as the true ones. After all
   * columns, call {@link #settle} for each row.
   *
   * @param rows its rows, at most as many as the constructor was given
   * @param wanted entries to select in each row, 1 or more
   * @param room entries whose true values will be asked for, in [wanted, maxK]
   * @param positiveOnly whether true entries at or below 0 are left out
   * @throws IllegalArgumentException if an argument is out of range
   */
  public void resetForBounds(int rows, int wanted, int room, boolean positiveOnly) {
    if (wanted < 1 || wanted > room) {
      throw new IllegalArgumentException(
          Text.format("wanted must be in [1, room = %d], got %d", room, wanted));
    }
    reset(rows, wanted, room, false, positiveOnly);
  }

  private void reset(int rows, int wanted, int k, boolean byMagnitude, boolean positiveOnly) {
    if (rows < 0 || rows > maxRows || k < 1 || k > maxK) {
      throw new IllegalArgumentException(
          Text.format(
              "rows must be in [0, %d] and k in [1, %d], got %d and %d", maxRows, maxK, rows, k));
    }
    if (byMagnitude && positiveOnly) {
      throw new IllegalArgumentException("byMagnitude and positiveOnly exclude each other");
    }
    this.rows = rows;
    this.k = k;
    this.wanted = wanted;
    this.byMagnitude = byMagnitude;
    this.positiveOnly = positiveOnly;
    this.columns = 0;
    Arrays.fill(counts, 0, rows, 0);
    Arrays.fill(thresholds, 0, rows, lowest());
  }

  /** No entry is at or below NaN, so without a threshold every entry is a candidate. */
  private float lowest() {
    return positiveOnly ? 0f : Float.NaN;
  }

  /** Calls {@link #reset(int, int, boolean, boolean)} for entries of any sign. */
  public void reset(int rows, int k, boolean byMagnitude) {
    reset(rows, k, byMagnitude, false);
  }

  /**
   * Scans the next columns of every row: {@code s[i, j] = z[zOffset + i * stride + j] +
   * bias[biasOffset + j]} for {@code 0 <= j < blockColumns} is the entry of column {@code
   * firstColumn + j}.
   *
   * @throws IllegalArgumentException if {@code firstColumn} is not the number of columns seen
   */
  public void scan(
      float[] z,
      int zOffset,
      int stride,
      int blockColumns,
      float[] bias,
      int biasOffset,
      int firstColumn) {
    if (firstColumn != columns) {
      throw new IllegalArgumentException(
          Text.format(
              "columns come in order: expected the block at %d, got %d", columns, firstColumn));
    }
    for (int row = 0; row < rows; row++) {
      scanRow(row, z, zOffset + row * stride, blockColumns, bias, biasOffset);
    }
    columns += blockColumns;
  }

  private void scanRow(
      int row, float[] z, int zFrom, int blockColumns, float[] bias, int biasFrom) {
    if (columns == 0) {
      raiseToGroupMaxima(row, z, zFrom, blockColumns, bias, biasFrom);
    } else if (counts[row] >= 2 * k) {
      prune(row, k);
    }
    int start = row * capacity;
    int done = 0;
    while (done < blockColumns) {
      int free = capacity - counts[row];
      if (free < MIN_SCAN && free < blockColumns - done) {
        prune(row, k);
        free = capacity - counts[row];
      }
      int length = Math.min(free, blockColumns - done);
      int end =
          kernels.scanAbove(
              z,
              zFrom + done,
              length,
              bias,
              biasFrom + done,
              byMagnitude,
              thresholds[row],
              columns + done,
              values,
              indices,
              start + counts[row]);
      counts[row] = end - start;
      done += length;
    }
  }

  /**
   * Raises the threshold to just below the k-th largest group maximum, which at least k entries of
   * the block reach.
   */
  private void raiseToGroupMaxima(
      int row, float[] z, int zFrom, int blockColumns, float[] bias, int biasFrom) {
    int groups = groups(k);
    if (blockColumns < MIN_GROUP * groups) {
      return;
    }
    kernels.groupMaxima(z, zFrom, blockColumns, bias, biasFrom, byMagnitude, groups, maxima);
    for (int i = 0; i < groups; i++) {
      keys[i] = sortable(maxima[i]);
    }
    float reached = ofSortable(kthLargest(keys, groups, k));
    // Use the next float below, since entries that equal it are still candidates. Minus infinity
    // has none.
    if (reached > Float.NEGATIVE_INFINITY && !(reached <= thresholds[row])) {
      thresholds[row] = Math.nextDown(reached);
    }
  }

  /** Keeps the best candidates of a row, in index order, and raises its threshold. */
  private void prune(int row, int best) {
    int count = counts[row];
    if (count < best) {
      return;
    }
    int start = row * capacity;
    for (int i = 0; i < count; i++) {
      keys[i] = key(values[start + i]);
    }
    int kth = kthLargest(keys, count, best);
    int above = 0;
    for (int i = 0; i < count; i++) {
      above += key(values[start + i]) > kth ? 1 : 0;
    }
    int equalLeft = best - above;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int key = key(values[start + i]);
      values[start + kept] = values[start + i];
      indices[start + kept] = indices[start + i];
      int equal = key == kth && equalLeft > 0 ? 1 : 0;
      equalLeft -= equal;
      kept += key > kth ? 1 : equal;
    }
    counts[row] = kept;
    float threshold = ofSortable(kth);
    // With that many NaNs, only another NaN exceeds this threshold, and it loses by its index.
    thresholds[row] = Float.isNaN(threshold) ? Float.POSITIVE_INFINITY : threshold;
  }

  /** Computes entries of a row. */
  @FunctionalInterface
  public interface Entries {
    /**
     * Sets {@code values[p]} to the entry of column {@code columns[p]}, for from &lt;= p &lt; to.
     */
    void compute(int[] columns, int from, int to, float[] values);
  }

  /**
   * Selects a row's entries by their true values, after upper bounds of all of them were scanned.
   * All entries that are not asked for lie at or below the largest bound that found no room. So if
   * the last selected entry lies above it, the selection is that of the true entries, ties
   * included.
   *
   * @param truth computes true entries
   * @param exact whether the bounds are the true entries
   * @return whether the selection is certain; otherwise call {@link #reselect}
   */
  public boolean settle(int row, Entries truth, boolean exact) {
    if (counts[row] > k) {
      prune(row, k);
    }
    float others = thresholds[row];
    int start = row * capacity;
    truth.compute(indices, start, start + counts[row], values);
    if (positiveOnly) {
      dropInactive(row);
    }
    if (counts[row] < wanted) {
      return exact || others <= 0;
    }
    prune(row, wanted);
    return exact || Float.isNaN(others) || thresholds[row] > others;
  }

  private void dropInactive(int row) {
    int start = row * capacity;
    int kept = start;
    for (int p = start; p < start + counts[row]; p++) {
      values[kept] = values[p];
      indices[kept] = indices[p];
      kept += values[p] <= 0 ? 0 : 1;
    }
    counts[row] = kept - start;
  }

  /**
   * Selects a row's entries from all of its true ones, {@code s[j] = z[j] + bias[biasFrom + j]} for
   * {@code 0 <= j < z.length}.
   */
  public void reselect(int row, float[] z, float[] bias, int biasFrom) {
    int seen = columns;
    int room = k;
    columns = 0;
    k = wanted;
    counts[row] = 0;
    thresholds[row] = lowest();
    scanRow(row, z, 0, z.length, bias, biasFrom);
    columns = seen;
    k = room;
  }

  /**
   * Writes the selection: row i has exactly k entries, from {@code at + i * k} on, in ascending
   * order of index. The values are s, even if selected by magnitude. With {@code positiveOnly}, a
   * row with fewer than k positive entries is filled up with zeros at the lowest free indices.
   *
   * @throws IllegalStateException if fewer than k columns were scanned
   */
  public void finish(int[] outIndices, float[] outValues, int at) {
    if (columns < wanted) {
      throw new IllegalStateException(
          Text.format("cannot select k = %d entries from %d scanned columns", wanted, columns));
    }
    for (int row = 0; row < rows; row++) {
      if (counts[row] > wanted) {
        prune(row, wanted);
      }
      int start = row * capacity;
      if (counts[row] == wanted) {
        System.arraycopy(values, start, outValues, at + row * wanted, wanted);
        System.arraycopy(indices, start, outIndices, at + row * wanted, wanted);
      } else {
        finishWithZeros(row, outIndices, outValues, at + row * wanted);
      }
    }
  }

  private void finishWithZeros(int row, int[] outIndices, float[] outValues, int at) {
    int next = row * capacity;
    int end = next + counts[row];
    int zeros = wanted - counts[row];
    int free = 0;
    for (int i = at; i < at + wanted; i++) {
      if (next == end || (zeros > 0 && free < indices[next])) {
        outIndices[i] = free;
        outValues[i] = 0f;
        free++;
        zeros--;
      } else {
        outIndices[i] = indices[next];
        outValues[i] = values[next];
        free = indices[next] + 1;
        next++;
      }
    }
  }

  private int key(float value) {
    return sortable(byMagnitude ? Math.abs(value) : value);
  }

  /** Maps a float to an int with the same order. The two zeros are equal, and NaN comes last. */
  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value + 0f);
    return bits ^ ((bits >> 31) & 0x7fffffff);
  }

  private static float ofSortable(int key) {
    return Float.intBitsToFloat(key ^ ((key >> 31) & 0x7fffffff));
  }

  /**
   * Returns the k-th largest of the first {@code length} keys, by Hoare's quickselect, which
   * reorders them. A branch on a key would be mispredicted half of the time, so partitioning has
   * none.
   */
  private static int kthLargest(int[] keys, int length, int k) {
    int from = 0;
    int last = length - 1;
    int rank = k - 1;
    while (from < last) {
      movePivotToEnd(keys, from, last);
      int pivot = keys[last];
      int larger = from;
      for (int i = from; i < last; i++) {
        int key = keys[i];
        keys[i] = keys[larger];
        keys[larger] = key;
        larger += key > pivot ? 1 : 0;
      }
      keys[last] = keys[larger];
      keys[larger] = pivot;
      if (rank < larger) {
        last = larger - 1;
      } else if (rank == larger) {
        return pivot;
      } else if (larger > from) {
        from = larger + 1;
      } else {
        // The pivot is the largest. Drop all equal keys at once; otherwise each of many ties would
        // need its own partition.
        int equal = from;
        for (int i = from; i <= last; i++) {
          int key = keys[i];
          keys[i] = keys[equal];
          keys[equal] = key;
          equal += key == pivot ? 1 : 0;
        }
        if (rank < equal) {
          return pivot;
        }
        from = equal;
      }
    }
    return keys[from];
  }

  /** Swaps the median of the first, the middle and the last key to the end. */
  private static void movePivotToEnd(int[] keys, int from, int last) {
    int middle = (from + last) >>> 1;
    int a = keys[from];
    int b = keys[middle];
    int c = keys[last];
    int median = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    int at = median == c ? last : median == b ? middle : from;
    keys[at] = c;
    keys[last] = median;
  }
}
