package org.sparksae.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sparksae.cli.job.ParamSetter;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.stats.FiringShares;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.SparseAutoencoderTrainingSummary;
import org.sparksae.spark.ml.TrainingStage;
import org.sparksae.spark.ml.param.Choices;

/** Reports how a fit went: in full for summary.json, briefly for a person. */
public final class TrainingReport {
  private final AutoencoderModel<?> model;
  private final SparseAutoencoderTrainingSummary summary;
  private final CodeStatistics statistics;

  private final long skippedRows;

  /**
   * Reports on a model that was just fitted.
   *
   * @param leftOut number of invalid rows that were left out before the fit
   */
  public TrainingReport(AutoencoderModel<?> model, long leftOut) {
    this.skippedRows = leftOut + model.summary().skippedRows();
    this.model = model;
    this.summary = model.summary();
    this.statistics = summary.statistics();
  }

  /** For a file, in its order. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("libraryVersion", libraryVersion());
    json.put("settings", settings());
    json.put("numFeatures", model.numFeatures());
    if (!model.preparation().isEmpty()) {
      json.put("preparation", model.preparation());
    }
    json.put("rows", statistics.rows());
    json.put("skippedRows", skippedRows);
    json.put("passes", summary.totalIterations());
    json.put("steps", summary.totalSteps());
    json.put("endsInsideEpoch", summary.endsInsideEpoch());
    json.put("stopReason", summary.stopReason());
    json.put("inputScale", summary.inputScale());
    json.put("seconds", summary.seconds());
    json.put("kernelBackend", summary.kernelBackend());
    json.put("meanSquaredError", statistics.meanSquaredError());
    json.put("explainedVariance", statistics.explainedVariance());
    json.put("fvu", statistics.fvu());
    new NestedFigures(statistics.nested()).addTo(json);
    json.put("cosine", statistics.cosine());
    json.put("l0", statistics.l0());
    json.put("l1", statistics.l1());
    json.put("deadUnits", statistics.deadUnits());
    json.put("denseUnits", statistics.denseUnits());
    json.put("firingHistogram", FiringPicture.json(statistics.firing().histogram()));
    if (summary.silentRows().length > 0) {
      json.put("firingFrequencies", summary.firingFrequencies());
      json.put("silentRows", summary.silentRows());
      json.put("resampledUnits", summary.resampledUnits());
    }
    if (summary.candidateRows() > 0) {
      json.put("candidateRows", summary.candidateRows());
      json.put("candidateFallbacks", summary.candidateFallbacks());
    }
    json.put("warnings", summary.warnings());
    json.put("iterations", summary.history().stream().map(TrainingReport::json).toList());
    json.put("meanActivations", statistics.meanActivations());
    if (summary.stages().size() > 1) {
      json.put("stages", summary.stages().stream().map(TrainingReport::json).toList());
    }
    return json;
  }

  /** The version in the jar's manifest. */
  public static String libraryVersion() {
    String version = TrainingReport.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  /** The Params, with the values that k or lifetimeSparsity give to those that were not set. */
  private Map<String, Object> settings() {
    Map<String, Object> settings = ParamSetter.values(model);
    AutoencoderSpec spec = model.spec();
    settings.put("regParam", spec.regParam());
    settings.put("decoderNorm", spec.decoderNorm().paramName());
    settings.put("solver", model.getSolver());
    settings.put("preBias", model.getPreBias());
    settings.put("inputNorm", model.getInputNorm());
    settings.put("initMode", model.getInitMode());
    if (spec.code().form().selects()) {
      settings.put("activation", spec.hiddenLayers().get(0).activation().paramName());
      settings.put(
          "sparsity",
          spec.hiddenLayers().stream().map(l -> l.sparsity().kind().paramName()).toList());
      if (spec.code().form().penalties().size() > 1) {
        settings.put("sparsityWeights", List.of(spec.code().sparsity().weight()));
      }
    }
    return settings;
  }

  private static Map<String, Object> json(TrainingStage stage) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", stage.name());
    json.put("passes", stage.totalIterations());
    json.put("steps", stage.totalSteps());
    json.put("stopReason", stage.stopReason());
    json.put("inputScale", stage.inputScale());
    json.put("iterations", stage.history().stream().map(TrainingReport::json).toList());
    return json;
  }

  private static Map<String, Object> json(IterationRecord record) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("iteration", record.iteration());
    json.put("objective", record.terms().total());
    ObjectiveTerms terms = record.terms();
    for (String name : terms.names()) {
      json.put(name, terms.get(name));
    }
    if (!Double.isNaN(record.validationObjective())) {
      json.put("validationObjective", record.validationObjective());
    }
    json.put("rows", record.rows());
    json.put("seconds", record.seconds());
    return json;
  }

  /** For a person. */
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        line(
            "Trained in %.1f s: %s %s%s over %,d rows of %d values (%s)",
            summary.seconds(),
            iterations(),
            model.getSolver().equals(Choices.ADAM) ? "epochs" : "iterations",
            summary.endsInsideEpoch()
                ? line(", the last in part (%,d steps),", summary.totalSteps())
                : "",
            statistics.rows(),
            model.numFeatures(),
            stopReason()));
    if (summary.stages().size() == 1) {
      addObjective("", summary.history(), lines);
    } else {
      summary
          .stages()
          .forEach(stage -> addObjective(" of " + stage.name(), stage.history(), lines));
    }
    lines.add(line("  mean squared error  %.6g", statistics.meanSquaredError()));
    lines.add(line("  explained variance  %.4f", statistics.explainedVariance()));
    lines.addAll(new NestedFigures(statistics.nested()).text());
    for (int k = 0; k < statistics.meanActivations().size(); k++) {
      lines.add(meanActivation(k));
    }
    int codeSize = model.spec().size(model.codeLayer());
    lines.add(line("  active units (L0)   %.1f of %d", statistics.l0(), codeSize));
    lines.add(line("  dead units          %d", statistics.deadUnits().length));
    lines.add(
        line(
            "  dense units         %d, active in more than %.0f %% of the rows",
            statistics.denseUnits().length, 100 * FiringShares.DENSE));
    if (skippedRows > 0) {
      lines.add(line("  skipped rows        %,d", skippedRows));
    }
    lines.add(line("  computed by         %s", summary.kernelBackend()));
    if (!model.preparation().isEmpty()) {
      lines.add(line("  on the scale of     rows prepared by %s", model.preparation()));
    }
    summary.warnings().forEach(warning -> lines.add("warning: " + warning.message()));
    return lines;
  }

  /** The iterations of each stage, such as 20 + 20 + 13. */
  private String iterations() {
    return summary.stages().stream()
        .map(stage -> Integer.toString(stage.totalIterations()))
        .collect(Collectors.joining(" + "));
  }

  private static void addObjective(String of, List<IterationRecord> history, List<String> lines) {
    if (history.isEmpty()) {
      return;
    }
    IterationRecord last = history.get(history.size() - 1);
    lines.add(line("  %-19s %.6g", "objective" + of, last.terms().total()));
    for (String name : last.terms().names()) {
      lines.add(line("    %-17s %.6g", name, last.terms().get(name)));
    }
    if (!Double.isNaN(last.validationObjective())) {
      lines.add(line("  validation          %.6g", last.validationObjective()));
    }
  }

  private String meanActivation(int k) {
    double mean = Arrays.stream(statistics.meanActivations().get(k)).average().orElse(0);
    Sparsity sparsity = model.spec().hiddenLayers().get(k).sparsity();
    String target = sparsity.kind().hasTarget() ? line(", target %s", sparsity.target()) : "";
    return line("  mean activation     %.4f in hidden layer %d%s", mean, k + 1, target);
  }

  private String stopReason() {
    return switch (summary.stopReason()) {
      case MAX_ITER ->
          "all that " + (model.isDefined(model.maxSteps()) ? "maxSteps" : "maxIter") + " allows";
      case CONVERGED -> "converged";
      case EARLY_STOPPING -> "stopped early, as the validation objective no longer fell";
    };
  }

  private static String line(String format, Object... values) {
    return Text.format(format, values);
  }
}
