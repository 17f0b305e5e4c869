package org.sparksae.cli.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.report.Png;

/** Writes charts as PNG files. */
public final class ChartFile {
  private static final Logger LOG = LoggerFactory.getLogger(ChartFile.class);

  private ChartFile() {}

  /**
   * Writes a chart. If this machine has no fonts, warns and writes nothing: hours of work are not
   * lost because of a picture.
   */
  public static void write(Supplier<? extends Chart<?, ?>> chart, Path path, Configuration hadoop)
      throws IOException {
    BufferedImage image;
    try {
      image = BitmapEncoder.getBufferedImage(chart.get());
    } catch (RuntimeException | LinkageError | InternalError failed) {
      LOG.warn(
          "{} is left out, because Java cannot write text here: {}",
          path.getName(),
          failed.toString());
      return;
    }
    try (OutputStream out = path.getFileSystem(hadoop).create(path)) {
      Png.write(image, out);
    }
  }
}
