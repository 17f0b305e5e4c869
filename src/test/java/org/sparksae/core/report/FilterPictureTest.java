package org.sparksae.core.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.model.ImageShape;

class FilterPictureTest {

  @Test
  void threeFiltersPixelForPixel() {
    // Filter 0: largest 2, so 2 -> 128 + 127 = 255, -2 -> 1, 1 -> 128 + rint(63.5) = 192, 0 -> 128.
    // Filter 1: zeros -> 128. Filter 2: largest 4; -1 -> 128 + rint(-31.75) = 96; NaN and infinity
    // -> 0.
    float[] weights = {2, -2, 1, 0, 0, 0, 0, 0, Float.NaN, -1, 4, Float.NEGATIVE_INFINITY};
    // Three tiles of 2 x 2: ceil(sqrt(3)) = 2 columns.
    int[][] expected = {
      {255, 255, 255, 255, 255, 255, 255},
      {255, 255, 1, 255, 128, 128, 255},
      {255, 192, 128, 255, 128, 128, 255},
      {255, 255, 255, 255, 255, 255, 255},
      {255, 0, 96, 255, 255, 255, 255},
      {255, 255, 0, 255, 255, 255, 255},
      {255, 255, 255, 255, 255, 255, 255}
    };
    assertPixels(expected, FilterPicture.render(weights, 3, new ImageShape(1, 2, 2), 1), 0);
  }

  @Test
  void zoomEnlargesTilesAndGaps() {
    int[][] expected = {
      {255, 255, 255, 255, 255, 255, 255, 255},
      {255, 255, 255, 255, 255, 255, 255, 255},
      {255, 255, 255, 255, 1, 1, 255, 255},
      {255, 255, 255, 255, 1, 1, 255, 255},
      {255, 255, 255, 255, 255, 255, 255, 255},
      {255, 255, 255, 255, 255, 255, 255, 255}
    };
    assertPixels(
        expected, FilterPicture.render(new float[] {3, -3}, 1, new ImageShape(1, 1, 2), 2), 0);
  }

  @Test
  void threeChannelsAreRedGreenAndBlueOnOneScale() {
    // One pixel, weights (4, -4, 1): 255, 1 and 128 + rint(31.75) = 160.
    BufferedImage image =
        FilterPicture.render(new float[] {4, -4, 1}, 1, new ImageShape(3, 1, 1), 1);
    assertEquals(0xffff01a0, image.getRGB(1, 1));
    assertEquals(0xffffffff, image.getRGB(0, 0));
    // Planes, not triples: [C, H, W]. Two pixels: red 1 0, green 0 1, blue 0 0.
    float[] planes = {1, 0, 0, 1, 0, 0};
    BufferedImage two = FilterPicture.render(planes, 1, new ImageShape(3, 1, 2), 1);
    assertEquals(0xffff8080, two.getRGB(1, 1));
    assertEquals(0xff80ff80, two.getRGB(2, 1));
  }

  @Test
  void aFilterTimesAPositiveFactorIsTheSamePicture() {
    float[] small = {1e-44f, -2e-44f, 0, 1e-44f};
    float[] large = {1e38f, -2e38f, 0, 1e38f};
    ImageShape shape = new ImageShape(1, 2, 2);
    BufferedImage one = FilterPicture.render(small, 1, shape, 1);
    BufferedImage other = FilterPicture.render(large, 1, shape, 1);
    assertArrayEquals(pixels(one, 0), pixels(other, 0));
  }

  @ParameterizedTest
  @CsvSource({
    // units, height, width, maximum -> columns, rows
    "1, 8, 8, 100, 1, 1",
    "25, 8, 8, 100, 5, 5",
    "26, 8, 8, 100, 6, 5",
    "196, 28, 28, 100, 10, 10",
    "5, 8, 8, 2, 2, 1",
    // Tiles of 3 x 1: twice as wide with their gap, half as many columns.
    "8, 1, 3, 8, 2, 4",
    "8, 3, 1, 8, 4, 2",
    "3, 99, 1, 3, 3, 1"
  })
  void theGridIsNearlySquare(int units, int height, int width, int maximum, int columns, int rows) {
    float[] weights = new float[units * height * width];
    BufferedImage image =
        FilterPicture.render(weights, units, new ImageShape(1, height, width), 1, maximum);
    assertEquals(columns * (width + 1) + 1, image.getWidth());
    assertEquals(rows * (height + 1) + 1, image.getHeight());
  }

  @Test
  void pngKeepsEveryPixelOfBothKinds() throws IOException {
    float[] weights = new float[12 * 12];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.sin(i);
    }
    assertSurvives(FilterPicture.render(weights, 12, new ImageShape(1, 3, 4), 3), 1);
    assertSurvives(FilterPicture.render(weights, 12, new ImageShape(3, 2, 2), 3), 3);
  }

  @Test
  void shapesThatDoNotMultiplyOutAreRefused() {
    float[] six = new float[6];
    ImageShape three = new ImageShape(1, 1, 3);
    assertRefused(
        "got 6 with units = 3, imageShape = 1x1x3", () -> FilterPicture.render(six, 3, three, 1));
    // 4 * 2^32 + 6 values: 6 to an int.
    assertRefused(
        "weights must have",
        () -> FilterPicture.render(six, 1_717_986_919, new ImageShape(1, 2, 5), 1));
    assertRefused(
        "1 or 3 channels to be drawn, got 2x1x3",
        () -> FilterPicture.render(six, 1, new ImageShape(2, 1, 3), 1));
    assertRefused(
        "units must be at least 1, got 0", () -> FilterPicture.render(new float[0], 0, three, 1));
    assertRefused("zoom must be", () -> FilterPicture.render(six, 2, three, 0));
    assertRefused("maximumUnits", () -> FilterPicture.render(six, 2, three, 1, 0));
    assertRefused("lower zoom", () -> FilterPicture.render(six, 2, three, Integer.MAX_VALUE));
  }

  private static void assertRefused(String message, Runnable call) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  private static void assertSurvives(BufferedImage image, int bands) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Png.write(image, out);
    BufferedImage back = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    assertEquals(bands, back.getRaster().getNumBands());
    for (int band = 0; band < bands; band++) {
      assertArrayEquals(pixels(image, band), pixels(back, band));
    }
  }

  private static void assertPixels(int[][] expected, BufferedImage image, int band) {
    int[][] actual = pixels(image, band);
    assertArrayEquals(expected, actual, () -> Arrays.deepToString(actual));
  }

  private static int[][] pixels(BufferedImage image, int band) {
    int[][] pixels = new int[image.getHeight()][image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRaster().getSamples(0, y, image.getWidth(), 1, band, pixels[y]);
    }
    return pixels;
  }
}
