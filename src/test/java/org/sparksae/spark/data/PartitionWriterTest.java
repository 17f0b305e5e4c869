package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.StoragePrecision;

/** Errors about a disk name the directory, the free space and the remedy. */
class PartitionWriterTest {
  private static final BlockReader.Part PART =
      new BlockReader.Part(0, new RowBlock(DenseRows.zeros(10, 1000), null), 0, 0, null);

  @TempDir private Path scratch;

  private static void write(File file) {
    try (PartitionWriter writer =
        new PartitionWriter(file, StoragePrecision.FLOAT32, DiskCipher.NONE)) {
      writer.add(PART);
      writer.finish();
    }
  }

  private static void assertNames(Path directory, String reason, String message) {
    String expected =
        "training rows \\(\\d+ bytes of their partition so far\\) cannot be written to "
            + Pattern.quote(directory.toString())
            + " \\(\\d+ bytes free\\): "
            + reason
            + "; make room, or let spark.local.dir name other directories";
    assertTrue(message.matches(expected), message);
  }

  @Test
  void aFullDisk() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "a device that is always full");
    Path file = Files.createSymbolicLink(scratch.resolve("rows"), full);
    String message =
        assertThrows(UncheckedIOException.class, () -> write(file.toFile())).getMessage();
    assertNames(scratch, "java.io.IOException: No space left on device", message);
  }

  @Test
  void aVanishedDirectory() {
    Path vanished = scratch.resolve("vanished");
    String message =
        assertThrows(UncheckedIOException.class, () -> write(vanished.resolve("rows").toFile()))
            .getMessage();
    assertNames(vanished, "java.nio.file.NoSuchFileException: .*", message);
  }

  /** Nobody can create a file there, not even root. */
  @Test
  void aReadOnlyDirectory() {
    Path system = Path.of("/sys");
    Assumptions.assumeTrue(Files.isDirectory(system), "Linux's view of its devices");
    String message =
        assertThrows(UncheckedIOException.class, () -> write(system.resolve("sparksae").toFile()))
            .getMessage();
    assertNames(system, "java.nio.file.(AccessDenied|FileSystem)Exception: .*", message);
  }
}
