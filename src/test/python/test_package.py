"""The package: its jar, its example, and what it says when a session is not as it should be."""

import os
import re
import subprocess
import sys
import zipfile

import pytest
from pyspark.sql import SparkSession

import sparksae
from conftest import ROOT, Server

LOCAL = {"SPARK_LOCAL_IP": "127.0.0.1"}


def python(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **LOCAL, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


def last_line(result):
    return result.stderr.strip().splitlines()[-1]


def test_the_package_prints_where_its_jar_is():
    path = python("-m", "sparksae").stdout.strip()
    with zipfile.ZipFile(path) as jar:
        assert "org/sparksae/spark/ml/SparseAutoencoder.class" in jar.namelist()


def test_the_example_runs(request, on_connect):
    remote = {"SPARK_REMOTE": request.getfixturevalue("server").url} if on_connect else {}
    result = python("src/main/python/examples/clothes.py", **remote)
    assert result.returncode == 0, result.stderr
    assert "unexplained variance: 0." in result.stdout


@pytest.mark.parametrize("page", ["README.md", "src/site/markdown/guide/python.md"])
def test_the_programs_of_the_documents_run(classic, page):
    text = (ROOT / page).read_text()
    program = "\n".join(re.findall("```python\n(.*?)```", text, re.DOTALL))
    result = python("-c", program)
    assert result.returncode == 0, result.stderr
    assert "code" in result.stdout


def test_other_jars_of_a_session_stay(classic):
    builder = SparkSession.Builder().config("spark.jars", "/mine.jar")
    for _ in range(2):
        builder = sparksae.configure(builder)
        assert builder._options["spark.jars"] == "/mine.jar," + sparksae.jar()


def test_a_session_at_a_server_takes_no_jar():
    builder = SparkSession.Builder().remote("sc://elsewhere")
    assert "spark.jars" not in sparksae.configure(builder)._options


def test_a_spark_of_another_scala_is_refused(tmp_path, monkeypatch):
    (tmp_path / "jars").mkdir()
    (tmp_path / "jars" / "scala-library-2.12.18.jar").touch()
    monkeypatch.setenv("SPARK_HOME", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"has Scala 2\.12\.18, but sparksae needs 2\.13"):
        sparksae.configure(SparkSession.Builder())


def test_a_missing_session_is_said(classic):
    result = python("-c", "import sparksae; sparksae.ZcaWhitening()")
    assert last_line(result).startswith("RuntimeError: there is no Spark session")


@pytest.mark.parametrize("use", ["ArrayVectorizer()", "SparseAutoencoderModel.load('/nowhere')"])
def test_a_session_without_the_jar_is_said(classic, use):
    start = "from pyspark.sql import SparkSession; SparkSession.builder.getOrCreate()"
    result = python("-c", f"{start}; import sparksae; sparksae.{use}")
    assert "RuntimeError: this session was started without the jar of sparksae" in result.stderr


def test_a_server_without_the_jar_is_said(server, tmp_path):
    without = Server(tmp_path)
    try:
        start = "from pyspark.sql import SparkSession; SparkSession.builder.getOrCreate()"
        for use in ("ArrayVectorizer()", "SparseAutoencoderModel.load('/nowhere')"):
            code = f"{start}; import sparksae; sparksae.{use}"
            result = python("-c", code, SPARK_REMOTE=without.url)
            assert "RuntimeError: the Spark Connect server was started" in result.stderr
    finally:
        without.stop()
