package org.sparksae.core.train;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a training remembers beside its parameters and the optimiser's moments: arrays by name, the
 * same on all workers.
 *
 * <p>A checkpoint holds them. A name that is not there means that nothing is remembered yet, as
 * after a checkpoint of an earlier release.
 *
 * @param arrays by name, which is a word
 */
public record TrainingBuffers(Map<String, double[]> arrays) implements Serializable {

  /** Nothing. */
  public static final TrainingBuffers NONE = new TrainingBuffers(Map.of());

  /** Keeps the arrays in the order of their names. */
  public TrainingBuffers {
    arrays = Collections.unmodifiableMap(new TreeMap<>(arrays));
  }

  /** A copy of an array, or zeros if there is none of that length. */
  double[] copyOf(String name, int length) {
    double[] array = arrays.get(name);
    return array != null && array.length == length ? array.clone() : new double[length];
  }
}
