package org.sparksae.spark.exchange.net;

/**
 * A part of an array that a rank has published, and the name of the stream that carries it: {@code
 * rank:operation:from:length}.
 *
 * @param from first element, 0 or more
 * @param length number of elements, 1 or more
 */
record Range(int rank, long operation, int from, int length) {
  private static final int MAX_NAME = 64;

  String name() {
    return rank + ":" + operation + ":" + from + ":" + length;
  }

  /**
   * Parses the name of a stream.
   *
   * @throws MalformedMessageException if it is not a valid name
   */
  static Range of(String name) throws MalformedMessageException {
    if (name.length() <= MAX_NAME) {
      String[] parts = name.split(":", -1);
      if (parts.length == 4) {
        try {
          Range range =
              new Range(
                  Integer.parseInt(parts[0]),
                  Long.parseLong(parts[1]),
                  Integer.parseInt(parts[2]),
                  Integer.parseInt(parts[3]));
          if (range.isPossible()) {
            return range;
          }
        } catch (NumberFormatException notANumber) {
          // Reported below.
        }
      }
    }
    throw new MalformedMessageException("a request that does not name a range");
  }

  private boolean isPossible() {
    return rank >= 0 && operation >= 0 && from >= 0 && length > 0;
  }
}
