"""What the stages have in common, beyond what PySpark has for stages in Java."""

from typing import Any, Dict, TypeVar

from pyspark.ml import evaluation, wrapper
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable, MLReadable

from org.sparksae.spark.ml._library import require_library

T = TypeVar("T", bound="MLReadable[Any]")
M = TypeVar("M", bound=wrapper.JavaTransformer)
P = TypeVar("P", bound="Stage[Any]")


class Stage(wrapper.JavaParams, JavaMLReadable[T], JavaMLWritable):
    """A stage, with its Params."""

    # PySpark looks at it when an object goes, also at one whose constructor failed.
    _java_obj: Any = None

    @classmethod
    def read(cls) -> JavaMLReader[T]:
        """A reader of what :meth:`write` saved, in Python or in Java."""
        require_library()
        return super().read()

    def setParams(self: P, **params: Any) -> P:
        """Sets Params by their names; those that are None stay as they are."""
        return self._setGiven(params)

    def _setGiven(self: P, params: Dict[str, Any]) -> P:
        for name in params:
            if not self.hasParam(name):
                raise TypeError(f"{type(self).__name__} has no Param '{name}'")
        return self._set(**{name: value for name, value in params.items() if value is not None})

    # PySpark sends every default, too, at each fit, transform and copy, and asks Java for the names
    # of all its Params when a model is made. Here both sides have the same Params and defaults.

    def _transfer_params_to_java(self) -> None:
        for param, value in self._paramMap.items():
            self._java_obj.set(self._make_java_param_pair(param, value))

    def _create_params_from_java(self) -> None:
        pass

    def _resetUid(self: P, newUid: Any) -> P:
        """Takes a uid, and gives it to the default that contains it, as in Java."""
        names_output = self.hasParam("outputCol") and self.hasDefault("outputCol")
        super()._resetUid(newUid)
        return self._setDefault(outputCol=f"{newUid}__output") if names_output else self


class Named(Stage[T]):
    """A stage that is made by the name of its Java class, and not by a fit."""

    # What keyword_only keeps of a call.
    _input_kwargs: Dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        require_library()
        java_class = JavaMLReader._java_loader_class(type(self))
        self._java_obj = self._new_java_obj(java_class, self.uid)


class Estimator(Named[T], wrapper.JavaEstimator[M]):
    """A stage that learns a model."""


class Transformer(Named[T], wrapper.JavaTransformer):
    """A stage that adds columns without learning anything."""


class Evaluator(Named[T], evaluation.JavaEvaluator):
    """A measure of columns."""


class Model(Stage[T], wrapper.JavaModel):
    """What an estimator has learned."""
