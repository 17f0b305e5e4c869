package org.sparksae.core.linalg.natives;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Reads, on Linux, which files are mapped into this process and which addresses their data holds.
 * The pointers show which function a loaded library really calls.
 */
public final class ProcessMemory {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final String MEMORY = "/proc/self/mem";

  /** Fields before the file's name: range, permissions, offset, device, inode. */
  private static final int FIELDS = 5;

  private static final int BUFFER = 1 << 16;

  private ProcessMemory() {}

  /** A mapping of code or data, with or without a file. */
  private record Mapping(long from, long to, String permissions, String file) {
    boolean isData() {
      return permissions.startsWith("r") && !permissions.contains("x");
    }
  }

  /** Returns the mapped files; empty if the system does not show them. */
  public static Set<String> files() {
    return mappings().stream().map(Mapping::file).collect(Collectors.toSet());
  }

  /**
   * Returns whether the data of a matching file holds an address. Also returns true if that cannot
   * be determined, because there is no such file or the system does not show it.
   */
  static boolean mayRefer(Predicate<String> file, long address) {
    List<Mapping> data = new ArrayList<>(mappings());
    data.removeIf(mapping -> !mapping.isData() || !file.test(mapping.file()));
    if (data.isEmpty()) {
      return true;
    }
    // The pointers are at the end of a file, after megabytes of names and constants.
    Collections.reverse(data);
    try (RandomAccessFile memory = new RandomAccessFile(MEMORY, "r")) {
      for (Mapping mapping : data) {
        if (holds(memory, mapping, address)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static boolean holds(RandomAccessFile memory, Mapping mapping, long address)
      throws IOException {
    byte[] bytes = new byte[BUFFER];
    memory.seek(mapping.from());
    for (long at = mapping.from(); at < mapping.to(); at += BUFFER) {
      int n = (int) Math.min(BUFFER, mapping.to() - at);
      memory.readFully(bytes, 0, n);
      LongBuffer words = ByteBuffer.wrap(bytes, 0, n).order(ByteOrder.nativeOrder()).asLongBuffer();
      while (words.hasRemaining()) {
        if (words.get() == address) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Mapping> mappings() {
    List<Mapping> mappings = new ArrayList<>();
    try {
      Mapping before = new Mapping(0, 0, "", "");
      for (String line : Files.readAllLines(MAPS)) {
        before = parse(line, before);
        mappings.add(before);
      }
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
    return mappings;
  }

  private static Mapping parse(String line, Mapping before) {
    String[] fields = line.split(" +", FIELDS + 1);
    String[] range = fields[0].split("-");
    long from = Long.parseUnsignedLong(range[0], 16);
    // The part of a file's data that lies beyond the file has no name.
    String file =
        fields.length > FIELDS ? fields[FIELDS] : from == before.to() ? before.file() : "";
    return new Mapping(from, Long.parseUnsignedLong(range[1], 16), fields[1], file);
  }
}
