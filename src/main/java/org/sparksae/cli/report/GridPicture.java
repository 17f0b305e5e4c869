package org.sparksae.cli.report;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;

/**
 * Draws the models of a grid as points, explained variance against active units, each with the
 * values of the grid's keys.
 */
public final class GridPicture {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 640;

  /** Free space around the points, as a share of what they span. */
  private static final double MARGIN = 0.1;

  /** Distance of a label from its point, in the same measure. */
  private static final double LABEL = 0.03;

  /** An interval of an axis. */
  private record Span(double least, double most) {

    static Span of(List<GridReport.Line> lines, ToDoubleFunction<GridReport.Line> value) {
      double least = lines.stream().mapToDouble(value).min().orElse(0);
      double most = lines.stream().mapToDouble(value).max().orElse(1);
      // Equal values would make an axis without length.
      double room = most > least ? 0 : Math.max(Math.abs(least), 1e-3);
      return new Span(least - room, most + room);
    }

    double share(double share) {
      return share * (most - least);
    }
  }

  private GridPicture() {}

  /**
   * Writes the picture as a PNG file, unless this machine has no fonts. A model whose explained
   * variance is not finite is left out.
   */
  public static void write(GridReport report, Path path, Configuration hadoop) throws IOException {
    ChartFile.write(() -> chart(report), path, hadoop);
  }

  private static XYChart chart(GridReport report) {
    List<GridReport.Line> lines =
        report.byActiveUnits().stream()
            .filter(line -> Double.isFinite(line.explainedVariance()))
            .toList();
    Span x = Span.of(lines, GridReport.Line::l0);
    Span y = Span.of(lines, GridReport.Line::explainedVariance);
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Models by " + String.join(", ", report.grid().keys()))
            .xAxisTitle("active units of a row (L0)")
            .yAxisTitle("explained variance")
            .build();
    style(chart.getStyler(), x, y);
    if (!lines.isEmpty()) {
      chart.addSeries(
          "models",
          values(lines, GridReport.Line::l0),
          values(lines, GridReport.Line::explainedVariance));
    }
    for (GridReport.Line line : lines) {
      chart.addAnnotation(
          new AnnotationText(
              label(report, line), line.l0(), line.explainedVariance() + y.share(LABEL), false));
    }
    return chart;
  }

  private static void style(XYStyler styler, Span x, Span y) {
    styler.setLocale(Locale.ROOT);
    styler.setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    styler.setLegendVisible(false);
    styler.setXAxisMin(x.least() - x.share(MARGIN));
    styler.setXAxisMax(x.most() + x.share(MARGIN));
    styler.setYAxisMin(y.least() - y.share(MARGIN));
    styler.setYAxisMax(y.most() + y.share(MARGIN));
  }

  private static double[] values(
      List<GridReport.Line> lines, ToDoubleFunction<GridReport.Line> value) {
    return lines.stream().mapToDouble(value).toArray();
  }

  private static String label(GridReport report, GridReport.Line line) {
    return report.grid().keys().stream()
        .map(line.point()::setting)
        .collect(Collectors.joining(", "));
  }
}
