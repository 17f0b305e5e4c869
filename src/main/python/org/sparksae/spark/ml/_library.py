"""Whether a session has the library's classes, said in one line if it has not."""

import os
from typing import Set

from pyspark.sql import SparkSession
from pyspark.sql.utils import is_remote

SCALA = "2.13"

_START = "sparksae.configure(SparkSession.builder).getOrCreate()"

_servers_with_library: Set[str] = set()


def on_connect() -> bool:
    """Whether the session is one of Spark Connect, as PySpark's own stages ask it."""
    return is_remote() and "PYSPARK_NO_NAMESPACE_SHARE" not in os.environ


def require_library() -> None:
    """Refuses to go on without the library.

    :raises RuntimeError: if there is no session, or its JVM or server does not have the jar, or
        has another Scala
    """
    if on_connect():
        _require_on_server()
    else:
        _require_in_jvm()


def _require_in_jvm() -> None:
    from py4j.java_gateway import JavaPackage
    from pyspark import SparkContext

    jvm = SparkContext._jvm
    if jvm is None:
        raise RuntimeError(f"there is no Spark session; start one: {_START}")
    scala = jvm.scala.util.Properties.versionNumberString()
    if not scala.startswith(SCALA + "."):
        raise RuntimeError(another_scala(f"this Spark has Scala {scala}"))
    if isinstance(jvm.org.sparksae.spark.ml.SparseAutoencoder, JavaPackage):
        raise RuntimeError(
            "this session was started without the jar of sparksae; stop it, and start one that"
            f" has it: {_START}"
        )


def _require_on_server() -> None:
    session = SparkSession.getActiveSession()
    if session is None or session.session_id in _servers_with_library:  # type: ignore[attr-defined]
        return
    # The jar registers this function in every session of a server that was started with it.
    if not session.catalog.functionExists("sae_encode"):
        raise RuntimeError(
            "the Spark Connect server was started without the jar of sparksae; start it with"
            " --jars and the file that 'python -m sparksae' prints"
        )
    _servers_with_library.add(session.session_id)  # type: ignore[attr-defined]


def another_scala(found: str) -> str:
    """The message for a Spark that cannot load the jar."""
    return (
        f"{found}, but sparksae needs {SCALA}: install pyspark 4, or set SPARK_HOME to a Spark"
        f" that was built for Scala {SCALA}"
    )
