package org.sparksae.bench;

/** One side of a comparison: something that does a step of work at a time, on all cores. */
interface Contender extends AutoCloseable {

  /** The side's name, for progress messages. */
  String name();

  /** Does one step. */
  void step();

  @Override
  default void close() {}

  /** A contender that needs no closing. */
  static Contender named(String name, Runnable step) {
    return new Contender() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void step() {
        step.run();
      }
    };
  }
}
