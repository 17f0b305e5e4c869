"""Files of a saved model, read without keeping the model's directory."""

import json
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Optional

import numpy as np
from numpy.typing import NDArray
from pyspark import __version__
from pyspark.sql import SparkSession
from pyspark.util import VersionUtils

from org.sparksae.spark.ml._library import on_connect

if TYPE_CHECKING:
    from org.sparksae.spark.ml._stage import Model


def saved_file(model: "Model[Any]", name: str, directory: Optional[str]) -> bytes:
    """A file of the model's directory."""
    if on_connect():
        return _file_of_server(model, name, directory or "/tmp")
    # The JVM of a classic session runs on this machine.
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "model")
        if VersionUtils.majorMinorVersion(__version__) >= (4, 1):
            model._to_java().write().saveToLocal(str(folder))
        else:  # A job writes the metadata, on the disk of some executor: they are not read.
            model.save(folder.as_uri())
        return Path(folder, name).read_bytes()


def _file_of_server(model: "Model[Any]", name: str, directory: str) -> bytes:
    from pyspark.ml.connect.readwrite import RemoteMLWriter

    folder = f"{directory}/sparksae-{uuid.uuid4()}"
    session = SparkSession.active()
    model.save(folder)
    try:
        file = session.read.format("binaryFile").load(f"{folder}/{name}").select("content")
        return bytes(file.collect()[0][0])
    finally:
        RemoteMLWriter.handleOverwrite(folder, True)  # It deletes the folder.


def tensors(file: bytes) -> Dict[str, "NDArray[np.float32]"]:
    """The tensors of a file in the safetensors format: the length of a header (8 bytes), the
    header as JSON with the place of each tensor, and the values, row by row.
    """
    start = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:start])
    header.pop("__metadata__", None)
    found = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        values = np.frombuffer(file, "<f4", (end - begin) // 4, start + begin)
        found[name] = values.reshape(tensor["shape"]).copy()
    return found
