package org.sparksae.core.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFileTest {
  private static final int HEIGHT = 6;
  private static final int WIDTH = 5;
  private static final int PIXELS = HEIGHT * WIDTH;

  /** Of each pixel another red, green, blue and opacity. */
  private static int sample(int pixel, int band) {
    return 17 * pixel + 60 * (band - 1) * (pixel % 2) + (band == 3 ? 9 : 0) & 0xff;
  }

  private static BufferedImage image(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    for (int i = 0; i < PIXELS; i++) {
      int alpha = type == BufferedImage.TYPE_INT_ARGB ? sample(i, 3) : 0xff;
      int argb = alpha << 24 | sample(i, 0) << 16 | sample(i, 1) << 8 | sample(i, 2);
      image.setRGB(i % WIDTH, i / WIDTH, argb);
    }
    return image;
  }

  /** Grey, with opacity or without, of so many bits. */
  private static BufferedImage grey(int bits, boolean alpha) {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            alpha,
            false,
            alpha ? BufferedImage.TRANSLUCENT : BufferedImage.OPAQUE,
            bits == 16 ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_BYTE);
    return samples(model, bits);
  }

  private static BufferedImage samples(ComponentColorModel model, int bits) {
    WritableRaster raster = model.createCompatibleWritableRaster(WIDTH, HEIGHT);
    for (int i = 0; i < PIXELS; i++) {
      for (int band = 0; band < raster.getNumBands(); band++) {
        int value = bits == 16 ? sample(i, band) << 8 | i : sample(i, band);
        raster.setSample(i % WIDTH, i / WIDTH, band, value);
      }
    }
    return new BufferedImage(model, raster, false, null);
  }

  private static byte[] bytes(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format, out), format);
    return out.toByteArray();
  }

  private static float[] read(byte[] bytes, int channels) throws IOException {
    try (ImageFile file = ImageFile.open(new ByteArrayInputStream(bytes))) {
      float[] values = new float[channels * file.height() * file.width()];
      file.read(channels, values);
      return values;
    }
  }

  @ParameterizedTest
  @CsvSource({
    BufferedImage.TYPE_INT_RGB + ", png",
    BufferedImage.TYPE_INT_ARGB + ", png",
    BufferedImage.TYPE_INT_RGB + ", bmp",
  })
  void coloursAreRedGreenAndBluePlanes(int type, String format) throws IOException {
    byte[] file = bytes(image(type), format);
    float[] expected = new float[3 * PIXELS];
    float[] luminance = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      for (int band = 0; band < 3; band++) {
        expected[band * PIXELS + i] = sample(i, band) / 255f;
      }
      double y = 0.299 * sample(i, 0) + 0.587 * sample(i, 1) + 0.114 * sample(i, 2);
      luminance[i] = (float) (y / 255);
    }
    assertArrayEquals(expected, read(file, 3));
    assertArrayEquals(luminance, read(file, 1));
  }

  @ParameterizedTest
  @CsvSource({"8, false", "8, true", "16, false", "16, true"})
  void greyIsReadAsStored(int bits, boolean alpha) throws IOException {
    byte[] file = bytes(grey(bits, alpha), "png");
    float[] expected = new float[3 * PIXELS];
    for (int i = 0; i < 3 * PIXELS; i++) {
      int value = sample(i % PIXELS, 0);
      expected[i] = bits == 16 ? (value << 8 | i % PIXELS) / 65535f : value / 255f;
    }
    assertArrayEquals(expected, read(file, 3));
    assertArrayEquals(Arrays.copyOf(expected, PIXELS), read(file, 1));
  }

  @Test
  void sixteenBitsOfColoursCount() throws IOException {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            BufferedImage.OPAQUE,
            DataBuffer.TYPE_USHORT);
    float[] values = read(bytes(samples(model, 16), "png"), 3);
    for (int i = 0; i < PIXELS; i++) {
      assertEquals((sample(i, 1) << 8 | i) / 65535f, values[PIXELS + i]);
    }
  }

  /** Fewer grey levels and a palette are palettes to the decoder. */
  @ParameterizedTest
  @CsvSource({
    BufferedImage.TYPE_BYTE_BINARY + ", png",
    BufferedImage.TYPE_BYTE_BINARY + ", gif",
    BufferedImage.TYPE_BYTE_INDEXED + ", png",
    BufferedImage.TYPE_BYTE_INDEXED + ", gif",
  })
  void palettesAreColours(int type, String format) throws IOException {
    BufferedImage image = image(type);
    float[] values = read(bytes(image, format), 3);
    for (int i = 0; i < PIXELS; i++) {
      int rgb = image.getRGB(i % WIDTH, i / WIDTH);
      assertEquals((rgb >> 16 & 0xff) / 255f, values[i]);
      assertEquals((rgb & 0xff) / 255f, values[2 * PIXELS + i]);
    }
  }

  /** The decoder of JPEG makes an image of whatever is there, and only warns. */
  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
  void aFileThatEndsBeforeItsPixelsIsDamaged(String format) throws IOException {
    byte[] whole = bytes(image(BufferedImage.TYPE_INT_RGB), format);
    assertEquals(PIXELS, read(whole, 1).length);
    // Bytes after the pixels, which are not missed: of PNG checksums and an empty chunk.
    int rest = format.equals("png") ? 24 : format.equals("jpg") ? 0 : 1;
    for (int length = 0; length < whole.length - rest; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      IOException refused = assertThrows(IOException.class, () -> read(part, 3), "" + length);
      String said = refused.getMessage();
      assertTrue(said.startsWith("it is damaged: ") || said.startsWith("it is not a JPEG"), said);
    }
  }

  @Test
  void bytesOfAPixelAreBlueGreenRedAndOpacity() {
    float[] values = new float[6];
    new Planes(3, values).fill(new byte[] {(byte) 255, 51, 0, 7, 0, 102, (byte) 204, 8}, 4);
    assertArrayEquals(new float[] {0, 204 / 255f, 51 / 255f, 102 / 255f, 1, 0}, values);
    new Planes(3, values).fill(new byte[] {51, (byte) 255}, 1);
    assertArrayEquals(new float[] {0.2f, 1, 0.2f, 1, 0.2f, 1}, values);
    assertThrows(IllegalArgumentException.class, () -> new Planes(4, new float[4]));
  }
}
