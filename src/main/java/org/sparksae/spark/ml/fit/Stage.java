package org.sparksae.spark.ml.fit;

/**
 * One of the trainings that a fit is made of.
 *
 * @param name for summaries, logs and errors
 * @param directory below {@code checkpointDir}; empty for that itself
 */
record Stage(String name, String directory) {
  /** All layers together, and nothing else. */
  static final Stage JOINT = new Stage("joint", "");

  /** All layers together, once each has been trained. */
  static final Stage FINE_TUNING = new Stage("joint", "joint");

  /** Layer k alone, from 1. */
  static Stage layer(int k) {
    return new Stage("layer " + k, "layer-" + k);
  }

  /** Whether there are others. */
  boolean isOneOfSeveral() {
    return !directory.isEmpty();
  }
}
