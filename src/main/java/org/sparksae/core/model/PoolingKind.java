package org.sparksae.core.model;

import java.util.Locale;

/** What a window of a {@link Pooling} gives. */
public enum PoolingKind {
  /** Its largest value. */
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

  /** The mean of its values. */
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
   * The value of a window.
   *
   * @param from where it begins
   * @param size its rows and columns
   * @param pitch columns of the map
   */
  abstract float of(float[] map, int from, int size, int pitch);

  /** The name as it stands in Params and job files. */
  public String paramName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of a name.
   *
   * @param param the Param's name, for the message
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static PoolingKind parse(String param, String name) {
    return Names.parse(param, name, values(), PoolingKind::paramName);
  }
}
