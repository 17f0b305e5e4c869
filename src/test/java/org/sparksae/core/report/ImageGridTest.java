package org.sparksae.core.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparksae.core.model.ImageShape;

class ImageGridTest {
  private static final ImageShape SHAPE = new ImageShape(1, 1, 2);

  @Test
  void threeRowsOfTwoImagesPixelForPixel() {
    // From 0 to 1: 0.5 -> rint(127.5) up = 128, 0.2 -> 51; beyond the range black or white.
    List<float[]> rows =
        List.of(
            new float[] {0, 1, 0.5f, 0.2f},
            new float[] {-7, 7, Float.NaN, Float.POSITIVE_INFINITY},
            new float[] {1, 0, 0, 0});
    int[][] expected = {
      {255, 255, 255, 255, 255, 255, 255},
      {255, 0, 255, 255, 128, 51, 255},
      {255, 255, 255, 255, 255, 255, 255},
      {255, 0, 255, 255, 0, 255, 255},
      {255, 255, 255, 255, 255, 255, 255},
      {255, 255, 0, 255, 0, 0, 255},
      {255, 255, 255, 255, 255, 255, 255}
    };
    BufferedImage picture = ImageGrid.render(rows, SHAPE, 0, 1, 1);
    assertEquals(7, picture.getWidth());
    assertEquals(7, picture.getHeight());
    for (int y = 0; y < expected.length; y++) {
      assertArrayEquals(expected[y], picture.getRaster().getSamples(0, y, 7, 1, 0, (int[]) null));
    }
  }

  @Test
  void theScaleIsTheCallers() {
    // From -1 to 3: 0 -> 255 / 4 = 63.75; red, green and blue planes.
    BufferedImage picture =
        ImageGrid.render(List.of(new float[] {-1, 0, 3}), new ImageShape(3, 1, 1), -1, 3, 2);
    assertEquals(6, picture.getWidth());
    assertEquals(0xff0040ff, picture.getRGB(2, 2));
    assertEquals(0xff0040ff, picture.getRGB(3, 3));
    assertEquals(0xffffffff, picture.getRGB(4, 4));
  }

  @Test
  void whatIsNoGridIsRefused() {
    float[] two = new float[2];
    assertRefused("got [2, 4] values", List.of(two, new float[4]), 0, 1);
    assertRefused("got [3] values", List.of(new float[3]), 0, 1);
    assertRefused("got [0] values", List.of(new float[0]), 0, 1);
    assertRefused("got [] values", List.of(), 0, 1);
    assertRefused("black must be below white, got 1.0 and 1.0", List.of(two), 1, 1);
    assertRefused("black must be below white, got NaN", List.of(two), Float.NaN, 1);
  }

  private static void assertRefused(String message, List<float[]> rows, float black, float white) {
    String refusal =
        assertThrows(
                IllegalArgumentException.class,
                () -> ImageGrid.render(rows, SHAPE, black, white, 1))
            .getMessage();
    assertTrue(refusal.contains(message), refusal);
  }
}
