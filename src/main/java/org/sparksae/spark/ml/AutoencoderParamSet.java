package org.sparksae.spark.ml;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamPair;
import org.apache.spark.ml.param.StringArrayParam;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.TopK;
import org.sparksae.core.train.CorruptionKind;
import org.sparksae.spark.exchange.WorkerPlan;

/** The Param objects of one estimator or model, with their rules and defaults: what all have. */
public class AutoencoderParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  static final String LBFGS = "l-bfgs";
  static final String ADAM = "adam";
  static final String JOINT = "joint";
  static final String GREEDY = "greedy";
  static final String GREEDY_THEN_JOINT = "greedyThenJoint";
  static final String ERROR = "error";
  static final String SKIP = "skip";

  private static final int STEPS_OF_PASS = 50;
  static final int MIN_BATCH = 16;
  private static final int MAX_BATCH = 1024;

  final Param<String> inputCol;
  final Param<String> outputCol;
  final Param<String> reconstructionCol;
  final Param<String> reconstructionErrorCol;
  final Param<String> activation;
  final Param<String> outputActivation;
  final StringArrayParam sparsity;
  final DoubleArrayParam sparsityWeights;
  final DoubleArrayParam sparsityTargets;
  final Param<String> sparsityScope;
  final BooleanParam tiedWeights;
  final DoubleParam regParam;
  final Param<String> solver;
  final IntParam maxIter;
  final IntParam batchSize;
  final DoubleParam stepSize;
  final DoubleParam tol;
  final LongParam seed;
  final Param<String> weightCol;
  final Param<String> validationIndicatorCol;
  final Param<String> aggregation;
  final IntParam numWorkers;
  final IntParam aggregationDepth;
  final Param<String> checkpointDir;
  final IntParam checkpointInterval;
  final Param<String> handleInvalid;
  final DoubleParam activationThreshold;
  final IntParam k;
  final IntParam kStart;
  final IntParam encodeK;
  final Param<String> topKBy;
  final DoubleParam lifetimeSparsity;
  final Param<String> layerTraining;
  final Param<String> initialModel;
  final IntParam outputLayer;
  final Param<String> corruption;
  final DoubleParam corruptionLevel;
  final DoubleParam contamination;
  final DoubleParam outlierThreshold;
  final Param<String> outlierCol;

  AutoencoderParamSet(AutoencoderParams parent) {
    List<String> activations = names(Activation.values(), Activation::paramName);
    List<String> kinds = names(SparsityKind.values(), SparsityKind::paramName);
    List<String> orders = names(TopK.By.values(), TopK.By::paramName);
    List<String> aggregations = List.of(WorkerPlan.AUTO, WorkerPlan.ALL_REDUCE, WorkerPlan.TREE);
    List<String> layerTrainings = List.of(JOINT, GREEDY, GREEDY_THEN_JOINT);
    List<String> scopes = names(SparsityScope.values(), SparsityScope::paramName);

    inputCol =
        new Param<>(
            parent,
            "inputCol",
            "column of rows: Vector or array of numbers",
            Rules.text("inputCol"));
    outputCol =
        new Param<>(
            parent,
            "outputCol",
            "column that gets the code, a SparseVector; empty: none",
            Rules.text("outputCol"));
    reconstructionCol =
        new Param<>(
            parent,
            "reconstructionCol",
            "column that gets the reconstruction, a Vector; empty: none",
            Rules.text("reconstructionCol"));
    reconstructionErrorCol =
        new Param<>(
            parent,
            "reconstructionErrorCol",
            "column that gets the mean squared error of the row's reconstruction; empty: none",
            Rules.text("reconstructionErrorCol"));
    activation =
        new Param<>(
            parent,
            "activation",
            "activation of the hidden layers: " + String.join(", ", activations),
            Rules.oneOf("activation", activations));
    outputActivation =
        new Param<>(
            parent,
            "outputActivation",
            "activation of the reconstruction: " + String.join(", ", activations),
            Rules.oneOf("outputActivation", activations));
    sparsity =
        new StringArrayParam(
            parent,
            "sparsity",
            "penalty of each hidden layer, or one for all: " + String.join(", ", kinds),
            Rules.eachOneOf("sparsity", kinds));
    sparsityWeights =
        new DoubleArrayParam(
            parent,
            "sparsityWeights",
            "weight of each hidden layer's penalty, or one for all (>= 0)",
            Rules.numbers("sparsityWeights"));
    sparsityTargets =
        new DoubleArrayParam(
            parent,
            "sparsityTargets",
            "target mean activation of each hidden layer, or one for all; in the activation's"
                + " range",
            Rules.numbers("sparsityTargets"));
    sparsityScope =
        new Param<>(
            parent,
            "sparsityScope",
            "mean that a target is compared with: of a unit over the rows (unit), or of a row over"
                + " its units (example)",
            Rules.oneOf("sparsityScope", scopes));
    tiedWeights =
        new FlagParam(
            parent, "tiedWeights", "whether the decoder uses the encoder's weights, transposed");
    regParam =
        new DoubleParam(
            parent,
            "regParam",
            "weight decay lambda (>= 0); not set: 0 with k or lifetimeSparsity, and else 1e-4",
            Rules.atLeastZero("regParam"));
    solver =
        new Param<>(
            parent,
            "solver",
            "l-bfgs (full batch) or adam (mini-batches)",
            Rules.oneOf("solver", List.of(LBFGS, ADAM)));
    maxIter =
        new IntParam(
            parent,
            "maxIter",
            "passes over the data at most: epochs of adam, iterations of l-bfgs (>= 0)",
            Rules.intAtLeast("maxIter", 0));
    batchSize =
        new IntParam(
            parent,
            "batchSize",
            "rows of a mini-batch over all workers, for adam (>= 1); not set: min(1024, max(16,"
                + " training rows / 50))",
            Rules.intAtLeast("batchSize", 1));
    stepSize =
        new DoubleParam(
            parent, "stepSize", "learning rate, for adam (> 0)", Rules.positive("stepSize"));
    tol =
        new DoubleParam(
            parent,
            "tol",
            "stop when a pass changes the objective by at most this share of it (>= 0)",
            Rules.atLeastZero("tol"));
    seed =
        new LongParam(
            parent,
            "seed",
            "seed of the initial weights, of the rows' order and of the corruption",
            Rules.whole("seed"));
    weightCol =
        new Param<>(
            parent,
            "weightCol",
            "column of row weights (>= 0); empty: all 1",
            Rules.text("weightCol"));
    validationIndicatorCol =
        new Param<>(
            parent,
            "validationIndicatorCol",
            "boolean column: rows with true are for early stopping, not for training; empty: none",
            Rules.text("validationIndicatorCol"));
    aggregation =
        new Param<>(
            parent,
            "aggregation",
            "how adam's workers add up their gradients: " + String.join(", ", aggregations),
            Rules.oneOf("aggregation", aggregations));
    numWorkers =
        new IntParam(
            parent,
            "numWorkers",
            "workers of an allReduce, each one task (>= 1); not set: one on each free slot",
            Rules.intAtLeast("numWorkers", 1));
    aggregationDepth =
        new IntParam(
            parent,
            "aggregationDepth",
            "levels of the tree that adds up the partitions' sums (>= 1)",
            Rules.intAtLeast("aggregationDepth", 1));
    checkpointDir =
        new Param<>(
            parent,
            "checkpointDir",
            "directory for checkpoints of this training alone, from which fit goes on; empty:"
                + " none",
            Rules.text("checkpointDir"));
    checkpointInterval =
        new IntParam(
            parent,
            "checkpointInterval",
            "passes between checkpoints (>= 1)",
            Rules.intAtLeast("checkpointInterval", 1));
    handleInvalid =
        new Param<>(
            parent,
            "handleInvalid",
            "what to do with a row that is null, of another size, or not finite: error or skip",
            Rules.oneOf("handleInvalid", List.of(ERROR, SKIP)));
    activationThreshold =
        new DoubleParam(
            parent,
            "activationThreshold",
            "codes of smaller magnitude are zeros of the SparseVector (>= 0)",
            Rules.atLeastZero("activationThreshold"));
    k =
        new IntParam(
            parent,
            "k",
            "units of a code that are kept, the others being 0 (>= 1); not set: all",
            Rules.intAtLeast("k", 1));
    kStart =
        new IntParam(
            parent,
            "kStart",
            "units kept in the first pass, from where it falls to k in the first half of the passes"
                + " (>= k); not set: k, for adam",
            Rules.intAtLeast("kStart", 1));
    encodeK =
        new IntParam(
            parent,
            "encodeK",
            "units of a code that transform keeps (>= 1); not set: k",
            Rules.intAtLeast("encodeK", 1));
    topKBy =
        new Param<>(
            parent,
            "topKBy",
            "what makes a unit one of the k largest: its " + String.join(" or ", orders),
            Rules.oneOf("topKBy", orders));
    lifetimeSparsity =
        new DoubleParam(
            parent,
            "lifetimeSparsity",
            "part of a batch for which a unit of the code stays active in training, in (0, 1); not"
                + " set: all",
            Rules.share("lifetimeSparsity"));
    layerTraining =
        new Param<>(
            parent,
            "layerTraining",
            "how the hidden layers are trained: " + String.join(", ", layerTrainings),
            Rules.oneOf("layerTraining", layerTrainings));
    initialModel =
        new Param<>(
            parent,
            "initialModel",
            "directory of a saved model that a joint training begins with; empty: none",
            Rules.text("initialModel"));
    outputLayer =
        new IntParam(
            parent,
            "outputLayer",
            "hidden layer whose code outputCol gets, from the input inwards (>= 1); not set: the"
                + " last",
            Rules.intAtLeast("outputLayer", 1));
    List<String> corruptions = names(CorruptionKind.values(), CorruptionKind::paramName);
    corruption =
        new Param<>(
            parent,
            "corruption",
            "what is done to the encoder's input in training: " + String.join(", ", corruptions),
            Rules.oneOf("corruption", corruptions));
    corruptionLevel =
        new DoubleParam(
            parent,
            "corruptionLevel",
            "share of values that masking and saltAndPepper replace, in [0, 1), or standard"
                + " deviation of gaussian (>= 0)",
            Rules.atLeastZero("corruptionLevel"));
    contamination =
        new DoubleParam(
            parent,
            "contamination",
            "share of the training rows that may be above outlierThreshold, in [0, 0.5); 0: no"
                + " threshold",
            Rules.below("contamination", 0.5));
    outlierThreshold =
        new DoubleParam(
            parent,
            "outlierThreshold",
            "reconstruction error above which a row is an outlier (>= 0); not set: by"
                + " contamination",
            Rules.atLeastZero("outlierThreshold"));
    outlierCol =
        new Param<>(
            parent,
            "outlierCol",
            "column that gets 1.0 for an outlier and else 0.0; empty: none",
            Rules.text("outlierCol"));
  }

  /** Gives an estimator or model its defaults, once it can find these Params. */
  void setDefaults(AutoencoderParams owner) {
    for (ParamPair<?> pair : defaults(owner.uid())) {
      setDefault(owner, pair);
    }
  }

  private static <T> void setDefault(AutoencoderParams owner, ParamPair<T> pair) {
    owner.setDefault(pair.param(), pair.value());
  }

  /** The one place of every default. */
  List<ParamPair<?>> defaults(String uid) {
    return List.of(
        new ParamPair<>(outputCol, uid + "__output"),
        new ParamPair<>(reconstructionCol, ""),
        new ParamPair<>(reconstructionErrorCol, ""),
        new ParamPair<>(activation, Activation.SIGMOID.paramName()),
        new ParamPair<>(outputActivation, Activation.LINEAR.paramName()),
        new ParamPair<>(sparsity, new String[] {SparsityKind.KL.paramName()}),
        sparsityWeights.w(new double[] {3.0}),
        sparsityTargets.w(new double[] {0.05}),
        new ParamPair<>(sparsityScope, SparsityScope.UNIT.paramName()),
        tiedWeights.w(false),
        regParam.w(1e-4),
        new ParamPair<>(solver, LBFGS),
        maxIter.w(100),
        stepSize.w(1e-3),
        tol.w(1e-6),
        seed.w(42L),
        new ParamPair<>(weightCol, ""),
        new ParamPair<>(validationIndicatorCol, ""),
        new ParamPair<>(aggregation, WorkerPlan.AUTO),
        aggregationDepth.w(2),
        new ParamPair<>(checkpointDir, ""),
        checkpointInterval.w(10),
        new ParamPair<>(handleInvalid, ERROR),
        activationThreshold.w(0.0),
        new ParamPair<>(topKBy, TopK.By.MAGNITUDE.paramName()),
        new ParamPair<>(layerTraining, JOINT),
        new ParamPair<>(initialModel, ""),
        new ParamPair<>(corruption, CorruptionKind.NONE.paramName()),
        corruptionLevel.w(0.25),
        contamination.w(0.0),
        new ParamPair<>(outlierCol, ""));
  }

  /**
   * Rows of a mini-batch: {@code batchSize}, or as many as make 50 steps of a pass, from 16 to
   * 1024.
   *
   * @param rows number of training rows
   */
  static int batchSize(AutoencoderParams params, long rows) {
    return params.isDefined(params.batchSize())
        ? params.getBatchSize()
        : (int) Math.min(MAX_BATCH, Math.max(MIN_BATCH, rows / STEPS_OF_PASS));
  }

  private static <T> List<String> names(T[] values, Function<T, String> nameOf) {
    return Arrays.stream(values).map(nameOf).toList();
  }
}
