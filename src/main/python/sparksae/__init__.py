"""Sparse autoencoders for Apache Spark.

Start a session by :func:`configure`, and use the stages as those of MLlib.
"""

from org.sparksae.spark.ml import (
    ArrayVectorizer,
    ConvolutionalSparseAutoencoder,
    ConvolutionalSparseAutoencoderModel,
    ImageVectorizer,
    ModelFormats,
    PatchScaling,
    PatchScalingModel,
    ReconstructionEvaluator,
    SparseAutoencoder,
    SparseAutoencoderModel,
    SparseAutoencoderTrainingSummary,
    ZcaWhitening,
    ZcaWhiteningModel,
)
from sparksae._session import configure, jar

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
    "configure",
    "jar",
]
