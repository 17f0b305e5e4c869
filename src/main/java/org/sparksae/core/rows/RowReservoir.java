package org.sparksae.core.rows;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A random sample of weighted rows, without replacement, of a sequence of unknown length.
 *
 * <pre>
 * priority = w / e,  e of the exponential distribution;   the rows of the highest priorities stay
 * </pre>
 *
 * <p>The first of them is a row with a probability in proportion to its weight, the second one of
 * those left, and so on. e is a function of the seed, the step and the row, so the sample depends
 * on neither order nor place of the rows. Rows of weight 0 are never in it.
 *
 * <p>Source: Efraimidis and Spirakis, Weighted random sampling with a reservoir (2006).
 */
public final class RowReservoir {
  /** Keeps the numbers apart from those of other uses of the seed. */
  private static final long PURPOSE = 0x726573616D706C65L;

  private static final Comparator<Entry> BY_PRIORITY =
      Comparator.comparingDouble(Entry::priority)
          .thenComparing(Entry::row, Comparator.reverseOrder());

  private final int capacity;
  private final long key;
  private final SplitMix random = new SplitMix();
  private final PriorityQueue<Entry> entries = new PriorityQueue<>(BY_PRIORITY);

  private record Entry(double priority, long row) {}

  /**
   * An empty sample.
   *
   * @param capacity most entries of the sample, 0 or more
   */
  public RowReservoir(int capacity, long seed) {
    this.capacity = capacity;
    this.key = SplitMix.mix(seed ^ PURPOSE);
  }

  /**
   * Offers a row.
   *
   * @param step step that visits the row; each visit is one of the sequence
   * @param row number of the row
   * @param weight 0 or more; not finite for a row that does not count
   */
  public void offer(long step, long row, double weight) {
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      return;
    }
    random.begin(key + SplitMix.mix(step), row);
    // Strictly between 0 and 1. StrictMath gives the same bits on every worker.
    double uniform = (random.uniform(0) + 0.5) / SplitMix.UNIFORMS;
    Entry entry = new Entry(weight / -StrictMath.log(uniform), row);
    if (entries.size() < capacity) {
      entries.add(entry);
    } else if (BY_PRIORITY.compare(entry, entries.peek()) > 0) {
      entries.poll();
      entries.add(entry);
    }
  }

  /** Begins a new sample. */
  public void clear() {
    entries.clear();
  }

  /** Returns the rows of the sample, those of the highest priority first, each once. */
  public long[] rows() {
    return sorted().stream().mapToLong(Entry::row).distinct().toArray();
  }

  private List<Entry> sorted() {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(BY_PRIORITY.reversed());
    return sorted;
  }

  /** Returns the sample as numbers: priority and row of each entry, then zeros, [2 capacity]. */
  public double[] state() {
    double[] state = new double[2 * capacity];
    int at = 0;
    for (Entry entry : sorted()) {
      state[at++] = entry.priority();
      state[at++] = entry.row();
    }
    return state;
  }

  /** Continues from {@link #state}. */
  public void restore(double[] state) {
    clear();
    for (int at = 0; at < state.length && state[at] > 0; at += 2) {
      entries.add(new Entry(state[at], (long) state[at + 1]));
    }
  }
}
