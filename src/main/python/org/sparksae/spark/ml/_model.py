"""Models of autoencoders: their summary, their weights and their measures."""

import json
from typing import Any, Dict, List, Optional, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.util import HasTrainingSummary, MLReadable
from pyspark.ml.wrapper import JavaWrapper, _jvm  # type: ignore[attr-defined]
from pyspark.sql import DataFrame

from org.sparksae.spark.ml._library import on_connect
from org.sparksae.spark.ml._saved import saved_file, tensors
from org.sparksae.spark.ml._stage import Model

T = TypeVar("T", bound="MLReadable[Any]")


class SparseAutoencoderTrainingSummary(JavaWrapper):
    """How the last stage of a fit went; :meth:`AutoencoderModel.report` says all of it."""

    @property
    def objectiveHistory(self) -> List[float]:
        """The objective of each iteration."""
        return cast(List[float], list(self._call_java("objectiveHistory")))

    @property
    def totalIterations(self) -> int:
        """Iterations made."""
        return cast(int, self._call_java("totalIterations"))


class AutoencoderModel(Model[T], HasTrainingSummary[SparseAutoencoderTrainingSummary]):
    """A trained autoencoder."""

    @property
    def _summaryCls(self) -> type:
        return SparseAutoencoderTrainingSummary

    @property
    def hasSummary(self) -> bool:
        """Whether there is a summary: of a fit, also of a model that was loaded; of an imported
        model there is none.
        """
        return cast(bool, self._call_java("hasSummary"))

    @property
    def summary(self) -> SparseAutoencoderTrainingSummary:
        """How the fit went.

        :raises RuntimeError: if that is not known
        """
        if not self.hasSummary:
            raise RuntimeError("this model has no summary: only one that a fit made has")
        # PySpark's own gives no wrapper before version 4.1, and with Spark Connect it knows
        # summaries only of models that this session has fitted.
        if not on_connect():
            return SparseAutoencoderTrainingSummary(self._call_java("summary"))
        if not hasattr(self, "_summary"):
            self._summary = SparseAutoencoderTrainingSummary(f"{self._java_obj}.summary")
        return self._summary

    def report(self, directory: Optional[str] = None) -> Dict[str, Any]:
        """The whole summary: stages with their histories, statistics on the training rows,
        warnings. It is the content of ``summary.json``.

        :param directory: as for :meth:`weights`
        :raises RuntimeError: if the model has no summary
        """
        if not self.hasSummary:
            raise RuntimeError("this model has no summary: only one that a fit made has")
        return cast(Dict[str, Any], json.loads(saved_file(self, "summary.json", directory)))

    def weights(self, directory: Optional[str] = None) -> Dict[str, "NDArray[np.float32]"]:
        """The parameters by tensor name, such as ``encoder.0.weight``, as they are saved.

        :param directory: with Spark Connect, where the server may write the model for a moment;
            its driver and executors must see the same files there, as on HDFS or S3; by default
            ``/tmp`` of the server's default file system
        """
        return tensors(saved_file(self, "weights.safetensors", directory))

    def to_torch(self, directory: Optional[str] = None) -> Dict[str, Any]:
        """:meth:`weights` as tensors of PyTorch.

        :raises ImportError: if PyTorch is not installed
        """
        try:
            import torch
        except ImportError as e:
            raise ImportError("to_torch needs PyTorch: install torch, or use weights()") from e
        return {name: torch.from_numpy(a) for name, a in self.weights(directory).items()}

    def evaluate(self, dataset: DataFrame) -> Dict[str, Any]:
        """Measures the model on any rows, as the fit did on the training rows: ``l0``,
        ``explainedVariance`` and others.

        :raises NotImplementedError: with Spark Connect, which has no such call
        """
        if on_connect():
            raise NotImplementedError(
                "Spark Connect has no call for evaluate: transform the rows, and measure the"
                " columns by ReconstructionEvaluator"
            )
        statistics = self._to_java().evaluate(dataset._jdf)
        mapper = _jvm().com.fasterxml.jackson.databind.ObjectMapper()
        return cast(Dict[str, Any], json.loads(mapper.writeValueAsString(statistics)))
