"""What users write, for mypy: not run."""

from typing import Dict, List

import numpy as np
from numpy.typing import NDArray
from pyspark.ml import Pipeline, PipelineModel
from pyspark.sql import DataFrame, SparkSession

import sparksae
from sparksae import (
    ImageVectorizer,
    ModelFormats,
    ReconstructionEvaluator,
    SparseAutoencoder,
    SparseAutoencoderModel,
)


def train(path: str) -> SparseAutoencoderModel:
    spark: SparkSession = sparksae.configure(SparkSession.builder).getOrCreate()
    rows: DataFrame = spark.read.parquet(path)
    autoencoder = SparseAutoencoder(
        inputCol="features",
        hiddenLayers=np.array([8, 4]),
        k=np.int64(2),
        stepSize=np.float32(0.1),
        tiedWeights=True,
    ).setMaxIter(3)
    layers: List[int] = autoencoder.getHiddenLayers()
    model: SparseAutoencoderModel = autoencoder.setSeed(len(layers)).fit(rows)
    return model.setOutputCol("code").setEncodeK(2)


def measure(model: SparseAutoencoderModel, rows: DataFrame) -> float:
    weights: Dict[str, NDArray[np.float32]] = model.weights()
    history: List[float] = model.summary.objectiveHistory
    fvu: float = model.evaluate(rows)["fvu"]
    evaluator = ReconstructionEvaluator(inputCol="features", metricName="l0")
    better: bool = evaluator.isLargerBetter()
    l0: float = evaluator.evaluate(model.transform(rows))
    return l0 + fvu + history[-1] + weights["encoder.0.bias"].size + better


def keep(model: SparseAutoencoderModel, folder: str) -> SparseAutoencoderModel:
    model.write().overwrite().save(folder)
    loaded: SparseAutoencoderModel = SparseAutoencoderModel.load(folder)
    ModelFormats.write(loaded, "saelens", folder + "/saelens")
    return ModelFormats.read(folder + "/saelens")


def pipeline(images: DataFrame) -> PipelineModel:
    pixels = ImageVectorizer(inputCol="content", imageShape=[1, 28, 28])
    return Pipeline(stages=[pixels, SparseAutoencoder(hiddenLayers=[8])]).fit(images)
