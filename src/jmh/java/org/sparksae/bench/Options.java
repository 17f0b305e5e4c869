package org.sparksae.bench;

import java.util.List;

/**
 * The command line of the programs.
 *
 * @param quick whether to measure only long enough to see that everything runs
 * @param cases ids of the cases to run; all if empty
 */
record Options(boolean quick, List<String> cases) {

  static Options parse(String[] arguments) {
    List<String> words = List.of(arguments);
    return new Options(
        words.contains("--quick"), words.stream().filter(word -> !word.startsWith("--")).toList());
  }

  /** Whether a case was asked for. */
  boolean wants(String id) {
    return cases.isEmpty() || cases.contains(id);
  }

  /** How long to measure steps of milliseconds. */
  Rounds rounds() {
    return quick ? new Rounds(1, 1, 1, 0) : new Rounds(5, 20, 3, 0.5);
  }

  /** How often to measure whole trainings, of many seconds each. */
  Rounds trainings() {
    return quick ? new Rounds(1, 1, 0, 0) : new Rounds(5, 6, 1, 0);
  }
}
