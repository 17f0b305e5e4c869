package org.sparksae.examples.curves;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.colors.ColorBlindFriendlySeriesColors;
import org.sparksae.cli.report.ChartFile;
import org.sparksae.core.Text;

/**
 * Draws unexplained variance against active latents, a line for each kind of code. The labels of
 * active latents are powers of 2; the library's own logarithmic axis has labels at powers of ten
 * only.
 */
final class CurvesPicture {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 640;

  private CurvesPicture() {}

  /** Writes the picture as a PNG file, unless this machine has no fonts. */
  static void write(CurvesReport report, Path path, Configuration hadoop) throws IOException {
    ChartFile.write(() -> chart(report), path, hadoop);
  }

  private static XYChart chart(CurvesReport report) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Reconstruction and sparsity")
            .xAxisTitle("active latents of a row (L0)")
            .yAxisTitle("fraction of variance unexplained")
            .build();
    chart.getStyler().setLocale(Locale.ROOT);
    chart.getStyler().setSeriesColors(new ColorBlindFriendlySeriesColors().getSeriesColors());
    chart.getStyler().setxAxisTickLabelsFormattingFunction(CurvesPicture::latents);
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    report.kinds().forEach((kind, points) -> addLine(chart, kind, points));
    return chart;
  }

  /** A model without active latents has no place on the axis. */
  private static void addLine(XYChart chart, String kind, List<CurvesReport.Point> points) {
    List<CurvesReport.Point> drawn =
        points.stream().filter(point -> point.metrics().l0() > 0).toList();
    if (!drawn.isEmpty()) {
      chart.addSeries(
          kind,
          values(drawn, point -> doublings(point.metrics().l0())),
          values(drawn, point -> point.metrics().fvu()));
    }
  }

  private static double doublings(double latents) {
    return Math.log(latents) / Math.log(2);
  }

  private static String latents(double doublings) {
    return Text.format("%.0f", Math.pow(2, doublings));
  }

  private static double[] values(
      List<CurvesReport.Point> points, ToDoubleFunction<CurvesReport.Point> value) {
    return points.stream().mapToDouble(value).toArray();
  }
}
