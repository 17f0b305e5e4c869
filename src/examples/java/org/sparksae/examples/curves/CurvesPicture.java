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
import org.sparksae.cli.report.ChartFile;

/** Draws unexplained variance against active latents, a line for each kind of code. */
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
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    report
        .kinds()
        .forEach(
            (kind, points) ->
                chart.addSeries(
                    kind,
                    values(points, point -> point.metrics().l0()),
                    values(points, point -> point.metrics().fvu())));
    return chart;
  }

  private static double[] values(
      List<CurvesReport.Point> points, ToDoubleFunction<CurvesReport.Point> value) {
    return points.stream().mapToDouble(value).toArray();
  }
}
