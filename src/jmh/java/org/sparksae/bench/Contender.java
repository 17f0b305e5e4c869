package org.sparksae.bench;

/** One side of a comparison: something that does a step of work at a time, on all cores. */
interface Contender extends AutoCloseable {

  /** The side's name, for progress messages. */
  String name();

  /** Does one step. */
  void step();

  @Override
  default void close() {}
}
