package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.model.ImageShape;
import org.sparksae.spark.TestImages;

/** Rows as Spark's sources produce them, and as other programs may. */
class PixelReaderTest {
  private static final int PIXELS = TestImages.HEIGHT * TestImages.WIDTH;
  private static final ImageShape SHAPE = new ImageShape(3, TestImages.HEIGHT, TestImages.WIDTH);

  private final float[] values = new float[SHAPE.size()];

  private static InternalRow row(Object... fields) {
    return new GenericInternalRow(fields);
  }

  private String readStruct(int height, int channels, int mode, byte[] data) {
    UTF8String origin = UTF8String.fromString("file:/made");
    InternalRow image = row(origin, height, TestImages.WIDTH, channels, mode, data);
    return new PixelReader(new ImageColumn("image", List.of(), false), new int[] {0}, SHAPE)
        .read(row(image), values);
  }

  private String readFile(byte[] content) {
    ImageColumn column = new ImageColumn("content", List.of(), true);
    return new PixelReader(column, new int[] {0, 1}, SHAPE)
        .read(row(content, UTF8String.fromString("file:/a.png")), values);
  }

  @Test
  void structsOfSparksShapeOnly() {
    byte[] data = new byte[4 * PIXELS];
    data[2] = (byte) 255;
    assertNull(readStruct(4, 3, 16, Arrays.copyOf(data, 3 * PIXELS)));
    assertArrayEquals(new float[] {1, 0, 0}, Arrays.copyOf(values, 3));
    assertNull(readStruct(4, 4, 24, data));
    assertNull(readStruct(4, 1, 0, Arrays.copyOf(data, PIXELS)));
    assertEquals(1, values[2 * PIXELS + 2]);

    String made = "of file:/made ";
    assertEquals(
        made + "is of 3 channels in mode 21, and must be of 1, 3 or 4 in bytes (mode 0, 16, 24)",
        readStruct(4, 3, 21, data));
    assertTrue(readStruct(4, 2, 8, data).startsWith(made + "is of 2 channels in mode 8"));
    assertEquals(made + "has 80 bytes, and must have 4 x 5 x 3", readStruct(4, 3, 16, data));
    assertEquals(
        made + "is 3 pixels high and 5 wide, but imageShape says 4 and 5: resize it beforehand",
        readStruct(3, 3, 16, data));
    String unread = made + "is what Spark's source 'image' could not read";
    assertEquals(unread, readStruct(-1, -1, -1, new byte[0]));
    assertEquals(unread, readStruct(4, 3, 16, null));
    PixelReader reader =
        new PixelReader(new ImageColumn("image", List.of(), false), new int[] {0}, SHAPE);
    assertEquals("is null", reader.read(row((Object) null), values));
  }

  @ParameterizedTest
  @CsvSource({"png", "jpg"})
  void filesThatAreWholeOnly(String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(TestImages.image(1, BufferedImage.TYPE_3BYTE_BGR), format, out);
    byte[] whole = out.toByteArray();
    assertNull(readFile(whole));
    String half = readFile(Arrays.copyOf(whole, whole.length / 2));
    assertTrue(half.startsWith("of file:/a.png cannot be read, as it is damaged: "), half);
    String short12 = readFile(Arrays.copyOf(whole, whole.length - 12 - 16));
    assertTrue(short12.startsWith("of file:/a.png cannot be read, as it is damaged: "), short12);
    String none = "of file:/a.png cannot be read, as it is not a JPEG, PNG, GIF or BMP image";
    assertEquals(none, readFile("none of them".getBytes()));
    assertEquals(none, readFile(new byte[0]));
    assertEquals("of file:/a.png is null", readFile(null));
  }

  /** A claim of two billion pixels costs nothing. */
  @Test
  void theSizeIsLookedAtFirst() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(TestImages.image(1, BufferedImage.TYPE_INT_RGB), "png", out);
    byte[] png = out.toByteArray();
    // The width, after signature, length and name of the first chunk.
    Arrays.fill(png, 16, 19, (byte) 0x7f);
    assertEquals(
        "of file:/a.png is 4 pixels high and 2139062021 wide, but imageShape says 4 and 5: resize it beforehand",
        readFile(png));
  }
}
