package org.sparksae.spark.ml.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.sparksae.core.Text;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.StopReason;
import org.sparksae.core.train.TrainingLength;
import org.sparksae.spark.ml.fit.Finding.Kind;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.Choices;

/** Examines the result of a fit, and says in one line each what is wrong with it and why. */
public final class FitDiagnosis {
  static final double LEAST_EXPLAINED = 0.05;

  /** The limit where a known cause explains a low value. */
  static final double LEAST_EXPLAINED_WITH_CAUSE = 0.25;

  static final long LEAST_STEPS = 500;
  static final int LEAST_ITERATIONS = 10;

  /** A shorter history does not show whether the objective is still falling. */
  private static final int LEAST_EPOCHS = 10;

  /** Share by which the objective falls over a tenth of the epochs, if it still falls. */
  private static final double LEAST_GAIN = 0.01;

  /** Penalties may be most of an objective whose reconstruction term is small for a good reason. */
  private static final double WELL_EXPLAINED = 0.5;

  private final AutoencoderParams model;
  private final AutoencoderSpec spec;
  private final List<StageResult> stages;
  private final CodeStatistics statistics;
  private final InputScale scale;
  private final InputScale reconstructed;
  private final HiddenLayer code;
  private final double explained;

  /**
   * A diagnosis.
   *
   * @param model the Params of the result
   * @param spec the result
   * @param codeLayer the hidden layer whose code it gives, from 1
   * @param stages its trainings
   * @param statistics of the result on the training rows
   * @param sparse whether rows are kept as their non-zeros
   */
  public FitDiagnosis(
      AutoencoderParams model,
      AutoencoderSpec spec,
      int codeLayer,
      List<StageResult> stages,
      CodeStatistics statistics,
      boolean sparse) {
    this.model = model;
    this.spec = spec;
    this.stages = stages;
    this.statistics = statistics;
    double factor = stages.get(0).inputScale();
    this.scale = new InputScale(statistics.inputs(), sparse, spec.preBias(), factor);
    this.reconstructed =
        spec.target() == null ? scale : new InputScale(statistics.targets(), sparse, true, factor);
    this.code = spec.hiddenLayers().get(codeLayer - 1);
    this.explained = Math.max(statistics.explainedVariance(), explainedInTraining());
  }

  /** What is wrong with the scale of the input or of the target; null if nothing is. */
  private String problemOfScale() {
    String ofTarget = reconstructed.problem();
    return scale.problem() != null || spec.target() == null || ofTarget == null
        ? scale.problem()
        : Text.format("of targetCol '%s': %s", model.getTargetCol(), ofTarget);
  }

  /** The faults, the most general first; empty for a result without a fault. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (!model.trains()) {
      return findings;
    }
    addExplained(findings);
    addUnits(findings);
    addColumns(findings);
    addConvergence(findings);
    addPenalty(findings);
    addSteps(findings);
    addSchedule(findings);
    return List.copyOf(findings);
  }

  /**
   * The variance that the last training explained with the units that it kept: plain codes of
   * {@code lifetimeSparsity}, or {@code encodeK} units, reconstruct worse than what the decoder was
   * trained on. Negative infinity after the training of a single layer, which reconstructs other
   * rows.
   */
  private double explainedInTraining() {
    StageResult last = stages.get(stages.size() - 1);
    double variance = statistics.targets().totalVariance();
    boolean ofRows = spec.depth() == 1 || last.name().equals(Stage.JOINT.name());
    if (!ofRows && code.form().needsBatch()) {
      // Nothing tells what the winners explain of the rows.
      return WELL_EXPLAINED;
    }
    if (!ofRows || last.history().isEmpty() || variance == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double scale = last.inputScale();
    return 1 - 2 * terms(last).get("reconstruction") / (variance * scale * scale);
  }

  private static ObjectiveTerms terms(StageResult stage) {
    List<IterationRecord> history = stage.history();
    return history.get(history.size() - 1).terms();
  }

  private void addExplained(List<Finding> findings) {
    boolean hasCause =
        problemOfScale() != null
            || spec.depth() > 1 && isPenalised()
            || tooShort() != null
            || stillFalls();
    if (!(explained >= (hasCause ? LEAST_EXPLAINED_WITH_CAUSE : LEAST_EXPLAINED))) {
      findings.add(
          finding(
              Kind.EXPLAINED_VARIANCE,
              "explained variance is %.4f, so reconstructions are %s the rows' mean: %s",
              explained,
              explained < 0
                  ? "worse than"
                  : explained < LEAST_EXPLAINED ? "hardly better than" : "little better than",
              cause()));
    }
  }

  private void addUnits(List<Finding> findings) {
    int[] dead = statistics.deadUnits();
    int[] constant = statistics.constantUnits();
    int[] always = zerosAreWanted() ? statistics.alwaysOnUnits() : new int[0];
    long idle = Stream.of(dead, constant, always).flatMapToInt(Arrays::stream).distinct().count();
    if (2 * idle > code.units()) {
      boolean mostlyDead = dead.length > constant.length + always.length;
      findings.add(
          finding(
              Kind.UNITS,
              "of %d units of the code, %d are dead (active in no row), %d constant (standard"
                  + " deviation below 1 %% of the mean) and %d always on: %s",
              code.units(),
              dead.length,
              constant.length,
              always.length,
              problemOfScale() != null || !mostlyDead ? cause() : causeOfDeath()));
    }
  }

  /** Whether units that are always on contradict the Params. */
  private boolean zerosAreWanted() {
    CodeForm form = code.form().encoding();
    boolean hasZeros =
        code.activation() == Activation.RELU
            || form.unitsKept().isPresent()
            || model.getActivationThreshold() > 0;
    return hasZeros && (isPenalised(code) || form.selects());
  }

  private void addColumns(List<Finding> findings) {
    if (reconstructed.dominated() != null) {
      findings.add(
          finding(
              Kind.COLUMNS,
              "%s, so the others hardly count: %s",
              reconstructed.dominated(),
              reconstructed.remedy()));
    }
  }

  private void addConvergence(List<Finding> findings) {
    for (StageResult stage : stages) {
      if (isFullBatch()
          && stage.stopReason() == StopReason.CONVERGED
          && stage.iterations() < LEAST_ITERATIONS
          && explained < WELL_EXPLAINED) {
        findings.add(
            finding(
                Kind.CONVERGENCE,
                "l-bfgs converged after %d iterations%s, far from a useful model: %s",
                stage.iterations(),
                of(stage),
                cause()));
        return;
      }
    }
  }

  private void addPenalty(List<Finding> findings) {
    for (StageResult stage : stages) {
      if (explained < WELL_EXPLAINED && penaltyShare(stage) > 0.5) {
        findings.add(
            finding(
                Kind.PENALTY,
                "penalties are %.0f %% of the objective%s (%s): %s",
                100 * penaltyShare(stage),
                of(stage),
                terms(stage).describe(),
                cause()));
        return;
      }
    }
  }

  private static double penaltyShare(StageResult stage) {
    if (stage.history().isEmpty()) {
      return 0;
    }
    ObjectiveTerms terms = terms(stage);
    double losses = terms.get("reconstruction");
    if (terms.names().contains(ObjectiveLayout.AUXILIARY)) {
      losses += terms.get(ObjectiveLayout.AUXILIARY);
    }
    return 1 - losses / terms.total();
  }

  private void addSteps(List<Finding> findings) {
    StageResult stage = tooShort();
    // More steps teach nothing of rows that are all equal.
    if (stage != null && statistics.targets().totalVariance() > 0) {
      findings.add(
          finding(
              Kind.STEPS,
              "adam made only %d steps%s: %s",
              stage.steps(),
              of(stage),
              moreSteps(stage)));
    }
  }

  private void addSchedule(List<Finding> findings) {
    for (StageResult stage : stages) {
      if (stage.stopReason() != StopReason.MAX_ITER && missedDecay(stage) > 0) {
        findings.add(
            finding(
                Kind.SCHEDULE,
                "training%s ended after %d of %d %s (%s), so %d of decaySteps = %d were not made:"
                    + " set a lower %s%s",
                of(stage),
                stage.length().limitFor(stage.steps()),
                stage.length().limit(),
                stage.length().inSteps() ? "steps" : "epochs",
                stage.stopReason() == StopReason.CONVERGED ? "tol" : "validation rows",
                missedDecay(stage),
                model.getDecaySteps(),
                stage.length().param(),
                stage.stopReason() == StopReason.CONVERGED ? " or tol" : ""));
        return;
      }
    }
  }

  /** Steps of the falling learning rate that a training did not make. */
  private long missedDecay(StageResult stage) {
    return isFullBatch() ? 0 : Math.min(model.getDecaySteps(), stage.stepsLeft());
  }

  /**
   * The first training that maxIter or maxSteps ended after few steps and that began with random
   * weights.
   */
  private StageResult tooShort() {
    if (isFullBatch() || !model.getInitialModel().isEmpty()) {
      return null;
    }
    for (StageResult stage : stages) {
      boolean goesOnFromAnother = stages.size() > 1 && stage.name().equals(Stage.JOINT.name());
      if (stage.stopReason() == StopReason.MAX_ITER
          && !goesOnFromAnother
          && stage.steps() < LEAST_STEPS) {
        return stage;
      }
    }
    return null;
  }

  /** Whether maxIter ended adam while the last tenth of its epochs still lowered the objective. */
  private boolean stillFalls() {
    StageResult last = stages.get(stages.size() - 1);
    List<IterationRecord> history = last.history();
    int epochs = history.size();
    return !isFullBatch()
        && last.stopReason() == StopReason.MAX_ITER
        && epochs >= LEAST_EPOCHS
        && objective(history, epochs - 1)
            < (1 - LEAST_GAIN) * objective(history, epochs - 1 - epochs / 10);
  }

  private static double objective(List<IterationRecord> history, int epoch) {
    return history.get(epoch).terms().total();
  }

  private boolean isFullBatch() {
    return model.getSolver().equals(Choices.LBFGS);
  }

  /** Empty for a fit of one stage. */
  private String of(StageResult stage) {
    return stages.size() == 1 ? "" : " of " + stage.name();
  }

  /** What most likely kept a fit from learning, and the remedy. */
  private String cause() {
    if (problemOfScale() != null) {
      return problemOfScale();
    }
    if (tooShort() != null) {
      return Text.format("adam made only %d steps; ", tooShort().steps()) + moreSteps(tooShort());
    }
    if (stillFalls()) {
      return Text.format(
          "adam still lowered the objective when %1$s = %2$d ended it; set a larger %1$s or"
              + " stepSize, or l-bfgs for few rows",
          length().param(), length().limit());
    }
    if (isPenalised()) {
      return lowerWeights();
    }
    return "train longer ("
        + length().param()
        + "), with more hiddenLayers units or another solver or stepSize";
  }

  private boolean isPenalised() {
    return spec.hiddenLayers().stream().anyMatch(FitDiagnosis::isPenalised);
  }

  private static boolean isPenalised(HiddenLayer layer) {
    return layer.sparsity().kind() != SparsityKind.NONE && layer.sparsity().weight() > 0;
  }

  private String causeOfDeath() {
    if (code.form().selects() && isPenalised(code)) {
      return lowerWeights();
    }
    if (!code.form().encoding().selects()) {
      return isPenalised()
          ? lowerWeights()
          : "the rows need fewer hiddenLayers units, or a lower stepSize";
    }
    List<String> remedies = new ArrayList<>();
    long visited = stages.get(stages.size() - 1).history().stream().mapToLong(e -> e.rows()).sum();
    if (model.getAuxK() > 0 && visited <= model.getDeadAfterRows()) {
      remedies.add(
          Text.format(
              "a deadAfterRows far below the %d rows of the training, so that auxK begins (it is"
                  + " %d)",
              visited, model.getDeadAfterRows()));
    }
    if (spec.regParam() > 0) {
      remedies.add("regParam = 0, as weight decay shrinks units that are kept in few rows");
    }
    if (!spec.tiedWeights() && spec.target() == null) {
      remedies.add("tiedWeights = true");
    }
    if (code.form().unitsKept().isPresent() && !isFullBatch()) {
      remedies.add("a larger kStart");
    }
    remedies.add("a smaller batchSize or larger " + length().param());
    remedies.add("fewer hiddenLayers units");
    return "they lose against the units that are kept; try " + String.join(", ", remedies);
  }

  private String moreSteps(StageResult stage) {
    String longer =
        Text.format("a larger %s than %d", stage.length().param(), stage.length().limit());
    long batch = Math.max(BatchSize.LEAST, model.getBatchSize() / 4);
    if (stage.length().inSteps() || batch >= model.getBatchSize()) {
      return "set " + longer;
    }
    return Text.format(
        "set a smaller batchSize, such as %d in place of %d, or %s",
        batch, model.getBatchSize(), longer);
  }

  private TrainingLength length() {
    return stages.get(0).length();
  }

  private String lowerWeights() {
    String layers =
        spec.depth() == 1
            ? Text.format(
                "lower sparsityWeights, such as %s in place of %s",
                code.sparsity().weight() / 10, code.sparsity().weight())
            : "lower sparsityWeights, the more the deeper the layer, such as 0.1, 0.001";
    return "the penalties outweigh the reconstruction; " + layers + ", or regParam";
  }

  private static Finding finding(Kind kind, String format, Object... values) {
    return new Finding(kind, Text.format(format, values));
  }
}
