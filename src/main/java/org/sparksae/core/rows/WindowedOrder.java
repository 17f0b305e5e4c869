package org.sparksae.core.rows;

/**
 * An order that visits the rows window by window. So it reads a file in long pieces, and only the
 * rows of one window need to be in memory at a time.
 *
 * <pre>
 * rows     = chunks of c = floor(sqrt(window)) consecutive rows; the last may have fewer
 * places   = the chunks in a random order
 * windows  = at most floor(window / c) consecutive places each, in equal numbers or one more
 * order    = the windows one after the other, the rows of each in a random order
 * </pre>
 *
 * <p>With c as the root of the window, a window has about as many chunks, from anywhere in the
 * data, as a chunk has rows. Every epoch has other windows of the same chunks.
 */
final class WindowedOrder implements RowOrder {
  private static final long serialVersionUID = 1L;

  private final long size;
  private final long seed;
  private final int epoch;
  private final int chunkRows;

  /** Maps a place to a chunk. */
  private final RowPermutation places;

  private final long windows;

  /** Place of the last chunk of rows. */
  private final long shortPlace;

  /** Rows that the last chunk lacks to be as long as the others. */
  private final long missing;

  /** The window used last, since neighbours are in one window mostly. */
  private transient Part last;

  /**
   * The order of one epoch.
   *
   * @param size number of rows, 1 or more
   * @param window largest number of rows in a window, in [1, size]
   * @param seed the run's seed
   * @param epoch the epoch; each has its own order
   */
  WindowedOrder(long size, int window, long seed, int epoch) {
    this.size = size;
    this.seed = seed;
    this.epoch = epoch;
    this.chunkRows = (int) Math.sqrt(window);
    long chunks = ceilDiv(size, chunkRows);
    this.places = new RowPermutation(chunks, seed, epoch);
    this.windows = ceilDiv(chunks, window / chunkRows);
    this.shortPlace = places.positionOf(chunks - 1);
    this.missing = chunks * chunkRows - size;
  }

  private static long ceilDiv(long a, long b) {
    return (a + b - 1) / b;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long rowAt(long position) {
    Part window = windowAt(position);
    long slot = slotAt(window.from + window.order.rowAt(position - window.from));
    return places.rowAt(slot / chunkRows) * chunkRows + slot % chunkRows;
  }

  @Override
  public long positionOf(long row) {
    long place = places.positionOf(row / chunkRows);
    Part window = window(windowOf(place));
    long natural = startOf(place) + row % chunkRows;
    return window.from + window.order.positionOf(natural - window.from);
  }

  @Override
  public Part windowAt(long position) {
    return window(windowOf(slotAt(position) / chunkRows));
  }

  /** Position of a place's first row, if windows were not shuffled. */
  private long startOf(long place) {
    return place * chunkRows - (place > shortPlace ? missing : 0);
  }

  /**
   * Place times rows of a chunk, plus row of the chunk, at a position if windows were not shuffled.
   */
  private long slotAt(long position) {
    return position < startOf(shortPlace + 1) ? position : position + missing;
  }

  /** The first windows have a chunk more, if the chunks cannot be shared evenly. */
  private long firstPlace(long window) {
    return window * (places.size() / windows) + Math.min(window, places.size() % windows);
  }

  private long windowOf(long place) {
    long few = places.size() / windows;
    long larger = places.size() % windows;
    return place < larger * (few + 1) ? place / (few + 1) : (place - larger) / few;
  }

  private Part window(long number) {
    Part window = last;
    if (window == null || window.number != number) {
      window = new Part(number);
      last = window;
    }
    return window;
  }

  /** A window. Its fields are final, so threads may share it. */
  final class Part implements Window {
    private final long number;
    private final long place;
    private final int chunks;
    private final long from;
    private final long to;
    private final RowPermutation order;

    private Part(long number) {
      this.number = number;
      this.place = firstPlace(number);
      this.chunks = (int) (firstPlace(number + 1) - place);
      this.from = startOf(place);
      this.to = startOf(place + chunks);
      // Each window has keys of its own, none of which are those of the places.
      long own = SplitMix.mix(seed ^ SplitMix.mix((number + 1) * SplitMix.GAMMA));
      this.order = new RowPermutation(to - from, own, epoch);
    }

    @Override
    public long from() {
      return from;
    }

    @Override
    public long to() {
      return to;
    }

    @Override
    public int chunks() {
      return chunks;
    }

    @Override
    public long firstRow(int chunk) {
      return places.rowAt(place + chunk) * chunkRows;
    }

    @Override
    public long endRow(int chunk) {
      return Math.min(size, firstRow(chunk) + chunkRows);
    }
  }
}
