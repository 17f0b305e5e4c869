package org.sparksae.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.cli.job.Grid;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobFile;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.stats.FiringShares;

/** What is written of the models of a grid. */
class GridReportTest {
  @TempDir private Path dir;

  private Grid grid;
  private GridReport report;

  @BeforeEach
  void makeAGridOfTwo() throws IOException {
    String job =
        "input { path = x, columns = [x] }, output.dir = o, grid { hiddenLayers = [[16, 8], [4]] }";
    Path file = Files.writeString(dir.resolve("job.conf"), job);
    grid = JobConfig.of(JobFile.read(file.toString(), List.of())).grid().orElseThrow();
    report = new GridReport(grid);
  }

  private void add(int number, double l0, double explained, double objective, String... warnings) {
    CodeStatistics statistics =
        new CodeStatistics(
            10,
            10,
            List.of(),
            l0,
            1,
            new FiringShares(new double[3]),
            null,
            null,
            0.25,
            1 - explained,
            List.of(),
            0.5,
            null,
            null);
    Grid.Point point = grid.points().get(number);
    report.add(
        new GridReport.Line(
            point, "grid/" + point.name(), statistics, objective, 2.5, List.of(warnings)));
  }

  @Test
  void filesGoByNumbersAndTheTableByActiveUnits() {
    add(1, 3.5, 0.5, 0.125, "UNITS", "STEPS");
    add(0, 6, 0.75, 0.0625);
    assertEquals(
        """
        number,hiddenLayers,explainedVariance,meanSquaredError,l0,deadUnits,objective,seconds,warnings,error,path
        000,"[16,8]",0.75,0.25,6.0,3,0.0625,2.5,,,grid/000
        001,[4],0.5,0.25,3.5,3,0.125,2.5,UNITS STEPS,,grid/001
        """,
        new String(report.csv(), StandardCharsets.UTF_8));
    assertEquals(
        List.of(
            "  number  hiddenLayers  active (L0)  explained variance  dead units  seconds  warnings",
            "     001           [4]          3.5              0.5000           3      2.5         2",
            "     000        [16,8]          6.0              0.7500           3      2.5         0"),
        report.text());
  }

  @Test
  void aModelThatFailedHasItsReasonAndComesLast() throws IOException {
    report.addFailure(grid.points().get(0), "training diverged: \"nan\", lower stepSize");
    add(1, 3.5, 0.5, 0.125);
    List<String> lines = new String(report.csv(), StandardCharsets.UTF_8).lines().toList();
    assertEquals(
        "000,\"[16,8]\",,,,,,,,\"training diverged: \"\"nan\"\", lower stepSize\",", lines.get(1));
    assertTrue(lines.get(2).startsWith("001,[4],0.5,"), lines.get(2));
    assertEquals(
        List.of(
            "  number  hiddenLayers  active (L0)  explained variance  dead units  seconds  warnings",
            "     001           [4]          3.5              0.5000           3      2.5         0",
            "     000        [16,8]       failed" + " ".repeat(51)),
        report.text());
    List<?> models = List.copyOf((Collection<?>) report.json().get("models"));
    assertEquals(
        Map.of(
            "number",
            0,
            "settings",
            Map.of("hiddenLayers", List.of(16, 8)),
            "error",
            "training diverged: \"nan\", lower stepSize"),
        models.get(0));
    assertEquals(
        List.of("000 (hiddenLayers = [16,8]): training diverged: \"nan\", lower stepSize"),
        report.failures());
    assertNotNull(picture());
  }

  /** Rows that are all equal have no variance; without iterations there is no objective. */
  @Test
  void whatIsNotANumberIsLeftOut() throws IOException {
    add(0, 6, Double.NaN, Double.NaN);
    String line = new String(report.csv(), StandardCharsets.UTF_8).lines().toList().get(1);
    assertTrue(line.startsWith("000,\"[16,8]\",,0.25,6.0,3,,2.5,"), line);
    Map<?, ?> model = (Map<?, ?>) ((Collection<?>) report.json().get("models")).iterator().next();
    assertNull(model.get("objective"));
    assertEquals(Map.of("hiddenLayers", List.of(16, 8)), model.get("settings"));
    assertNotNull(picture());
  }

  /** Axes have a length even if all models are at one point. */
  @Test
  void modelsThatAreAlikeAreDrawn() throws IOException {
    add(0, 0, 0, 1);
    add(1, 0, 0, 1);
    BufferedImage picture = picture();
    int middle = picture.getRGB(picture.getWidth() / 2, picture.getHeight() / 4);
    assertEquals(0xFFFFFFFF, middle, "the background of the chart");
  }

  private BufferedImage picture() throws IOException {
    Path file = dir.resolve("grid.png");
    GridPicture.write(report, new org.apache.hadoop.fs.Path(file.toString()), new Configuration());
    return ImageIO.read(file.toFile());
  }
}
