package org.sparksae.spark;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own, on this one's class path, that can run Spark. */
public final class ChildJvm {
  /**
   * For a life of a few small fits: the first compiler alone. What it makes has the same bits, and
   * the second takes more time than its code saves.
   */
  public static final List<String> BRIEF = List.of("-XX:TieredStopAtLevel=1");

  /** A gigabyte, of which young objects, nearly all that there are, have half. */
  private static final List<String> HEAP = List.of("-Xmx1g", "-Xmn500m");

  private ChildJvm() {}

  /**
   * Its command.
   *
   * @param main the class to run
   * @param options options of the JVM, in addition to Spark's, which the build gives to this one; a
   *     heap of 1 GB unless they set another
   */
  public static List<String> command(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--") || argument.startsWith("-D"))
        .forEach(command::add);
    command.addAll(tuning());
    if (options.stream().noneMatch(option -> option.startsWith("-Xmx"))) {
      command.addAll(HEAP);
    }
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Collector and compiler options of this JVM, which the build chooses for short runs. */
  static List<String> tuning() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-XX:"))
        .toList();
  }
}
