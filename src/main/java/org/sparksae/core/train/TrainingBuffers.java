package org.sparksae.core.train;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Named arrays that a training keeps in addition to its parameters and the optimiser's moments.
 * They are the same on all workers.
 *
 * <p>A checkpoint includes them. A missing array counts as zeros; checkpoints of earlier releases
 * have none.
 *
 * @param arrays arrays by name; a name has no spaces
 */
public record TrainingBuffers(Map<String, double[]> arrays) implements Serializable {

  /** No arrays. */
  public static final TrainingBuffers NONE = new TrainingBuffers(Map.of());

  /** Sorts the arrays by name. */
  public TrainingBuffers {
    arrays = Collections.unmodifiableMap(new TreeMap<>(arrays));
  }

  /** Returns these arrays and others, of other names. */
  TrainingBuffers and(TrainingBuffers others) {
    Map<String, double[]> all = new TreeMap<>(arrays);
    all.putAll(others.arrays);
    return new TrainingBuffers(all);
  }

  /** Returns a copy of an array, or zeros if there is none with this length. */
  double[] copyOf(String name, int length) {
    double[] array = arrays.get(name);
    return array != null && array.length == length ? array.clone() : new double[length];
  }
}
