package org.sparksae.cli.report;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.sparksae.core.Text;
import org.sparksae.core.stats.FiringHistogram;

/** Shows how many units of a code are active how often: as numbers, and as bars. */
public final class FiringPicture {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 480;

  /** Share of the space that a bar fills. */
  private static final double BAR_WIDTH = 0.98;

  private FiringPicture() {}

  /** For a file. */
  static Map<String, Object> json(FiringHistogram histogram) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dead", histogram.dead());
    json.put("log10Edges", histogram.edges());
    json.put("units", histogram.units());
    return json;
  }

  /** Writes the picture as a PNG file, unless this machine has no fonts. */
  public static void write(FiringHistogram histogram, Path path, Configuration hadoop)
      throws IOException {
    ChartFile.write(() -> chart(histogram), path, hadoop);
  }

  private static CategoryChart chart(FiringHistogram histogram) {
    int total = histogram.dead() + Arrays.stream(histogram.units()).sum();
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(
                Text.format("How often units are active (%d of %d never)", histogram.dead(), total))
            .xAxisTitle("log10 of the share of rows, from")
            .yAxisTitle("units")
            .build();
    chart.getStyler().setLocale(Locale.ROOT);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setAvailableSpaceFill(BAR_WIDTH);
    List<String> from =
        IntStream.range(0, histogram.units().length)
            .mapToObj(i -> Text.format("%.2f", histogram.edges()[i]))
            .toList();
    chart.addSeries("units", from, Arrays.stream(histogram.units()).boxed().toList());
    return chart;
  }
}
