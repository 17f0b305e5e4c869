package org.sparksae.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IdxFileTest {

  /** Two images of 1 x 3; 200 and 255 are negative as Java bytes. */
  private static final byte[] IMAGES = IdxBytes.images(2, 1, 3, 0, 1, 200, 255, 7, 8);

  @Test
  void readsTheRecordsInOrder() throws IOException {
    try (IdxFile file = open(IMAGES, 3)) {
      assertEquals(2, file.count());
      assertEquals(3, file.recordLength());
      byte[] record = new byte[3];
      file.next(record);
      assertArrayEquals(new byte[] {0, 1, (byte) 200}, record);
      file.next(record);
      assertArrayEquals(new byte[] {(byte) 255, 7, 8}, record);
      file.verifyRest();
    }
  }

  @Test
  void readsLabels() throws IOException {
    try (IdxFile file = open(IdxBytes.labels(9, 4), 1)) {
      assertEquals(2, file.count());
      assertEquals(1, file.recordLength());
      byte[] record = new byte[1];
      file.next(record);
      file.next(record);
      assertEquals(4, record[0]);
    }
  }

  @Test
  void readsGzipWhateverTheName() throws IOException {
    try (IdxFile file = open(IdxBytes.gzipped(IMAGES), 3)) {
      byte[] record = new byte[3];
      file.next(record);
      assertArrayEquals(new byte[] {0, 1, (byte) 200}, record);
      file.verifyRest();
    }
  }

  @Test
  void refusesLabelsForImages() {
    String message = refusal(IdxBytes.labels(1, 2), 3);
    assertContains(message, "some-file", "0x00000801", "0x00000803", "swapped");
  }

  @Test
  void refusesOtherTypes() {
    byte[] floats = IMAGES.clone();
    floats[2] = 0x0d;
    assertContains(refusal(floats, 3), "0x00000d03", "unsigned bytes");
  }

  @Test
  void refusesATruncatedFile() {
    String message = refusal(Arrays.copyOf(IMAGES, IMAGES.length - 1), 3);
    assertContains(message, "some-file", "within record 2", "2 records of 3 byte(s)");
  }

  @Test
  void refusesTruncatedGzip() {
    byte[] gzipped = IdxBytes.gzipped(IMAGES);
    // The gzip trailer is 8 bytes: without 12, data are missing too.
    assertContains(refusal(Arrays.copyOf(gzipped, gzipped.length - 12), 3), "ends within record");
    assertContains(refusal(Arrays.copyOf(gzipped, gzipped.length - 2), 3), "not valid gzip");
  }

  @Test
  void refusesDamagedGzip() {
    byte[] gzipped = IdxBytes.gzipped(IMAGES);
    gzipped[gzipped.length - 6] ^= 1; // within the CRC
    assertContains(refusal(gzipped, 3), "some-file", "not valid gzip");
  }

  @Test
  void refusesAFileThatEndsInItsHeader() {
    assertContains(refusal(Arrays.copyOf(IMAGES, 10), 3), "within its header", "16 bytes");
    assertContains(refusal(new byte[0], 3), "within its header");
  }

  @Test
  void refusesTrailingBytes() {
    assertContains(refusal(Arrays.copyOf(IMAGES, IMAGES.length + 1), 3), "goes on after its last");
  }

  @Test
  void refusesImpossibleDimensions() {
    assertContains(refusal(IdxBytes.images(0, 1, 3), 3), "dimension 0 of 0");
    assertContains(refusal(IdxBytes.images(1, -28, 28), 3), "dimension 1 of -28");
    assertContains(refusal(IdxBytes.images(1, 1 << 20, 1 << 20), 3), "header is damaged");
  }

  @Test
  void closesTheSourceAlsoWhenTheHeaderIsRefused() throws IOException {
    boolean[] closed = {false};
    InputStream source =
        new ByteArrayInputStream(IMAGES) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    assertThrows(IllegalArgumentException.class, () -> IdxFile.read("some-file", source, 1));
    assertTrue(closed[0]);
  }

  private static IdxFile open(byte[] content, int rank) throws IOException {
    return IdxFile.read("some-file", new ByteArrayInputStream(content), rank);
  }

  private static String refusal(byte[] content, int rank) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> {
              try (IdxFile file = open(content, rank)) {
                file.verifyRest();
              }
            })
        .getMessage();
  }

  private static void assertContains(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "no \"" + part + "\" in: " + message);
    }
  }
}
