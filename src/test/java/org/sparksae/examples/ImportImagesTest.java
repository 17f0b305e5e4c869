package org.sparksae.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;

@ExtendWith(LocalSpark.class)
class ImportImagesTest extends ExamplesRunner {
  private static final int HEIGHT = 9;
  private static final int WIDTH = 12;

  /** A grey one, whose value is its place, and a coloured one. */
  @BeforeEach
  void drawTwoImages() throws IOException {
    Files.createDirectory(dir.resolve("images"));
    BufferedImage grey = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage colour = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        grey.getRaster().setSample(x, y, 0, value(y, x));
        colour.setRGB(x, y, 200 << 16 | 100 << 8 | 10);
      }
    }
    ImageIO.write(grey, "png", images().resolve("a.png").toFile());
    ImageIO.write(colour, "png", images().resolve("b.PNG").toFile());
    Files.writeString(images().resolve("licence.txt"), "none of them");
  }

  private Path images() {
    return dir.resolve("images");
  }

  private static int value(int y, int x) {
    return 2 * (y * WIDTH + x);
  }

  private int importImages(String... more) {
    String[] all = {"import-images", "--images", images().toString(), "--output", out.toString()};
    String[] args = Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, args, all.length, more.length);
    return run(args);
  }

  private List<Row> rows() {
    return LocalSpark.session().read().parquet(out.toString()).collectAsList();
  }

  @Test
  void cutsLuminanceWhereItSays() {
    assertEquals(0, importImages("--patches", "7", "--size", "3"), error);
    assertEquals(out + ": 7 patches of 3 x 3 pixels from 2 images", said.strip());
    List<Row> rows = rows();
    // The first has one more; the text is no image.
    assertEquals(
        List.of("a.png", "a.png", "a.png", "a.png", "b.PNG", "b.PNG", "b.PNG"),
        rows.stream().map(row -> row.getString(1)).toList());
    for (Row row : rows.subList(0, 4)) {
      List<Float> patch = row.getList(0);
      for (int y = 0; y < 3; y++) {
        for (int x = 0; x < 3; x++) {
          int expected = value(row.getInt(2) + y, row.getInt(3) + x);
          assertEquals(expected / 255f, patch.get(y * 3 + x), 1e-6f);
        }
      }
    }
    // 0.299 * 200 + 0.587 * 100 + 0.114 * 10 = 119.64.
    assertEquals(119.64f / 255f, rows.get(4).<Float>getList(0).get(0), 1e-6f);
  }

  @Test
  void theSeedDecidesThePlaces() {
    assertEquals(0, importImages("--patches", "20", "--size", "2"), error);
    List<Row> first = rows();
    assertEquals(0, importImages("--patches", "20", "--size", "2", "--overwrite"), error);
    assertEquals(first, rows());
    assertEquals(
        0, importImages("--patches", "20", "--size", "2", "--seed", "2", "--overwrite"), error);
    assertNotEquals(first, rows());
  }

  @Test
  void largeImagesAreReducedByTheMeanOfSquares() {
    assertEquals(0, importImages("--patches", "2", "--size", "3", "--longest-edge", "4"), error);
    // Squares of 3 x 3 make 9 x 12 into 3 x 4; the mean of a square is the value at its centre.
    Row row = rows().get(0);
    assertEquals(0, row.getInt(2));
    assertEquals(value(1, 1 + 3 * row.getInt(3)) / 255f, row.<Float>getList(0).get(0), 1e-6f);
  }

  @Test
  void whatCannotBeCutIsRefused() throws IOException {
    assertEquals(2, importImages("--size", "0"));
    assertTrue(error.contains("--size must be at least 1, got 0"), error);
    assertEquals(2, importImages("--size", "10"));
    assertTrue(error.contains("a.png has 9 x 12 pixels, but --size is 10"), error);
    assertEquals(2, importImages("--size", "4", "--longest-edge", "4"));
    assertTrue(error.contains("has 3 x 4 pixels after --longest-edge"), error);
    byte[] whole = Files.readAllBytes(images().resolve("b.PNG"));
    Files.write(images().resolve("b.PNG"), Arrays.copyOf(whole, whole.length / 2));
    assertEquals(2, importImages());
    assertTrue(error.contains("cannot read the image") && error.contains("b.PNG"), error);
    Files.writeString(images().resolve("b.PNG"), "no image");
    assertEquals(2, importImages());
    assertTrue(error.contains("it is not a JPEG, PNG, GIF or BMP image"), error);
    assertEquals(2, run("import-images", "--images", dir + "/none", "--output", out.toString()));
    assertTrue(error.contains("--images: there is no file *.bmp, *.gif"), error);
    assertFalse(Files.exists(out));
  }
}
