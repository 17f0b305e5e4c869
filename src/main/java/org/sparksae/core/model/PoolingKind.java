package org.sparksae.core.model;

import java.util.Locale;

/** How a {@link Pooling} combines the values of a window. */
public enum PoolingKind {
  /** The largest value. */
  MAX {
    @Override
    float of(float[] map, int from, int size, int pitch) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          largest = Math.max(largest, map[from + i * pitch + j]);
        }
      }
      return largest;
    }
  },

  /** The mean of the values. */
  AVERAGE {
    @Override
    float of(float[] map, int from, int size, int pitch) {
      float sum = 0;
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          sum += map[from + i * pitch + j];
        }
      }
      return sum / (size * size);
    }
  };

  /**
   * Returns the value of a window.
   *
   * @param from index of the window's first value
   * @param size its rows and columns
   * @param pitch number of columns of the map
   */
  abstract float of(float[] map, int from, int size, int pitch);

  /** Returns the name used in Params and job files. */
  public String paramName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the kind with the given name.
   *
   * @param param the Param's name, for the message
   * @throws IllegalArgumentException if there is none; the message lists the valid names
   */
  public static PoolingKind parse(String param, String name) {
    return Names.parse(param, name, values(), PoolingKind::paramName);
  }
}
