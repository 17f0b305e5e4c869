"""Model files of other libraries."""

from typing import TYPE_CHECKING, Any, Optional, cast

from pyspark.ml.wrapper import JavaParams, _jvm  # type: ignore[attr-defined]

from org.sparksae.spark.ml._library import on_connect, require_library

if TYPE_CHECKING:
    from org.sparksae.spark.ml import SparseAutoencoderModel
    from org.sparksae.spark.ml._model import AutoencoderModel


class ModelFormats:
    """Reads and writes models as other libraries keep them, like the class in Java."""

    @staticmethod
    def read(folder: str, format: Optional[str] = None) -> "SparseAutoencoderModel":
        """Reads a model.

        :param folder: on any Hadoop file system
        :param format: saelens, sparsify, gemmaScope or gemmaScope2; by default the files tell it
        """
        model = _java_formats().read(folder, format)
        return cast("SparseAutoencoderModel", JavaParams._from_java(model))

    @staticmethod
    def write(model: "AutoencoderModel[Any]", format: str, folder: str) -> None:
        """Writes a model.

        :param format: saelens, sparsify or onnx
        :param folder: must not exist
        """
        _java_formats().write(model._to_java(), format, folder)


def _java_formats() -> Any:
    if on_connect():
        raise NotImplementedError(
            "Spark Connect has no call for model formats: use the commands import-model and"
            " export-model of spark-submit, or a classic session"
        )
    require_library()
    return _jvm().org.sparksae.spark.ml.ModelFormats
