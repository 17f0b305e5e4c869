"""Values of Params: what PySpark's own converters take, and NumPy's scalars and arrays."""

from typing import Any, List, Sequence, Union

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.param import TypeConverters

Whole = Union[int, "np.integer[Any]"]
Number = Union[float, "np.floating[Any]", "np.integer[Any]"]
Flag = Union[bool, np.bool_]
Wholes = Union[Sequence[Whole], "NDArray[np.integer[Any]]"]
Numbers = Union[Sequence[Number], "NDArray[np.floating[Any]]", "NDArray[np.integer[Any]]"]
Texts = Sequence[str]


# PySpark tells lists by the names of their converters, so these have the same names as its own.


def toInt(value: Any) -> int:
    return TypeConverters.toInt(_plain(value))


def toFloat(value: Any) -> float:
    return TypeConverters.toFloat(_plain(value))


def toBoolean(value: Any) -> bool:
    return TypeConverters.toBoolean(_plain(value))


def toString(value: Any) -> str:
    return TypeConverters.toString(value)


def toListInt(value: Any) -> List[int]:
    return TypeConverters.toListInt(_plain(value))


def toListFloat(value: Any) -> List[float]:
    return TypeConverters.toListFloat(_plain(value))


def toListString(value: Any) -> List[str]:
    return TypeConverters.toListString(_plain(value))


def _plain(value: Any) -> Any:
    """The value without NumPy's types, most of which PySpark refuses."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(element) for element in value]
    return value
