"""The stages of Sparse Autoencoders for Apache Spark.

Made from the stages in Java by PythonModuleTest, which says how. The module has the name of
the Java package, because PySpark makes one name of the other when it loads a stage.
"""

from typing import Any, List, Optional, TypeVar

from pyspark import keyword_only
from pyspark.ml.param import Param, Params

from org.sparksae.spark.ml._convert import (
    Flag,
    Number,
    Numbers,
    Texts,
    Whole,
    Wholes,
    toBoolean,
    toFloat,
    toInt,
    toListFloat,
    toListInt,
    toListString,
    toString,
)
from org.sparksae.spark.ml._formats import ModelFormats
from org.sparksae.spark.ml._model import AutoencoderModel, SparseAutoencoderTrainingSummary
from org.sparksae.spark.ml._stage import Estimator, Evaluator, Model, Transformer

__all__ = [
    "ArrayVectorizer",
    "ConvolutionalSparseAutoencoder",
    "ConvolutionalSparseAutoencoderModel",
    "ImageVectorizer",
    "ModelFormats",
    "PatchScaling",
    "PatchScalingModel",
    "ReconstructionEvaluator",
    "SparseAutoencoder",
    "SparseAutoencoderModel",
    "SparseAutoencoderTrainingSummary",
    "ZcaWhitening",
    "ZcaWhiteningModel",
]

S = TypeVar("S", bound=Params)


class _AutoencoderParams(Params):
    """Params of autoencoders and their models."""

    activation: Param[str] = Param(
        Params._dummy(),
        "activation",
        "activation of the hidden layers; not set: that of the kind of code (linear with k, relu "
        "with others that select units), or sigmoid without one (one of sigmoid, tanh, relu, "
        "linear)",
        typeConverter=toString,
    )
    activationThreshold: Param[float] = Param(
        Params._dummy(),
        "activationThreshold",
        "codes of smaller magnitude become zeros of the SparseVector (a sigmoid is never exactly "
        "0) (0 or more and finite)",
        typeConverter=toFloat,
    )
    adamBeta1: Param[float] = Param(
        Params._dummy(),
        "adamBeta1",
        "how much of the mean gradient a step of adam keeps (in [0, 1))",
        typeConverter=toFloat,
    )
    adamBeta2: Param[float] = Param(
        Params._dummy(),
        "adamBeta2",
        "how much of the mean squared gradient a step of adam keeps (in [0, 1))",
        typeConverter=toFloat,
    )
    adamEpsilon: Param[float] = Param(
        Params._dummy(),
        "adamEpsilon",
        "what adam adds to the root of the mean squared gradient before it divides by it (above 0 "
        "and finite in float32 (from 1.2e-38 to 3.4e38))",
        typeConverter=toFloat,
    )
    aggregation: Param[str] = Param(
        Params._dummy(),
        "aggregation",
        "how adam's workers add up their gradients: with each other (allReduce), through the "
        "driver, one job for each step (tree), or allReduce where it can run (auto); l-bfgs "
        "always uses a tree (one of auto, allReduce, tree)",
        typeConverter=toString,
    )
    aggregationDepth: Param[int] = Param(
        Params._dummy(),
        "aggregationDepth",
        "levels of the tree that adds up the partitions' sums (1 or more)",
        typeConverter=toInt,
    )
    auxK: Param[int] = Param(
        Params._dummy(),
        "auxK",
        "dead units of a row that learn to reconstruct what the others leave over; 0: none; for k "
        "and batchTopK (0 or more)",
        typeConverter=toInt,
    )
    auxKWeight: Param[float] = Param(
        Params._dummy(),
        "auxKWeight",
        "weight of the auxiliary loss of auxK (above 0 and finite)",
        typeConverter=toFloat,
    )
    batchSize: Param[int] = Param(
        Params._dummy(),
        "batchSize",
        "rows of a mini-batch over all workers, for adam; not set: min(1024, max(16, training "
        "rows / 50)), so that an epoch of few rows has 50 steps (1 or more)",
        typeConverter=toInt,
    )
    batchTopK: Param[float] = Param(
        Params._dummy(),
        "batchTopK",
        "mean number of units that a row keeps in training, where the activations of a whole "
        "batch compete; may be fractional; excludes k; not set: all are kept (above 0 and finite)",
        typeConverter=toFloat,
    )
    checkpointDir: Param[str] = Param(
        Params._dummy(),
        "checkpointDir",
        "directory for checkpoints of this training alone, on any file system that Hadoop knows; "
        "a repeated fit continues from the newest; empty: none",
        typeConverter=toString,
    )
    checkpointInterval: Param[int] = Param(
        Params._dummy(),
        "checkpointInterval",
        "iterations between checkpoints (1 or more)",
        typeConverter=toInt,
    )
    checkpointMinutes: Param[float] = Param(
        Params._dummy(),
        "checkpointMinutes",
        "minutes after the last checkpoint when another is written, even inside an epoch; not "
        "set: checkpointInterval alone decides (above 0 and finite)",
        typeConverter=toFloat,
    )
    contamination: Param[float] = Param(
        Params._dummy(),
        "contamination",
        "share of the training rows that may be above outlierThreshold, which fit sets "
        "accordingly; 0: fit sets no threshold (in [0, 0.5))",
        typeConverter=toFloat,
    )
    corruption: Param[str] = Param(
        Params._dummy(),
        "corruption",
        "how the encoder's input is corrupted in training, while the reconstruction is compared "
        "with the clean row: masking makes values 0, gaussian adds normal noise, saltAndPepper "
        "makes values 0 or 1 (one of none, masking, gaussian, saltAndPepper)",
        typeConverter=toString,
    )
    corruptionLevel: Param[float] = Param(
        Params._dummy(),
        "corruptionLevel",
        "share of the values that masking and saltAndPepper replace, below 1, or standard "
        "deviation of the gaussian noise (0 or more and finite)",
        typeConverter=toFloat,
    )
    deadAfterRows: Param[int] = Param(
        Params._dummy(),
        "deadAfterRows",
        "training rows, over all epochs, in which a unit is silent before it is dead: for auxK (1 "
        "or more)",
        typeConverter=toInt,
    )
    decaySteps: Param[int] = Param(
        Params._dummy(),
        "decaySteps",
        "steps, the last of maxSteps or of the maxIter epochs, in which the learning rate falls "
        "in a line to 0; with warmupSteps, at most all steps; for adam (0 or more)",
        typeConverter=toInt,
    )
    decoderNorm: Param[str] = Param(
        Params._dummy(),
        "decoderNorm",
        "length of the decoder vector of each hidden unit: any (free), or 1 throughout training "
        "(unit), for adam; not set: unit with batchTopK, jumpReluThreshold or gated, otherwise "
        "free (one of free, unit)",
        typeConverter=toString,
    )
    encodeK: Param[int] = Param(
        Params._dummy(),
        "encodeK",
        "units of a code that transform keeps; not set: k (1 or more)",
        typeConverter=toInt,
    )
    gated: Param[bool] = Param(
        Params._dummy(),
        "gated",
        "whether gates decide which units of the code are active, and magnitudes how much "
        "(Gated); with sparsity l1; excludes k",
        typeConverter=toBoolean,
    )
    gradientClip: Param[float] = Param(
        Params._dummy(),
        "gradientClip",
        "largest Euclidean norm of a batch's gradient over all parameters; a longer one is "
        "shortened to it; for adam; not set: none is (above 0 and finite in float32 (from 1.2e-38 "
        "to 3.4e38))",
        typeConverter=toFloat,
    )
    handleInvalid: Param[str] = Param(
        Params._dummy(),
        "handleInvalid",
        "what to do with a row that is null, of another size or not finite: error ends the job, "
        "skip leaves the row out (one of error, skip)",
        typeConverter=toString,
    )
    initDecoderNorm: Param[float] = Param(
        Params._dummy(),
        "initDecoderNorm",
        "length of the decoder vectors at the start, with initMode = tied (above 0 and finite in "
        "float32 (from 1.2e-38 to 3.4e38))",
        typeConverter=toFloat,
    )
    initMode: Param[str] = Param(
        Params._dummy(),
        "initMode",
        "where weights start: all drawn by the sizes of their layer (glorot), or decoder vectors "
        "in random directions and the encoder as the decoder's transpose (tied); not set: tied "
        "with batchTopK, jumpReluThreshold or gated without targetCol, otherwise glorot (one of "
        "glorot, tied)",
        typeConverter=toString,
    )
    initialModel: Param[str] = Param(
        Params._dummy(),
        "initialModel",
        "directory of a saved model whose parameters a joint training begins with; empty: those "
        "of the seed",
        typeConverter=toString,
    )
    inputCol: Param[str] = Param(
        Params._dummy(),
        "inputCol",
        "column of rows: Vector (dense or sparse), or array of float, double, tinyint, smallint, "
        "int, bigint or decimal",
        typeConverter=toString,
    )
    inputNorm: Param[str] = Param(
        Params._dummy(),
        "inputNorm",
        "size of the rows that training sees, which the model then takes as they are: that of the "
        "column (none), or a mean distance from their mean of the square root of their size "
        "(sqrtSize); for activations relu or linear; not set: sqrtSize with batchTopK, "
        "jumpReluThreshold or gated, otherwise none (one of none, sqrtSize)",
        typeConverter=toString,
    )
    jumpReluBandwidth: Param[float] = Param(
        Params._dummy(),
        "jumpReluBandwidth",
        "width of the interval around a threshold of jumpReluThreshold in which pre-activations "
        "give it a gradient (above 0 and finite in float32 (from 1.2e-38 to 3.4e38))",
        typeConverter=toFloat,
    )
    jumpReluThreshold: Param[float] = Param(
        Params._dummy(),
        "jumpReluThreshold",
        "where the thresholds of the code's units start, which are trained with the weights "
        "(JumpReLU); with sparsity l0, targetL0 or tanh; excludes k; not set: none (above 0 and "
        "finite in float32 (from 1.2e-38 to 3.4e38))",
        typeConverter=toFloat,
    )
    k: Param[int] = Param(
        Params._dummy(),
        "k",
        "units of a code that are kept, the largest; the others become 0: a k-sparse (TopK) "
        "autoencoder; not set: all are kept (1 or more)",
        typeConverter=toInt,
    )
    kStart: Param[int] = Param(
        Params._dummy(),
        "kStart",
        "units kept in the first epoch, k or more; the number falls in a line to k over the first "
        "half of maxIter or maxSteps; for adam; not set: k (1 or more)",
        typeConverter=toInt,
    )
    layerTraining: Param[str] = Param(
        Params._dummy(),
        "layerTraining",
        "how the hidden layers are trained: all together (joint), one after the other, each on "
        "the code of the one before (greedy), or greedy and then all together (greedyThenJoint) "
        "(one of joint, greedy, greedyThenJoint)",
        typeConverter=toString,
    )
    lifetimeSparsity: Param[float] = Param(
        Params._dummy(),
        "lifetimeSparsity",
        "part of a batch for which each unit of the code stays active in training; excludes k; "
        "not set: units stay active for all rows (in (0, 1))",
        typeConverter=toFloat,
    )
    matryoshkaWidths: Param[List[int]] = Param(
        Params._dummy(),
        "matryoshkaWidths",
        "rising numbers of units whose prefix of the code reconstructs the row, too; the last is "
        "the size of the code; the losses are added up; for k and batchTopK; not set: none (a "
        "list of at least one size, each 1 or more)",
        typeConverter=toListInt,
    )
    maxIter: Param[int] = Param(
        Params._dummy(),
        "maxIter",
        "maximum number of iterations; an iteration of adam is an epoch: one visit of every row "
        "(0 or more)",
        typeConverter=toInt,
    )
    maxSteps: Param[int] = Param(
        Params._dummy(),
        "maxSteps",
        "number of steps of adam, in place of maxIter, which then has no meaning; less than an "
        "epoch, or several; not set: the steps of maxIter epochs (1 or more)",
        typeConverter=toInt,
    )
    multiTopK: Param[bool] = Param(
        Params._dummy(),
        "multiTopK",
        "whether the 4 k largest units reconstruct the row, too, with an eighth of the loss; for "
        "k",
        typeConverter=toBoolean,
    )
    numWorkers: Param[int] = Param(
        Params._dummy(),
        "numWorkers",
        "workers of an allReduce, each one task on spark.task.cpus cores; not set: as many as can "
        "run at once (1 or more)",
        typeConverter=toInt,
    )
    outlierCol: Param[str] = Param(
        Params._dummy(),
        "outlierCol",
        "column that gets 1.0 for a row whose reconstruction error is above outlierThreshold, "
        "otherwise 0.0; empty: none",
        typeConverter=toString,
    )
    outlierThreshold: Param[float] = Param(
        Params._dummy(),
        "outlierThreshold",
        "reconstruction error above which a row is an outlier; not set: fit takes it from "
        "contamination (0 or more and finite)",
        typeConverter=toFloat,
    )
    outputActivation: Param[str] = Param(
        Params._dummy(),
        "outputActivation",
        "activation of the reconstruction; its range should hold the data (one of sigmoid, tanh, "
        "relu, linear)",
        typeConverter=toString,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "column that gets the code, a SparseVector; empty: none",
        typeConverter=toString,
    )
    outputLayer: Param[int] = Param(
        Params._dummy(),
        "outputLayer",
        "hidden layer whose code outputCol gets, from 1 at the input inwards; the reconstruction "
        "always uses the whole model; not set: the last layer (1 or more)",
        typeConverter=toInt,
    )
    preActivationWeight: Param[float] = Param(
        Params._dummy(),
        "preActivationWeight",
        "weight of a loss that draws units of jumpReluThreshold that are not active towards their "
        "threshold; not set: 1.5e-6 with sparsity tanh, otherwise 0 (0 or more and finite)",
        typeConverter=toFloat,
    )
    preBias: Param[str] = Param(
        Params._dummy(),
        "preBias",
        "whether the encoder subtracts the decoder's bias from its input, and where this bias "
        "starts (zeros, or the mean or geometricMedian of the training rows); for one fully "
        "connected layer and a linear reconstruction; with targetCol a vector of its own; not "
        "set: mean with batchTopK, jumpReluThreshold or gated, otherwise none (one of none, "
        "zeros, mean, geometricMedian)",
        typeConverter=toString,
    )
    precision: Param[str] = Param(
        Params._dummy(),
        "precision",
        "how matrix products of fully connected layers are computed: float32, or bfloat16, which "
        "rounds both sides to 8 bits and sums in float32: faster on processors that have it (one "
        "of float32, bfloat16)",
        typeConverter=toString,
    )
    reconstructionCol: Param[str] = Param(
        Params._dummy(),
        "reconstructionCol",
        "column that gets the reconstruction, a Vector; empty: none",
        typeConverter=toString,
    )
    reconstructionErrorCol: Param[str] = Param(
        Params._dummy(),
        "reconstructionErrorCol",
        "column that gets the mean squared error of the row's reconstruction; empty: none",
        typeConverter=toString,
    )
    regParam: Param[float] = Param(
        Params._dummy(),
        "regParam",
        "weight decay lambda of all layers; biases are not decayed; not set: 0 with a kind of "
        "code that selects units (such as k), otherwise 1e-4 (0 or more and finite)",
        typeConverter=toFloat,
    )
    resampleSteps: Param[int] = Param(
        Params._dummy(),
        "resampleSteps",
        "steps after which units that were active in none of them are replaced by rows that are "
        "reconstructed badly, again and again; for adam and one fully connected layer; excludes "
        "auxK; not set: none (1 or more)",
        typeConverter=toInt,
    )
    seed: Param[int] = Param(
        Params._dummy(),
        "seed",
        "seed of the initial weights, of the rows' order and of the corruption",
        typeConverter=toInt,
    )
    shuffleWindow: Param[int] = Param(
        Params._dummy(),
        "shuffleWindow",
        "rows among which a mini-batch is drawn, in chunks from anywhere in the data, so that "
        "rows are read from disk in long pieces; for adam; not set: all rows (1 or more)",
        typeConverter=toInt,
    )
    skipConnection: Param[bool] = Param(
        Params._dummy(),
        "skipConnection",
        "whether the input also enters the prediction directly, by a matrix of its own, without "
        "weight decay; needs targetCol",
        typeConverter=toBoolean,
    )
    solver: Param[str] = Param(
        Params._dummy(),
        "solver",
        "l-bfgs (full batch) or adam (mini-batches); not set: adam with batchTopK, "
        "jumpReluThreshold or gated, otherwise l-bfgs (one of l-bfgs, adam)",
        typeConverter=toString,
    )
    sparsity: Param[List[str]] = Param(
        Params._dummy(),
        "sparsity",
        "penalty of each hidden layer, or one for all; not set: l0 with jumpReluThreshold, l1 "
        "with gated, none with another kind of code that selects units (such as k), otherwise kl "
        "(a list of names among kl, targetL1, targetL2, l1, l2, decoderL1, l0, targetL0, tanh, "
        "none)",
        typeConverter=toListString,
    )
    sparsityScope: Param[str] = Param(
        Params._dummy(),
        "sparsityScope",
        "mean that a target is compared with: that of a unit over the rows (unit), or that of a "
        "row over its units (example) (one of unit, example)",
        typeConverter=toString,
    )
    sparsityTargets: Param[List[float]] = Param(
        Params._dummy(),
        "sparsityTargets",
        "target mean activation of each hidden layer, within the activation's range, or one for "
        "all; with targetL0 the mean number of active units of a row (a list of at least one "
        "finite number)",
        typeConverter=toListFloat,
    )
    sparsityWarmupSteps: Param[int] = Param(
        Params._dummy(),
        "sparsityWarmupSteps",
        "steps, the first of the training, in which the weight of the penalties rises in a line "
        "to sparsityWeights; for adam (0 or more)",
        typeConverter=toInt,
    )
    sparsityWeights: Param[List[float]] = Param(
        Params._dummy(),
        "sparsityWeights",
        "weight of each hidden layer's penalty, 0 or more, or one for all; not set: 1 with "
        "jumpReluThreshold (but half the size of what is reconstructed for targetL0), 2 with "
        "gated, otherwise 3 (a list of at least one finite number)",
        typeConverter=toListFloat,
    )
    stepSize: Param[float] = Param(
        Params._dummy(),
        "stepSize",
        "learning rate of adam (above 0 and finite in float32 (from 1.2e-38 to 3.4e38))",
        typeConverter=toFloat,
    )
    storagePrecision: Param[str] = Param(
        Params._dummy(),
        "storagePrecision",
        "how the values of training and validation rows are stored on disk: float32, or bfloat16, "
        "which rounds them to 8 bits and takes half the place (one of float32, bfloat16)",
        typeConverter=toString,
    )
    targetCol: Param[str] = Param(
        Params._dummy(),
        "targetCol",
        "column of the rows that the decoder predicts (transcoder), Vector or array of numbers; "
        "for one fully connected layer; empty: inputCol",
        typeConverter=toString,
    )
    tiedWeights: Param[bool] = Param(
        Params._dummy(),
        "tiedWeights",
        "whether the decoder uses the encoder's weights, transposed",
        typeConverter=toBoolean,
    )
    tol: Param[float] = Param(
        Params._dummy(),
        "tol",
        "training stops when an iteration changes the objective by at most this share of it (0 or "
        "more and finite)",
        typeConverter=toFloat,
    )
    topKBy: Param[str] = Param(
        Params._dummy(),
        "topKBy",
        "what makes a unit large: its magnitude or its value; of equal units the first is kept "
        "(one of value, magnitude)",
        typeConverter=toString,
    )
    validationIndicatorCol: Param[str] = Param(
        Params._dummy(),
        "validationIndicatorCol",
        "boolean column: rows with true are for early stopping, not for training; empty: none",
        typeConverter=toString,
    )
    warmupSteps: Param[int] = Param(
        Params._dummy(),
        "warmupSteps",
        "steps, the first of the training, in which the learning rate rises in a line to "
        "stepSize; for adam (0 or more)",
        typeConverter=toInt,
    )
    weightCol: Param[str] = Param(
        Params._dummy(),
        "weightCol",
        "column of row weights: 0, or within the range of normal floats, 1.2E-38 to 3.4E38; "
        "empty: all rows weigh 1",
        typeConverter=toString,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._setDefault(
            activation="sigmoid",
            activationThreshold=0.0,
            adamBeta1=0.9,
            adamBeta2=0.999,
            adamEpsilon=1.0E-8,
            aggregation="auto",
            aggregationDepth=2,
            auxK=0,
            auxKWeight=0.03125,
            checkpointDir="",
            checkpointInterval=10,
            contamination=0.0,
            corruption="none",
            corruptionLevel=0.25,
            deadAfterRows=10000000,
            decaySteps=0,
            decoderNorm="free",
            gated=False,
            handleInvalid="error",
            initDecoderNorm=1.0,
            initMode="glorot",
            initialModel="",
            inputNorm="none",
            jumpReluBandwidth=0.05,
            layerTraining="joint",
            maxIter=100,
            multiTopK=False,
            outlierCol="",
            outputActivation="linear",
            outputCol=self.uid + "__output",
            preActivationWeight=0.0,
            preBias="none",
            precision="float32",
            reconstructionCol="",
            reconstructionErrorCol="",
            regParam=1.0E-4,
            seed=42,
            skipConnection=False,
            solver="l-bfgs",
            sparsity=["kl"],
            sparsityScope="unit",
            sparsityTargets=[0.05],
            sparsityWarmupSteps=0,
            sparsityWeights=[3.0],
            stepSize=0.001,
            storagePrecision="float32",
            targetCol="",
            tiedWeights=False,
            tol=1.0E-6,
            topKBy="magnitude",
            validationIndicatorCol="",
            warmupSteps=0,
            weightCol="",
        )

    def getActivation(self) -> str:
        """The value of :attr:`activation`."""
        return self.getOrDefault(self.activation)

    def getActivationThreshold(self) -> float:
        """The value of :attr:`activationThreshold`."""
        return self.getOrDefault(self.activationThreshold)

    def getAdamBeta1(self) -> float:
        """The value of :attr:`adamBeta1`."""
        return self.getOrDefault(self.adamBeta1)

    def getAdamBeta2(self) -> float:
        """The value of :attr:`adamBeta2`."""
        return self.getOrDefault(self.adamBeta2)

    def getAdamEpsilon(self) -> float:
        """The value of :attr:`adamEpsilon`."""
        return self.getOrDefault(self.adamEpsilon)

    def getAggregation(self) -> str:
        """The value of :attr:`aggregation`."""
        return self.getOrDefault(self.aggregation)

    def getAggregationDepth(self) -> int:
        """The value of :attr:`aggregationDepth`."""
        return self.getOrDefault(self.aggregationDepth)

    def getAuxK(self) -> int:
        """The value of :attr:`auxK`."""
        return self.getOrDefault(self.auxK)

    def getAuxKWeight(self) -> float:
        """The value of :attr:`auxKWeight`."""
        return self.getOrDefault(self.auxKWeight)

    def getBatchSize(self) -> int:
        """The value of :attr:`batchSize`."""
        return self.getOrDefault(self.batchSize)

    def getBatchTopK(self) -> float:
        """The value of :attr:`batchTopK`."""
        return self.getOrDefault(self.batchTopK)

    def getCheckpointDir(self) -> str:
        """The value of :attr:`checkpointDir`."""
        return self.getOrDefault(self.checkpointDir)

    def getCheckpointInterval(self) -> int:
        """The value of :attr:`checkpointInterval`."""
        return self.getOrDefault(self.checkpointInterval)

    def getCheckpointMinutes(self) -> float:
        """The value of :attr:`checkpointMinutes`."""
        return self.getOrDefault(self.checkpointMinutes)

    def getContamination(self) -> float:
        """The value of :attr:`contamination`."""
        return self.getOrDefault(self.contamination)

    def getCorruption(self) -> str:
        """The value of :attr:`corruption`."""
        return self.getOrDefault(self.corruption)

    def getCorruptionLevel(self) -> float:
        """The value of :attr:`corruptionLevel`."""
        return self.getOrDefault(self.corruptionLevel)

    def getDeadAfterRows(self) -> int:
        """The value of :attr:`deadAfterRows`."""
        return self.getOrDefault(self.deadAfterRows)

    def getDecaySteps(self) -> int:
        """The value of :attr:`decaySteps`."""
        return self.getOrDefault(self.decaySteps)

    def getDecoderNorm(self) -> str:
        """The value of :attr:`decoderNorm`."""
        return self.getOrDefault(self.decoderNorm)

    def getEncodeK(self) -> int:
        """The value of :attr:`encodeK`."""
        return self.getOrDefault(self.encodeK)

    def getGated(self) -> bool:
        """The value of :attr:`gated`."""
        return self.getOrDefault(self.gated)

    def getGradientClip(self) -> float:
        """The value of :attr:`gradientClip`."""
        return self.getOrDefault(self.gradientClip)

    def getHandleInvalid(self) -> str:
        """The value of :attr:`handleInvalid`."""
        return self.getOrDefault(self.handleInvalid)

    def getInitDecoderNorm(self) -> float:
        """The value of :attr:`initDecoderNorm`."""
        return self.getOrDefault(self.initDecoderNorm)

    def getInitMode(self) -> str:
        """The value of :attr:`initMode`."""
        return self.getOrDefault(self.initMode)

    def getInitialModel(self) -> str:
        """The value of :attr:`initialModel`."""
        return self.getOrDefault(self.initialModel)

    def getInputCol(self) -> str:
        """The value of :attr:`inputCol`."""
        return self.getOrDefault(self.inputCol)

    def getInputNorm(self) -> str:
        """The value of :attr:`inputNorm`."""
        return self.getOrDefault(self.inputNorm)

    def getJumpReluBandwidth(self) -> float:
        """The value of :attr:`jumpReluBandwidth`."""
        return self.getOrDefault(self.jumpReluBandwidth)

    def getJumpReluThreshold(self) -> float:
        """The value of :attr:`jumpReluThreshold`."""
        return self.getOrDefault(self.jumpReluThreshold)

    def getK(self) -> int:
        """The value of :attr:`k`."""
        return self.getOrDefault(self.k)

    def getKStart(self) -> int:
        """The value of :attr:`kStart`."""
        return self.getOrDefault(self.kStart)

    def getLayerTraining(self) -> str:
        """The value of :attr:`layerTraining`."""
        return self.getOrDefault(self.layerTraining)

    def getLifetimeSparsity(self) -> float:
        """The value of :attr:`lifetimeSparsity`."""
        return self.getOrDefault(self.lifetimeSparsity)

    def getMatryoshkaWidths(self) -> List[int]:
        """The value of :attr:`matryoshkaWidths`."""
        return self.getOrDefault(self.matryoshkaWidths)

    def getMaxIter(self) -> int:
        """The value of :attr:`maxIter`."""
        return self.getOrDefault(self.maxIter)

    def getMaxSteps(self) -> int:
        """The value of :attr:`maxSteps`."""
        return self.getOrDefault(self.maxSteps)

    def getMultiTopK(self) -> bool:
        """The value of :attr:`multiTopK`."""
        return self.getOrDefault(self.multiTopK)

    def getNumWorkers(self) -> int:
        """The value of :attr:`numWorkers`."""
        return self.getOrDefault(self.numWorkers)

    def getOutlierCol(self) -> str:
        """The value of :attr:`outlierCol`."""
        return self.getOrDefault(self.outlierCol)

    def getOutlierThreshold(self) -> float:
        """The value of :attr:`outlierThreshold`."""
        return self.getOrDefault(self.outlierThreshold)

    def getOutputActivation(self) -> str:
        """The value of :attr:`outputActivation`."""
        return self.getOrDefault(self.outputActivation)

    def getOutputCol(self) -> str:
        """The value of :attr:`outputCol`."""
        return self.getOrDefault(self.outputCol)

    def getOutputLayer(self) -> int:
        """The value of :attr:`outputLayer`."""
        return self.getOrDefault(self.outputLayer)

    def getPreActivationWeight(self) -> float:
        """The value of :attr:`preActivationWeight`."""
        return self.getOrDefault(self.preActivationWeight)

    def getPreBias(self) -> str:
        """The value of :attr:`preBias`."""
        return self.getOrDefault(self.preBias)

    def getPrecision(self) -> str:
        """The value of :attr:`precision`."""
        return self.getOrDefault(self.precision)

    def getReconstructionCol(self) -> str:
        """The value of :attr:`reconstructionCol`."""
        return self.getOrDefault(self.reconstructionCol)

    def getReconstructionErrorCol(self) -> str:
        """The value of :attr:`reconstructionErrorCol`."""
        return self.getOrDefault(self.reconstructionErrorCol)

    def getRegParam(self) -> float:
        """The value of :attr:`regParam`."""
        return self.getOrDefault(self.regParam)

    def getResampleSteps(self) -> int:
        """The value of :attr:`resampleSteps`."""
        return self.getOrDefault(self.resampleSteps)

    def getSeed(self) -> int:
        """The value of :attr:`seed`."""
        return self.getOrDefault(self.seed)

    def getShuffleWindow(self) -> int:
        """The value of :attr:`shuffleWindow`."""
        return self.getOrDefault(self.shuffleWindow)

    def getSkipConnection(self) -> bool:
        """The value of :attr:`skipConnection`."""
        return self.getOrDefault(self.skipConnection)

    def getSolver(self) -> str:
        """The value of :attr:`solver`."""
        return self.getOrDefault(self.solver)

    def getSparsity(self) -> List[str]:
        """The value of :attr:`sparsity`."""
        return self.getOrDefault(self.sparsity)

    def getSparsityScope(self) -> str:
        """The value of :attr:`sparsityScope`."""
        return self.getOrDefault(self.sparsityScope)

    def getSparsityTargets(self) -> List[float]:
        """The value of :attr:`sparsityTargets`."""
        return self.getOrDefault(self.sparsityTargets)

    def getSparsityWarmupSteps(self) -> int:
        """The value of :attr:`sparsityWarmupSteps`."""
        return self.getOrDefault(self.sparsityWarmupSteps)

    def getSparsityWeights(self) -> List[float]:
        """The value of :attr:`sparsityWeights`."""
        return self.getOrDefault(self.sparsityWeights)

    def getStepSize(self) -> float:
        """The value of :attr:`stepSize`."""
        return self.getOrDefault(self.stepSize)

    def getStoragePrecision(self) -> str:
        """The value of :attr:`storagePrecision`."""
        return self.getOrDefault(self.storagePrecision)

    def getTargetCol(self) -> str:
        """The value of :attr:`targetCol`."""
        return self.getOrDefault(self.targetCol)

    def getTiedWeights(self) -> bool:
        """The value of :attr:`tiedWeights`."""
        return self.getOrDefault(self.tiedWeights)

    def getTol(self) -> float:
        """The value of :attr:`tol`."""
        return self.getOrDefault(self.tol)

    def getTopKBy(self) -> str:
        """The value of :attr:`topKBy`."""
        return self.getOrDefault(self.topKBy)

    def getValidationIndicatorCol(self) -> str:
        """The value of :attr:`validationIndicatorCol`."""
        return self.getOrDefault(self.validationIndicatorCol)

    def getWarmupSteps(self) -> int:
        """The value of :attr:`warmupSteps`."""
        return self.getOrDefault(self.warmupSteps)

    def getWeightCol(self) -> str:
        """The value of :attr:`weightCol`."""
        return self.getOrDefault(self.weightCol)


class _AutoencoderSetters(_AutoencoderParams):
    """Setters of models, too."""

    def setActivationThreshold(self: S, value: Number) -> S:
        """Sets :attr:`activationThreshold`."""
        return self._set(activationThreshold=value)

    def setEncodeK(self: S, value: Whole) -> S:
        """Sets :attr:`encodeK`."""
        return self._set(encodeK=value)

    def setHandleInvalid(self: S, value: str) -> S:
        """Sets :attr:`handleInvalid`."""
        return self._set(handleInvalid=value)

    def setInputCol(self: S, value: str) -> S:
        """Sets :attr:`inputCol`."""
        return self._set(inputCol=value)

    def setOutlierCol(self: S, value: str) -> S:
        """Sets :attr:`outlierCol`."""
        return self._set(outlierCol=value)

    def setOutlierThreshold(self: S, value: Number) -> S:
        """Sets :attr:`outlierThreshold`."""
        return self._set(outlierThreshold=value)

    def setOutputCol(self: S, value: str) -> S:
        """Sets :attr:`outputCol`."""
        return self._set(outputCol=value)

    def setOutputLayer(self: S, value: Whole) -> S:
        """Sets :attr:`outputLayer`."""
        return self._set(outputLayer=value)

    def setPrecision(self: S, value: str) -> S:
        """Sets :attr:`precision`."""
        return self._set(precision=value)

    def setReconstructionCol(self: S, value: str) -> S:
        """Sets :attr:`reconstructionCol`."""
        return self._set(reconstructionCol=value)

    def setReconstructionErrorCol(self: S, value: str) -> S:
        """Sets :attr:`reconstructionErrorCol`."""
        return self._set(reconstructionErrorCol=value)

    def setTargetCol(self: S, value: str) -> S:
        """Sets :attr:`targetCol`."""
        return self._set(targetCol=value)


class _AutoencoderTrainingSetters(_AutoencoderSetters):
    """Setters of estimators."""

    def setActivation(self: S, value: str) -> S:
        """Sets :attr:`activation`."""
        return self._set(activation=value)

    def setAdamBeta1(self: S, value: Number) -> S:
        """Sets :attr:`adamBeta1`."""
        return self._set(adamBeta1=value)

    def setAdamBeta2(self: S, value: Number) -> S:
        """Sets :attr:`adamBeta2`."""
        return self._set(adamBeta2=value)

    def setAdamEpsilon(self: S, value: Number) -> S:
        """Sets :attr:`adamEpsilon`."""
        return self._set(adamEpsilon=value)

    def setAggregation(self: S, value: str) -> S:
        """Sets :attr:`aggregation`."""
        return self._set(aggregation=value)

    def setAggregationDepth(self: S, value: Whole) -> S:
        """Sets :attr:`aggregationDepth`."""
        return self._set(aggregationDepth=value)

    def setAuxK(self: S, value: Whole) -> S:
        """Sets :attr:`auxK`."""
        return self._set(auxK=value)

    def setAuxKWeight(self: S, value: Number) -> S:
        """Sets :attr:`auxKWeight`."""
        return self._set(auxKWeight=value)

    def setBatchSize(self: S, value: Whole) -> S:
        """Sets :attr:`batchSize`."""
        return self._set(batchSize=value)

    def setBatchTopK(self: S, value: Number) -> S:
        """Sets :attr:`batchTopK`."""
        return self._set(batchTopK=value)

    def setCheckpointDir(self: S, value: str) -> S:
        """Sets :attr:`checkpointDir`."""
        return self._set(checkpointDir=value)

    def setCheckpointInterval(self: S, value: Whole) -> S:
        """Sets :attr:`checkpointInterval`."""
        return self._set(checkpointInterval=value)

    def setCheckpointMinutes(self: S, value: Number) -> S:
        """Sets :attr:`checkpointMinutes`."""
        return self._set(checkpointMinutes=value)

    def setContamination(self: S, value: Number) -> S:
        """Sets :attr:`contamination`."""
        return self._set(contamination=value)

    def setCorruption(self: S, value: str) -> S:
        """Sets :attr:`corruption`."""
        return self._set(corruption=value)

    def setCorruptionLevel(self: S, value: Number) -> S:
        """Sets :attr:`corruptionLevel`."""
        return self._set(corruptionLevel=value)

    def setDeadAfterRows(self: S, value: Whole) -> S:
        """Sets :attr:`deadAfterRows`."""
        return self._set(deadAfterRows=value)

    def setDecaySteps(self: S, value: Whole) -> S:
        """Sets :attr:`decaySteps`."""
        return self._set(decaySteps=value)

    def setDecoderNorm(self: S, value: str) -> S:
        """Sets :attr:`decoderNorm`."""
        return self._set(decoderNorm=value)

    def setGated(self: S, value: Flag) -> S:
        """Sets :attr:`gated`."""
        return self._set(gated=value)

    def setGradientClip(self: S, value: Number) -> S:
        """Sets :attr:`gradientClip`."""
        return self._set(gradientClip=value)

    def setInitDecoderNorm(self: S, value: Number) -> S:
        """Sets :attr:`initDecoderNorm`."""
        return self._set(initDecoderNorm=value)

    def setInitMode(self: S, value: str) -> S:
        """Sets :attr:`initMode`."""
        return self._set(initMode=value)

    def setInitialModel(self: S, value: str) -> S:
        """Sets :attr:`initialModel`."""
        return self._set(initialModel=value)

    def setInputNorm(self: S, value: str) -> S:
        """Sets :attr:`inputNorm`."""
        return self._set(inputNorm=value)

    def setJumpReluBandwidth(self: S, value: Number) -> S:
        """Sets :attr:`jumpReluBandwidth`."""
        return self._set(jumpReluBandwidth=value)

    def setJumpReluThreshold(self: S, value: Number) -> S:
        """Sets :attr:`jumpReluThreshold`."""
        return self._set(jumpReluThreshold=value)

    def setK(self: S, value: Whole) -> S:
        """Sets :attr:`k`."""
        return self._set(k=value)

    def setKStart(self: S, value: Whole) -> S:
        """Sets :attr:`kStart`."""
        return self._set(kStart=value)

    def setLayerTraining(self: S, value: str) -> S:
        """Sets :attr:`layerTraining`."""
        return self._set(layerTraining=value)

    def setLifetimeSparsity(self: S, value: Number) -> S:
        """Sets :attr:`lifetimeSparsity`."""
        return self._set(lifetimeSparsity=value)

    def setMatryoshkaWidths(self: S, value: Wholes) -> S:
        """Sets :attr:`matryoshkaWidths`."""
        return self._set(matryoshkaWidths=value)

    def setMaxIter(self: S, value: Whole) -> S:
        """Sets :attr:`maxIter`."""
        return self._set(maxIter=value)

    def setMaxSteps(self: S, value: Whole) -> S:
        """Sets :attr:`maxSteps`."""
        return self._set(maxSteps=value)

    def setMultiTopK(self: S, value: Flag) -> S:
        """Sets :attr:`multiTopK`."""
        return self._set(multiTopK=value)

    def setNumWorkers(self: S, value: Whole) -> S:
        """Sets :attr:`numWorkers`."""
        return self._set(numWorkers=value)

    def setOutputActivation(self: S, value: str) -> S:
        """Sets :attr:`outputActivation`."""
        return self._set(outputActivation=value)

    def setPreActivationWeight(self: S, value: Number) -> S:
        """Sets :attr:`preActivationWeight`."""
        return self._set(preActivationWeight=value)

    def setPreBias(self: S, value: str) -> S:
        """Sets :attr:`preBias`."""
        return self._set(preBias=value)

    def setRegParam(self: S, value: Number) -> S:
        """Sets :attr:`regParam`."""
        return self._set(regParam=value)

    def setResampleSteps(self: S, value: Whole) -> S:
        """Sets :attr:`resampleSteps`."""
        return self._set(resampleSteps=value)

    def setSeed(self: S, value: Whole) -> S:
        """Sets :attr:`seed`."""
        return self._set(seed=value)

    def setShuffleWindow(self: S, value: Whole) -> S:
        """Sets :attr:`shuffleWindow`."""
        return self._set(shuffleWindow=value)

    def setSkipConnection(self: S, value: Flag) -> S:
        """Sets :attr:`skipConnection`."""
        return self._set(skipConnection=value)

    def setSolver(self: S, value: str) -> S:
        """Sets :attr:`solver`."""
        return self._set(solver=value)

    def setSparsity(self: S, value: Texts) -> S:
        """Sets :attr:`sparsity`."""
        return self._set(sparsity=value)

    def setSparsityScope(self: S, value: str) -> S:
        """Sets :attr:`sparsityScope`."""
        return self._set(sparsityScope=value)

    def setSparsityTargets(self: S, value: Numbers) -> S:
        """Sets :attr:`sparsityTargets`."""
        return self._set(sparsityTargets=value)

    def setSparsityWarmupSteps(self: S, value: Whole) -> S:
        """Sets :attr:`sparsityWarmupSteps`."""
        return self._set(sparsityWarmupSteps=value)

    def setSparsityWeights(self: S, value: Numbers) -> S:
        """Sets :attr:`sparsityWeights`."""
        return self._set(sparsityWeights=value)

    def setStepSize(self: S, value: Number) -> S:
        """Sets :attr:`stepSize`."""
        return self._set(stepSize=value)

    def setStoragePrecision(self: S, value: str) -> S:
        """Sets :attr:`storagePrecision`."""
        return self._set(storagePrecision=value)

    def setTiedWeights(self: S, value: Flag) -> S:
        """Sets :attr:`tiedWeights`."""
        return self._set(tiedWeights=value)

    def setTol(self: S, value: Number) -> S:
        """Sets :attr:`tol`."""
        return self._set(tol=value)

    def setTopKBy(self: S, value: str) -> S:
        """Sets :attr:`topKBy`."""
        return self._set(topKBy=value)

    def setValidationIndicatorCol(self: S, value: str) -> S:
        """Sets :attr:`validationIndicatorCol`."""
        return self._set(validationIndicatorCol=value)

    def setWarmupSteps(self: S, value: Whole) -> S:
        """Sets :attr:`warmupSteps`."""
        return self._set(warmupSteps=value)

    def setWeightCol(self: S, value: str) -> S:
        """Sets :attr:`weightCol`."""
        return self._set(weightCol=value)


class _SparseAutoencoderParams(_AutoencoderParams):
    """Params of SparseAutoencoder and its model."""

    hiddenLayers: Param[List[int]] = Param(
        Params._dummy(),
        "hiddenLayers",
        "units of each hidden layer of the encoder, from the input inwards; the last is the code "
        "(a list of at least one size, each 1 or more)",
        typeConverter=toListInt,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)

    def getHiddenLayers(self) -> List[int]:
        """The value of :attr:`hiddenLayers`."""
        return self.getOrDefault(self.hiddenLayers)


class SparseAutoencoder(
    Estimator["SparseAutoencoder", "SparseAutoencoderModel"],
    _SparseAutoencoderParams,
    _AutoencoderTrainingSetters,
):
    """Trains a sparse autoencoder, data-parallel over the partitions of a DataFrame."""

    @keyword_only
    def __init__(
        self,
        *,
        activation: Optional[str] = None,
        activationThreshold: Optional[Number] = None,
        adamBeta1: Optional[Number] = None,
        adamBeta2: Optional[Number] = None,
        adamEpsilon: Optional[Number] = None,
        aggregation: Optional[str] = None,
        aggregationDepth: Optional[Whole] = None,
        auxK: Optional[Whole] = None,
        auxKWeight: Optional[Number] = None,
        batchSize: Optional[Whole] = None,
        batchTopK: Optional[Number] = None,
        checkpointDir: Optional[str] = None,
        checkpointInterval: Optional[Whole] = None,
        checkpointMinutes: Optional[Number] = None,
        contamination: Optional[Number] = None,
        corruption: Optional[str] = None,
        corruptionLevel: Optional[Number] = None,
        deadAfterRows: Optional[Whole] = None,
        decaySteps: Optional[Whole] = None,
        decoderNorm: Optional[str] = None,
        encodeK: Optional[Whole] = None,
        gated: Optional[Flag] = None,
        gradientClip: Optional[Number] = None,
        handleInvalid: Optional[str] = None,
        hiddenLayers: Optional[Wholes] = None,
        initDecoderNorm: Optional[Number] = None,
        initMode: Optional[str] = None,
        initialModel: Optional[str] = None,
        inputCol: Optional[str] = None,
        inputNorm: Optional[str] = None,
        jumpReluBandwidth: Optional[Number] = None,
        jumpReluThreshold: Optional[Number] = None,
        k: Optional[Whole] = None,
        kStart: Optional[Whole] = None,
        layerTraining: Optional[str] = None,
        lifetimeSparsity: Optional[Number] = None,
        matryoshkaWidths: Optional[Wholes] = None,
        maxIter: Optional[Whole] = None,
        maxSteps: Optional[Whole] = None,
        multiTopK: Optional[Flag] = None,
        numWorkers: Optional[Whole] = None,
        outlierCol: Optional[str] = None,
        outlierThreshold: Optional[Number] = None,
        outputActivation: Optional[str] = None,
        outputCol: Optional[str] = None,
        outputLayer: Optional[Whole] = None,
        preActivationWeight: Optional[Number] = None,
        preBias: Optional[str] = None,
        precision: Optional[str] = None,
        reconstructionCol: Optional[str] = None,
        reconstructionErrorCol: Optional[str] = None,
        regParam: Optional[Number] = None,
        resampleSteps: Optional[Whole] = None,
        seed: Optional[Whole] = None,
        shuffleWindow: Optional[Whole] = None,
        skipConnection: Optional[Flag] = None,
        solver: Optional[str] = None,
        sparsity: Optional[Texts] = None,
        sparsityScope: Optional[str] = None,
        sparsityTargets: Optional[Numbers] = None,
        sparsityWarmupSteps: Optional[Whole] = None,
        sparsityWeights: Optional[Numbers] = None,
        stepSize: Optional[Number] = None,
        storagePrecision: Optional[str] = None,
        targetCol: Optional[str] = None,
        tiedWeights: Optional[Flag] = None,
        tol: Optional[Number] = None,
        topKBy: Optional[str] = None,
        validationIndicatorCol: Optional[str] = None,
        warmupSteps: Optional[Whole] = None,
        weightCol: Optional[str] = None,
    ) -> None:
        super().__init__()
        self._setGiven(self._input_kwargs)

    def setHiddenLayers(self: S, value: Wholes) -> S:
        """Sets :attr:`hiddenLayers`."""
        return self._set(hiddenLayers=value)

    def _create_model(self, java_model: Any) -> "SparseAutoencoderModel":
        return SparseAutoencoderModel(java_model)


class SparseAutoencoderModel(
    AutoencoderModel["SparseAutoencoderModel"],
    _SparseAutoencoderParams,
    _AutoencoderSetters,
):
    """What `SparseAutoencoder` trains: a model of fully connected layers."""


class _ConvolutionalSparseAutoencoderParams(_AutoencoderParams):
    """Params of ConvolutionalSparseAutoencoder and its model."""

    filters: Param[List[int]] = Param(
        Params._dummy(),
        "filters",
        "maps of each hidden layer, from the input inwards; those of the last are the code (a "
        "list of at least one size, each 1 or more)",
        typeConverter=toListInt,
    )
    imageShape: Param[List[int]] = Param(
        Params._dummy(),
        "imageShape",
        "[channels, height, width] of the image that a row is, flattened in that order (a list of "
        "at least one size, each 1 or more)",
        typeConverter=toListInt,
    )
    kernelSizes: Param[List[int]] = Param(
        Params._dummy(),
        "kernelSizes",
        "edge of each hidden layer's square kernel, or one for all (a list of at least one size, "
        "each 1 or more)",
        typeConverter=toListInt,
    )
    padding: Param[str] = Param(
        Params._dummy(),
        "padding",
        "what is done at the border of an image: valid adds nothing, same adds zeros, so that a "
        "stride of 1 keeps the size (one of valid, same)",
        typeConverter=toString,
    )
    poolSize: Param[int] = Param(
        Params._dummy(),
        "poolSize",
        "rows and columns of the windows of pooling, at most those of a map (1 or more)",
        typeConverter=toInt,
    )
    poolStride: Param[int] = Param(
        Params._dummy(),
        "poolStride",
        "rows and columns from one window of pooling to the next, at most poolSize; a stride that "
        "would leave out values is refused; not set: poolSize (1 or more)",
        typeConverter=toInt,
    )
    pooling: Param[str] = Param(
        Params._dummy(),
        "pooling",
        "what outputCol gets of each window of the maps: its largest value (max), its mean "
        "(average), or all of the maps (none); training, reconstruction and summary use the full "
        "maps (one of none, max, average)",
        typeConverter=toString,
    )
    spatialSparsity: Param[bool] = Param(
        Params._dummy(),
        "spatialSparsity",
        "whether each map of an image keeps only its largest activation in training",
        typeConverter=toBoolean,
    )
    strides: Param[List[int]] = Param(
        Params._dummy(),
        "strides",
        "rows and columns from one window to the next, of each hidden layer, or one for all; at "
        "most the kernel; a stride that would leave out pixels is refused (a list of at least one "
        "size, each 1 or more)",
        typeConverter=toListInt,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._setDefault(
            padding="same",
            pooling="none",
            spatialSparsity=False,
            strides=[1],
        )

    def getFilters(self) -> List[int]:
        """The value of :attr:`filters`."""
        return self.getOrDefault(self.filters)

    def getImageShape(self) -> List[int]:
        """The value of :attr:`imageShape`."""
        return self.getOrDefault(self.imageShape)

    def getKernelSizes(self) -> List[int]:
        """The value of :attr:`kernelSizes`."""
        return self.getOrDefault(self.kernelSizes)

    def getPadding(self) -> str:
        """The value of :attr:`padding`."""
        return self.getOrDefault(self.padding)

    def getPoolSize(self) -> int:
        """The value of :attr:`poolSize`."""
        return self.getOrDefault(self.poolSize)

    def getPoolStride(self) -> int:
        """The value of :attr:`poolStride`."""
        return self.getOrDefault(self.poolStride)

    def getPooling(self) -> str:
        """The value of :attr:`pooling`."""
        return self.getOrDefault(self.pooling)

    def getSpatialSparsity(self) -> bool:
        """The value of :attr:`spatialSparsity`."""
        return self.getOrDefault(self.spatialSparsity)

    def getStrides(self) -> List[int]:
        """The value of :attr:`strides`."""
        return self.getOrDefault(self.strides)


class ConvolutionalSparseAutoencoder(
    Estimator["ConvolutionalSparseAutoencoder", "ConvolutionalSparseAutoencoderModel"],
    _ConvolutionalSparseAutoencoderParams,
    _AutoencoderTrainingSetters,
):
    """Trains a convolutional sparse autoencoder of images, data-parallel over the partitions of
    a DataFrame: `SparseAutoencoder` with convolutions for its hidden layers, and transposed
    ones in its decoder, back to the shape of the image.
    """

    @keyword_only
    def __init__(
        self,
        *,
        activation: Optional[str] = None,
        activationThreshold: Optional[Number] = None,
        adamBeta1: Optional[Number] = None,
        adamBeta2: Optional[Number] = None,
        adamEpsilon: Optional[Number] = None,
        aggregation: Optional[str] = None,
        aggregationDepth: Optional[Whole] = None,
        auxK: Optional[Whole] = None,
        auxKWeight: Optional[Number] = None,
        batchSize: Optional[Whole] = None,
        batchTopK: Optional[Number] = None,
        checkpointDir: Optional[str] = None,
        checkpointInterval: Optional[Whole] = None,
        checkpointMinutes: Optional[Number] = None,
        contamination: Optional[Number] = None,
        corruption: Optional[str] = None,
        corruptionLevel: Optional[Number] = None,
        deadAfterRows: Optional[Whole] = None,
        decaySteps: Optional[Whole] = None,
        decoderNorm: Optional[str] = None,
        encodeK: Optional[Whole] = None,
        filters: Optional[Wholes] = None,
        gated: Optional[Flag] = None,
        gradientClip: Optional[Number] = None,
        handleInvalid: Optional[str] = None,
        imageShape: Optional[Wholes] = None,
        initDecoderNorm: Optional[Number] = None,
        initMode: Optional[str] = None,
        initialModel: Optional[str] = None,
        inputCol: Optional[str] = None,
        inputNorm: Optional[str] = None,
        jumpReluBandwidth: Optional[Number] = None,
        jumpReluThreshold: Optional[Number] = None,
        k: Optional[Whole] = None,
        kStart: Optional[Whole] = None,
        kernelSizes: Optional[Wholes] = None,
        layerTraining: Optional[str] = None,
        lifetimeSparsity: Optional[Number] = None,
        matryoshkaWidths: Optional[Wholes] = None,
        maxIter: Optional[Whole] = None,
        maxSteps: Optional[Whole] = None,
        multiTopK: Optional[Flag] = None,
        numWorkers: Optional[Whole] = None,
        outlierCol: Optional[str] = None,
        outlierThreshold: Optional[Number] = None,
        outputActivation: Optional[str] = None,
        outputCol: Optional[str] = None,
        outputLayer: Optional[Whole] = None,
        padding: Optional[str] = None,
        poolSize: Optional[Whole] = None,
        poolStride: Optional[Whole] = None,
        pooling: Optional[str] = None,
        preActivationWeight: Optional[Number] = None,
        preBias: Optional[str] = None,
        precision: Optional[str] = None,
        reconstructionCol: Optional[str] = None,
        reconstructionErrorCol: Optional[str] = None,
        regParam: Optional[Number] = None,
        resampleSteps: Optional[Whole] = None,
        seed: Optional[Whole] = None,
        shuffleWindow: Optional[Whole] = None,
        skipConnection: Optional[Flag] = None,
        solver: Optional[str] = None,
        sparsity: Optional[Texts] = None,
        sparsityScope: Optional[str] = None,
        sparsityTargets: Optional[Numbers] = None,
        sparsityWarmupSteps: Optional[Whole] = None,
        sparsityWeights: Optional[Numbers] = None,
        spatialSparsity: Optional[Flag] = None,
        stepSize: Optional[Number] = None,
        storagePrecision: Optional[str] = None,
        strides: Optional[Wholes] = None,
        targetCol: Optional[str] = None,
        tiedWeights: Optional[Flag] = None,
        tol: Optional[Number] = None,
        topKBy: Optional[str] = None,
        validationIndicatorCol: Optional[str] = None,
        warmupSteps: Optional[Whole] = None,
        weightCol: Optional[str] = None,
    ) -> None:
        super().__init__()
        self._setGiven(self._input_kwargs)

    def setFilters(self: S, value: Wholes) -> S:
        """Sets :attr:`filters`."""
        return self._set(filters=value)

    def setImageShape(self: S, value: Wholes) -> S:
        """Sets :attr:`imageShape`."""
        return self._set(imageShape=value)

    def setKernelSizes(self: S, value: Wholes) -> S:
        """Sets :attr:`kernelSizes`."""
        return self._set(kernelSizes=value)

    def setPadding(self: S, value: str) -> S:
        """Sets :attr:`padding`."""
        return self._set(padding=value)

    def setPoolSize(self: S, value: Whole) -> S:
        """Sets :attr:`poolSize`."""
        return self._set(poolSize=value)

    def setPoolStride(self: S, value: Whole) -> S:
        """Sets :attr:`poolStride`."""
        return self._set(poolStride=value)

    def setPooling(self: S, value: str) -> S:
        """Sets :attr:`pooling`."""
        return self._set(pooling=value)

    def setSpatialSparsity(self: S, value: Flag) -> S:
        """Sets :attr:`spatialSparsity`."""
        return self._set(spatialSparsity=value)

    def setStrides(self: S, value: Wholes) -> S:
        """Sets :attr:`strides`."""
        return self._set(strides=value)

    def _create_model(self, java_model: Any) -> "ConvolutionalSparseAutoencoderModel":
        return ConvolutionalSparseAutoencoderModel(java_model)


class ConvolutionalSparseAutoencoderModel(
    AutoencoderModel["ConvolutionalSparseAutoencoderModel"],
    _ConvolutionalSparseAutoencoderParams,
    _AutoencoderSetters,
):
    """What `ConvolutionalSparseAutoencoder` trains: a model of images. The code is the maps of
    the last layer (or of `outputLayer`), [filters, height, width], flattened in that order;
    their plain activations with `spatialSparsity` and `lifetimeSparsity`, which affect
    training only; after `pooling`, see `org.sparksae.core.model.Pooling`.
    """

    def setPoolSize(self: S, value: Whole) -> S:
        """Sets :attr:`poolSize`."""
        return self._set(poolSize=value)

    def setPoolStride(self: S, value: Whole) -> S:
        """Sets :attr:`poolStride`."""
        return self._set(poolStride=value)

    def setPooling(self: S, value: str) -> S:
        """Sets :attr:`pooling`."""
        return self._set(pooling=value)


class _PatchScalingParams(Params):
    """Params of PatchScaling and its model."""

    clip: Param[float] = Param(
        Params._dummy(),
        "clip",
        "standard deviations at which values are clipped (above 0 and finite)",
        typeConverter=toFloat,
    )
    inputCol: Param[str] = Param(
        Params._dummy(),
        "inputCol",
        "column of rows: Vector (dense or sparse) or array of numbers",
        typeConverter=toString,
    )
    max: Param[float] = Param(
        Params._dummy(),
        "max",
        "what values at the upper clip become, above min (finite)",
        typeConverter=toFloat,
    )
    min: Param[float] = Param(
        Params._dummy(),
        "min",
        "what values at the lower clip become, below max (finite)",
        typeConverter=toFloat,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "column that gets the new rows, Vectors",
        typeConverter=toString,
    )

    def getClip(self) -> float:
        """The value of :attr:`clip`."""
        return self.getOrDefault(self.clip)

    def getInputCol(self) -> str:
        """The value of :attr:`inputCol`."""
        return self.getOrDefault(self.inputCol)

    def getMax(self) -> float:
        """The value of :attr:`max`."""
        return self.getOrDefault(self.max)

    def getMin(self) -> float:
        """The value of :attr:`min`."""
        return self.getOrDefault(self.min)

    def getOutputCol(self) -> str:
        """The value of :attr:`outputCol`."""
        return self.getOrDefault(self.outputCol)


class PatchScaling(Estimator["PatchScaling", "PatchScalingModel"], _PatchScalingParams):
    """Prepares patches of photographs for sigmoid units: subtracts each patch's mean, clips the
    rest at a few standard deviations, and scales it to a range within (0, 1).
    """

    @keyword_only
    def __init__(
        self,
        *,
        clip: Optional[Number] = None,
        inputCol: Optional[str] = None,
        max: Optional[Number] = None,
        min: Optional[Number] = None,
        outputCol: Optional[str] = None,
    ) -> None:
        super().__init__()
        self._setDefault(
            clip=3.0,
            max=0.9,
            min=0.1,
            outputCol=self.uid + "__output",
        )
        self._setGiven(self._input_kwargs)

    def setClip(self: S, value: Number) -> S:
        """Sets :attr:`clip`."""
        return self._set(clip=value)

    def setInputCol(self: S, value: str) -> S:
        """Sets :attr:`inputCol`."""
        return self._set(inputCol=value)

    def setMax(self: S, value: Number) -> S:
        """Sets :attr:`max`."""
        return self._set(max=value)

    def setMin(self: S, value: Number) -> S:
        """Sets :attr:`min`."""
        return self._set(min=value)

    def setOutputCol(self: S, value: str) -> S:
        """Sets :attr:`outputCol`."""
        return self._set(outputCol=value)

    def _create_model(self, java_model: Any) -> "PatchScalingModel":
        return PatchScalingModel(java_model)


class PatchScalingModel(Model["PatchScalingModel"], _PatchScalingParams):
    """What `PatchScaling` learned: adds each patch, scaled by the spread of the training
    patches.
    """

    def setInputCol(self: S, value: str) -> S:
        """Sets :attr:`inputCol`."""
        return self._set(inputCol=value)

    def setOutputCol(self: S, value: str) -> S:
        """Sets :attr:`outputCol`."""
        return self._set(outputCol=value)


class _ZcaWhiteningParams(Params):
    """Params of ZcaWhitening and its model."""

    epsilon: Param[float] = Param(
        Params._dummy(),
        "epsilon",
        "added to the variance in each direction, an eigenvalue of the covariance in the square "
        "of the values' unit; directions of less variance, mostly noise, are kept small (0 or "
        "more and finite)",
        typeConverter=toFloat,
    )
    inputCol: Param[str] = Param(
        Params._dummy(),
        "inputCol",
        "column of rows: Vector (dense or sparse) or array of numbers",
        typeConverter=toString,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "column that gets the new rows, Vectors",
        typeConverter=toString,
    )

    def getEpsilon(self) -> float:
        """The value of :attr:`epsilon`."""
        return self.getOrDefault(self.epsilon)

    def getInputCol(self) -> str:
        """The value of :attr:`inputCol`."""
        return self.getOrDefault(self.inputCol)

    def getOutputCol(self) -> str:
        """The value of :attr:`outputCol`."""
        return self.getOrDefault(self.outputCol)


class ZcaWhitening(Estimator["ZcaWhitening", "ZcaWhiteningModel"], _ZcaWhiteningParams):
    """ZCA whitening: gives rows a covariance of 1 with the smallest possible change.
    Neighbouring pixels of photographs are nearly equal; unless that is removed first, a few
    hundred units are spent on it.
    """

    @keyword_only
    def __init__(
        self,
        *,
        epsilon: Optional[Number] = None,
        inputCol: Optional[str] = None,
        outputCol: Optional[str] = None,
    ) -> None:
        super().__init__()
        self._setDefault(
            epsilon=1.0E-5,
            outputCol=self.uid + "__output",
        )
        self._setGiven(self._input_kwargs)

    def setEpsilon(self: S, value: Number) -> S:
        """Sets :attr:`epsilon`."""
        return self._set(epsilon=value)

    def setInputCol(self: S, value: str) -> S:
        """Sets :attr:`inputCol`."""
        return self._set(inputCol=value)

    def setOutputCol(self: S, value: str) -> S:
        """Sets :attr:`outputCol`."""
        return self._set(outputCol=value)

    def _create_model(self, java_model: Any) -> "ZcaWhiteningModel":
        return ZcaWhiteningModel(java_model)


class ZcaWhiteningModel(Model["ZcaWhiteningModel"], _ZcaWhiteningParams):
    """What `ZcaWhitening` learned: adds each row, whitened."""

    def setInputCol(self: S, value: str) -> S:
        """Sets :attr:`inputCol`."""
        return self._set(inputCol=value)

    def setOutputCol(self: S, value: str) -> S:
        """Sets :attr:`outputCol`."""
        return self._set(outputCol=value)


class ImageVectorizer(Transformer["ImageVectorizer"]):
    """Turns each image into a Vector of its pixels, values in [0, 1], [channels, height, width]
    flattened in that order, as `ConvolutionalSparseAutoencoder` expects.
    """

    handleInvalid: Param[str] = Param(
        Params._dummy(),
        "handleInvalid",
        "what to do with a row that is null, is no image that can be read, or has another size: "
        "error ends the job, skip leaves the row out (one of error, skip)",
        typeConverter=toString,
    )
    imageShape: Param[List[int]] = Param(
        Params._dummy(),
        "imageShape",
        "shape of the Vectors; its height and width are those of every image ([channels, height, "
        "width], each 1 or more, of 1 channel (luminance) or 3 (red, green, blue))",
        typeConverter=toListInt,
    )
    inputCol: Param[str] = Param(
        Params._dummy(),
        "inputCol",
        "column of images: of Spark's source image, or binary, the content of files",
        typeConverter=toString,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "column that gets the new rows, Vectors",
        typeConverter=toString,
    )

    @keyword_only
    def __init__(
        self,
        *,
        handleInvalid: Optional[str] = None,
        imageShape: Optional[Wholes] = None,
        inputCol: Optional[str] = None,
        outputCol: Optional[str] = None,
    ) -> None:
        super().__init__()
        self._setDefault(
            handleInvalid="error",
            outputCol=self.uid + "__output",
        )
        self._setGiven(self._input_kwargs)

    def getHandleInvalid(self) -> str:
        """The value of :attr:`handleInvalid`."""
        return self.getOrDefault(self.handleInvalid)

    def getImageShape(self) -> List[int]:
        """The value of :attr:`imageShape`."""
        return self.getOrDefault(self.imageShape)

    def getInputCol(self) -> str:
        """The value of :attr:`inputCol`."""
        return self.getOrDefault(self.inputCol)

    def getOutputCol(self) -> str:
        """The value of :attr:`outputCol`."""
        return self.getOrDefault(self.outputCol)

    def setHandleInvalid(self: S, value: str) -> S:
        """Sets :attr:`handleInvalid`."""
        return self._set(handleInvalid=value)

    def setImageShape(self: S, value: Wholes) -> S:
        """Sets :attr:`imageShape`."""
        return self._set(imageShape=value)

    def setInputCol(self: S, value: str) -> S:
        """Sets :attr:`inputCol`."""
        return self._set(inputCol=value)

    def setOutputCol(self: S, value: str) -> S:
        """Sets :attr:`outputCol`."""
        return self._set(outputCol=value)


class ArrayVectorizer(Transformer["ArrayVectorizer"]):
    """Turns each row of numbers into a Vector, for stages of MLlib that accept only Vectors and
    do not name an invalid row, such as StandardScaler.
    """

    handleInvalid: Param[str] = Param(
        Params._dummy(),
        "handleInvalid",
        "what to do with a row that is null, has a value that is not finite, or has another size: "
        "error ends the job, skip leaves the row out (one of error, skip)",
        typeConverter=toString,
    )
    inputCol: Param[str] = Param(
        Params._dummy(),
        "inputCol",
        "column of rows: Vector (dense or sparse) or array of numbers",
        typeConverter=toString,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "column that gets the new rows, Vectors",
        typeConverter=toString,
    )
    size: Param[int] = Param(
        Params._dummy(),
        "size",
        "number of values of a valid row; not set: any (1 or more)",
        typeConverter=toInt,
    )

    @keyword_only
    def __init__(
        self,
        *,
        handleInvalid: Optional[str] = None,
        inputCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        size: Optional[Whole] = None,
    ) -> None:
        super().__init__()
        self._setDefault(
            handleInvalid="error",
            outputCol=self.uid + "__output",
        )
        self._setGiven(self._input_kwargs)

    def getHandleInvalid(self) -> str:
        """The value of :attr:`handleInvalid`."""
        return self.getOrDefault(self.handleInvalid)

    def getInputCol(self) -> str:
        """The value of :attr:`inputCol`."""
        return self.getOrDefault(self.inputCol)

    def getOutputCol(self) -> str:
        """The value of :attr:`outputCol`."""
        return self.getOrDefault(self.outputCol)

    def getSize(self) -> int:
        """The value of :attr:`size`."""
        return self.getOrDefault(self.size)

    def setHandleInvalid(self: S, value: str) -> S:
        """Sets :attr:`handleInvalid`."""
        return self._set(handleInvalid=value)

    def setInputCol(self: S, value: str) -> S:
        """Sets :attr:`inputCol`."""
        return self._set(inputCol=value)

    def setOutputCol(self: S, value: str) -> S:
        """Sets :attr:`outputCol`."""
        return self._set(outputCol=value)

    def setSize(self: S, value: Whole) -> S:
        """Sets :attr:`size`."""
        return self._set(size=value)


class ReconstructionEvaluator(Evaluator["ReconstructionEvaluator"]):
    """How well rows are reconstructed, and how sparse their codes are."""

    inputCol: Param[str] = Param(
        Params._dummy(),
        "inputCol",
        "column of the input rows",
        typeConverter=toString,
    )
    metricName: Param[str] = Param(
        Params._dummy(),
        "metricName",
        "what is measured; of explainedVariance and cosine more is better, of the others less "
        "(one of mse, fvu, explainedVariance, cosine, l0, l1, deadFraction, denseFraction)",
        typeConverter=toString,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "column of the codes",
        typeConverter=toString,
    )
    reconstructionCol: Param[str] = Param(
        Params._dummy(),
        "reconstructionCol",
        "column of the reconstructions",
        typeConverter=toString,
    )
    targetCol: Param[str] = Param(
        Params._dummy(),
        "targetCol",
        "column of the rows that a transcoder predicts; empty: inputCol",
        typeConverter=toString,
    )
    weightCol: Param[str] = Param(
        Params._dummy(),
        "weightCol",
        "column of row weights; empty: all rows weigh 1",
        typeConverter=toString,
    )

    @keyword_only
    def __init__(
        self,
        *,
        inputCol: Optional[str] = None,
        metricName: Optional[str] = None,
        outputCol: Optional[str] = None,
        reconstructionCol: Optional[str] = None,
        targetCol: Optional[str] = None,
        weightCol: Optional[str] = None,
    ) -> None:
        super().__init__()
        self._setDefault(
            metricName="explainedVariance",
            targetCol="",
            weightCol="",
        )
        self._setGiven(self._input_kwargs)

    def getInputCol(self) -> str:
        """The value of :attr:`inputCol`."""
        return self.getOrDefault(self.inputCol)

    def getMetricName(self) -> str:
        """The value of :attr:`metricName`."""
        return self.getOrDefault(self.metricName)

    def getOutputCol(self) -> str:
        """The value of :attr:`outputCol`."""
        return self.getOrDefault(self.outputCol)

    def getReconstructionCol(self) -> str:
        """The value of :attr:`reconstructionCol`."""
        return self.getOrDefault(self.reconstructionCol)

    def getTargetCol(self) -> str:
        """The value of :attr:`targetCol`."""
        return self.getOrDefault(self.targetCol)

    def getWeightCol(self) -> str:
        """The value of :attr:`weightCol`."""
        return self.getOrDefault(self.weightCol)

    def setInputCol(self: S, value: str) -> S:
        """Sets :attr:`inputCol`."""
        return self._set(inputCol=value)

    def setMetricName(self: S, value: str) -> S:
        """Sets :attr:`metricName`."""
        return self._set(metricName=value)

    def setOutputCol(self: S, value: str) -> S:
        """Sets :attr:`outputCol`."""
        return self._set(outputCol=value)

    def setReconstructionCol(self: S, value: str) -> S:
        """Sets :attr:`reconstructionCol`."""
        return self._set(reconstructionCol=value)

    def setTargetCol(self: S, value: str) -> S:
        """Sets :attr:`targetCol`."""
        return self._set(targetCol=value)

    def setWeightCol(self: S, value: str) -> S:
        """Sets :attr:`weightCol`."""
        return self._set(weightCol=value)

    def isLargerBetter(self) -> bool:
        """Whether the metric is better the larger it is."""
        return self.getMetricName() in ("explainedVariance", "cosine")
