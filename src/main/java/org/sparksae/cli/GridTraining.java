package org.sparksae.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.cli.job.Grid;
import org.sparksae.cli.report.GridPicture;
import org.sparksae.cli.report.GridReport;
import org.sparksae.cli.report.JsonFile;
import org.sparksae.cli.report.Staging;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;

/**
 * Trains the models of a grid and writes each as soon as it is trained, so that memory has no more
 * of them than are trained together.
 */
final class GridTraining {
  private static final Logger LOG = LoggerFactory.getLogger(GridTraining.class);

  private static final String MODELS = "grid";
  private static final String CSV = "grid.csv";
  private static final String JSON = "grid.json";
  private static final String PICTURE = "grid.png";

  /** Names of everything that may be written. */
  static final List<String> NAMES = List.of(MODELS, CSV, JSON, PICTURE);

  private final Grid grid;
  private final ModelResults results;
  private final Staging staging;
  private final Configuration hadoop;

  GridTraining(Grid grid, ModelResults results, Staging staging) {
    this.grid = grid;
    this.results = results;
    this.staging = staging;
    this.hadoop = results.hadoop();
  }

  /**
   * Trains all models and writes all results; returns a table of them for a person.
   *
   * @param estimator has the Params that all models share
   */
  List<String> run(AutoencoderEstimator<?, ?> estimator, Dataset<Row> rows) throws IOException {
    GridReport report = new GridReport(grid);
    try {
      estimator.fitEach(
          rows,
          grid.on(estimator),
          (model, index) -> keep(model, grid.points().get(index), report));
    } catch (UncheckedIOException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
    write(report.csv(), staging.path(CSV));
    JsonFile.write(report.json(), staging.path(JSON), hadoop);
    draw(report);
    return report.text();
  }

  private void keep(AutoencoderModel<?> model, Grid.Point point, GridReport report) {
    Path directory = new Path(staging.path(MODELS), point.name());
    try {
      results.write(model, directory);
      report.add(point, model, MODELS + "/" + point.name());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void write(byte[] text, Path path) throws IOException {
    try (OutputStream out = path.getFileSystem(hadoop).create(path)) {
      out.write(text);
    }
  }

  /** Hours of training are not lost because a machine has no fonts. */
  private void draw(GridReport report) throws IOException {
    byte[] picture;
    try {
      picture = GridPicture.png(report);
    } catch (RuntimeException | LinkageError | InternalError failed) {
      LOG.warn(
          "{} is left out, because Java cannot write text here: {}", PICTURE, failed.toString());
      return;
    }
    write(picture, staging.path(PICTURE));
  }
}
