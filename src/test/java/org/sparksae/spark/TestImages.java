package org.sparksae.spark;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Image files with a known value at each place. */
public final class TestImages {
  /** Rows of pixels. */
  public static final int HEIGHT = 4;

  /** Pixels of a row. */
  public static final int WIDTH = 5;

  private TestImages() {}

  /** Red, green and blue (0, 1, 2) of a pixel of the image of that number, in [0, 255]. */
  public static int value(int number, int channel, int pixel) {
    return 11 * pixel + 70 * channel + 31 * number & 0xff;
  }

  /** The image of that number as planes in [0, 1], [3, HEIGHT, WIDTH]. */
  public static double[] planes(int number) {
    int pixels = HEIGHT * WIDTH;
    double[] planes = new double[3 * pixels];
    for (int j = 0; j < planes.length; j++) {
      planes[j] = value(number, j / pixels, j % pixels) / 255f;
    }
    return planes;
  }

  /** The image of that number; a grey one has the values of red. */
  public static BufferedImage image(int number, int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    for (int i = 0; i < HEIGHT * WIDTH; i++) {
      int x = i % WIDTH;
      int y = i / WIDTH;
      if (type == BufferedImage.TYPE_BYTE_GRAY) {
        image.getRaster().setSample(x, y, 0, value(number, 0, i));
      } else {
        int rgb = value(number, 0, i) << 16 | value(number, 1, i) << 8 | value(number, 2, i);
        image.setRGB(x, y, 10 * i << 24 | rgb);
      }
    }
    return image;
  }

  /** Writes an image, in the format that the file's name ends with. */
  public static void write(BufferedImage image, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    String name = file.toString();
    String format = name.substring(name.lastIndexOf('.') + 1);
    if (!ImageIO.write(image, format, file.toFile())) {
      throw new IOException("no writer for " + name);
    }
  }

  /** Leaves only the first half of a file. */
  public static void cut(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
  }
}
