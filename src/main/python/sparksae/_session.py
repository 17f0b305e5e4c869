"""Sessions that have the library's jar."""

import os
from pathlib import Path

from pyspark.find_spark_home import _find_spark_home
from pyspark.sql import SparkSession

from org.sparksae.spark.ml._library import SCALA, another_scala


def jar() -> str:
    """The path of the library's jar, which is in the installed package."""
    jars = sorted(Path(__file__).with_name("jars").glob("*.jar"))
    if len(jars) != 1:
        raise FileNotFoundError(
            f"sparksae has {len(jars)} jars instead of one: install the wheel that"
            " scripts/python-wheel makes, and not the sources"
        )
    return str(jars[0])


def configure(builder: SparkSession.Builder) -> SparkSession.Builder:
    """Adds the library's jar to a session that is about to start.

    A session at a Spark Connect server (``sc://``) stays as it is: there the server needs the jar.

    :raises RuntimeError: if the installed Spark has another Scala
    """
    options = builder._options
    if options.get("spark.remote", os.environ.get("SPARK_REMOTE", "")).startswith("sc://"):
        return builder
    jars = Path(_find_spark_home(), "jars")
    scala = [file.stem.split("-")[-1] for file in jars.glob("scala-library-*.jar")]
    if scala and not scala[0].startswith(SCALA + "."):
        raise RuntimeError(another_scala(f"the Spark in {jars.parent} has Scala {scala[0]}"))
    others = [other for other in options.get("spark.jars", "").split(",") if other]
    return builder.config("spark.jars", ",".join(dict.fromkeys([*others, jar()])))
