package org.sparksae.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path dir;

  @Test
  void resultsAppearTogetherWhenTheyAreComplete() throws IOException {
    Path out = dir.resolve("new/out");
    try (Staging staging = staging(out, false, "a", "b")) {
      write(staging, "a", "1");
      write(staging, "b", "2");
      assertFalse(Files.exists(out.resolve("a")));
      staging.publish();
    }
    assertEquals(Set.of("a", "b"), names(out));
    assertEquals("1", Files.readString(out.resolve("a")));
  }

  @Test
  void withoutPublishingNothingIsLeft() throws IOException {
    Path out = dir.resolve("out");
    try (Staging staging = staging(out, false, "a")) {
      write(staging, "a", "1");
    }
    assertFalse(Files.exists(out));
  }

  @Test
  void withoutPublishingTheOldStays() throws IOException {
    Files.writeString(dir.resolve("a"), "old");
    try (Staging staging = staging(dir, true, "a")) {
      write(staging, "a", "new");
    }
    assertEquals(Set.of("a"), names(dir));
    assertEquals("old", Files.readString(dir.resolve("a")));
  }

  @Test
  void publishingReplacesTheOldAndRemovesWhatIsStale() throws IOException {
    Files.createDirectories(dir.resolve("a/deep"));
    Files.writeString(dir.resolve("a/deep/file"), "old");
    Files.writeString(dir.resolve("stale"), "old");
    Files.writeString(dir.resolve("other"), "kept");
    try (Staging staging = staging(dir, true, "a", "stale")) {
      write(staging, "a", "new");
      staging.publish();
    }
    assertEquals(Set.of("a", "other"), names(dir));
    assertEquals("new", Files.readString(dir.resolve("a")));
  }

  @Test
  void refusesWhatExistsUnlessToldToOverwrite() throws IOException {
    Files.writeString(dir.resolve("b"), "old");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> staging(dir, false, "a", "b"));
    assertTrue(refused.getMessage().contains("/b exists already"), refused.getMessage());
    assertEquals(Set.of("b"), names(dir));
  }

  @Test
  void doesNotReplaceWhatAnotherRunMadeMeanwhile() throws IOException {
    try (Staging staging = staging(dir, false, "a")) {
      write(staging, "a", "mine");
      Files.writeString(dir.resolve("a"), "theirs");
      assertThrows(IOException.class, staging::publish);
    }
    assertEquals("theirs", Files.readString(dir.resolve("a")));
    assertEquals(Set.of("a"), names(dir));
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> staging(file, false, "a"));
    assertTrue(refused.getMessage().contains("cannot write to"), refused.getMessage());
  }

  private static Staging staging(Path directory, boolean overwrite, String... names)
      throws IOException {
    return Staging.in(
        new org.apache.hadoop.fs.Path(directory.toUri()), List.of(names), overwrite, HADOOP);
  }

  private static void write(Staging staging, String name, String text) throws IOException {
    Files.writeString(Path.of(staging.path(name).toUri()), text);
  }

  private static Set<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }
}
