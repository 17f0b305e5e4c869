package org.sparksae.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
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
import org.sparksae.core.train.DivergedException;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;

/**
 * Trains the models of a grid and writes each as soon as it is trained, so that memory has no more
 * of them than are trained together. A model whose training fails does not end the others.
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
  private final GridReport report;
  private final List<Exception> failures = new ArrayList<>();

  GridTraining(Grid grid, ModelResults results, Staging staging) {
    this.grid = grid;
    this.results = results;
    this.staging = staging;
    this.hadoop = results.hadoop();
    this.report = new GridReport(grid);
  }

  /**
   * Trains all models and writes all results; returns a table of them for a person.
   *
   * @param estimator has the Params that all models share
   * @throws FailedModelsException if no model could be trained
   */
  List<String> run(AutoencoderEstimator<?, ?> estimator, Dataset<Row> rows) throws IOException {
    try {
      estimator.fitEach(
          rows,
          grid.on(estimator),
          (model, index) -> keep(model, grid.points().get(index)),
          (failure, index) -> note(failure, grid.points().get(index)));
    } catch (UncheckedIOException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
    if (failures.size() == grid.points().size()) {
      requireAll();
    }
    write(report.csv(), staging.path(CSV));
    JsonFile.write(report.json(), staging.path(JSON), hadoop);
    GridPicture.write(report, staging.path(PICTURE), hadoop);
    return report.text();
  }

  /**
   * Checks that all models could be trained.
   *
   * @throws FailedModelsException naming those that could not, and why
   */
  void requireAll() {
    if (!failures.isEmpty()) {
      throw new FailedModelsException(report.failures(), failures);
    }
  }

  private void note(Exception failure, Grid.Point point) {
    // The outer one names the ParamMap, which has another number for a person.
    boolean named = failure instanceof DivergedException && failure.getCause() != null;
    String reason = Failures.firstLine((named ? failure.getCause() : failure).getMessage());
    failures.add(failure);
    report.addFailure(point, reason);
    LOG.warn(
        "model {} failed ({}); the others go on: {}", point.name(), grid.describe(point), reason);
  }

  private void keep(AutoencoderModel<?> model, Grid.Point point) {
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
}
