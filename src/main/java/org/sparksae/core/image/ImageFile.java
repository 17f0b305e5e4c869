package org.sparksae.core.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image file (JPEG, PNG, BMP, or the first image of a GIF), decoded by the Java platform.
 * Opening it reads only the size; the pixels are decoded on request.
 *
 * <p>Opacity and the camera's orientation tag are ignored. Colours that are not sRGB are converted.
 * Values of 16 bits keep their precision.
 */
public final class ImageFile implements Closeable {
  private static final Set<String> FORMATS = Set.of("jpeg", "png", "gif", "bmp");

  private final ImageInputStream stream;
  private final ImageReader reader;
  private int height;
  private int width;
  private String damage;

  private ImageFile(ImageInputStream stream, ImageReader reader) {
    this.stream = stream;
    this.reader = reader;
    reader.addIIOReadWarningListener((source, warning) -> warned(warning));
    reader.setInput(stream, true, true);
  }

  /**
   * Opens a file and reads its size.
   *
   * @param in the file; not closed
   * @throws IOException if the file is damaged or has another format
   */
  public static ImageFile open(InputStream in) throws IOException {
    // ImageIO's own stream would cache in a temporary file.
    ImageInputStream stream = new MemoryCacheImageInputStream(in);
    ImageFile file = new ImageFile(stream, reader(stream));
    try {
      file.readSize();
      return file;
    } catch (IOException damaged) {
      file.close();
      throw damaged;
    }
  }

  private static ImageReader reader(ImageInputStream stream) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
        return reader;
      }
    }
    throw new IOException("it is not a JPEG, PNG, GIF or BMP image");
  }

  private void readSize() throws IOException {
    try {
      height = reader.getHeight(0);
      width = reader.getWidth(0);
    } catch (IOException | RuntimeException damaged) {
      throw damaged(damaged);
    }
  }

  /** Returns the number of pixel rows. */
  public int height() {
    return height;
  }

  /** Returns the number of pixels in a row. */
  public int width() {
    return width;
  }

  /**
   * Decodes the pixels. Call it once.
   *
   * @param channels 1 or 3; see {@link Planes}
   * @param values receives the pixels, [channels, height, width]
   * @throws IOException if the file is damaged, even if part of it can be decoded
   */
  public void read(int channels, float[] values) throws IOException {
    BufferedImage image;
    try {
      image = reader.read(0);
    } catch (IOException | RuntimeException damaged) {
      throw damaged(damaged);
    }
    if (damage != null) {
      throw new IOException("it is damaged: " + damage);
    }
    fill(new Planes(channels, values), image);
  }

  private static void fill(Planes planes, BufferedImage image) {
    ColorModel colours = image.getColorModel();
    boolean samples = colours instanceof ComponentColorModel && !colours.isAlphaPremultiplied();
    // Read the samples, because getRGB would treat the values of a grey image as linear light.
    boolean grey = samples && colours.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    boolean colour = samples && colours.getColorSpace().isCS_sRGB();
    for (int y = 0; y < image.getHeight(); y++) {
      if (grey) {
        fillGrey(planes, image.getRaster(), y);
      } else if (colour) {
        fillColour(planes, image.getRaster(), y);
      } else {
        fillConverted(planes, image, y);
      }
    }
  }

  private static void fillGrey(Planes planes, Raster raster, int y) {
    int[] line = samples(raster, y, 0);
    for (int x = 0; x < line.length; x++) {
      planes.grey(y * line.length + x, line[x], white(raster));
    }
  }

  private static void fillColour(Planes planes, Raster raster, int y) {
    int[] red = samples(raster, y, 0);
    int[] green = samples(raster, y, 1);
    int[] blue = samples(raster, y, 2);
    for (int x = 0; x < red.length; x++) {
      planes.colour(y * red.length + x, red[x], green[x], blue[x], white(raster));
    }
  }

  private static int[] samples(Raster raster, int y, int band) {
    return raster.getSamples(0, y, raster.getWidth(), 1, band, (int[]) null);
  }

  private static double white(Raster raster) {
    return (1L << raster.getSampleModel().getSampleSize(0)) - 1.0;
  }

  private static void fillConverted(Planes planes, BufferedImage image, int y) {
    int[] line = image.getRGB(0, y, image.getWidth(), 1, null, 0, image.getWidth());
    for (int x = 0; x < line.length; x++) {
      int rgb = line[x];
      planes.colour(y * line.length + x, rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff, 255);
    }
  }

  /**
   * Notes a warning that means damage. If a JPEG ends too early, the decoder fills the rest of the
   * image with grey and only warns. Extra bytes between segments are harmless.
   */
  private void warned(String warning) {
    boolean harmless = warning.contains("extraneous bytes");
    if (!harmless && (warning.contains("Truncated") || warning.contains("Corrupt"))) {
      damage = warning;
    }
  }

  private static IOException damaged(Exception e) {
    String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new IOException("it is damaged: " + what, e);
  }

  /** Frees the decoder's resources. The input stream stays open. */
  @Override
  public void close() throws IOException {
    reader.dispose();
    stream.close();
  }
}
