package org.sparksae.core.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pictures as PNG files. */
public final class Png {
  private Png() {}

  /** Writes a picture. The stream is flushed but not closed. */
  public static void write(BufferedImage picture, OutputStream out) throws IOException {
    // ImageIO's own stream would cache in a temporary file.
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      if (!ImageIO.write(picture, "png", stream)) {
        throw new IOException("this Java platform has no PNG writer for " + picture);
      }
    }
    out.flush();
  }
}
