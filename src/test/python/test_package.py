"""The package: its jar, its example, and what it says when a session is not as it should be."""

import re
import zipfile

import pytest
from pyspark.sql import SparkSession

import sparksae
from conftest import JAVA_OPTIONS, QUICK_START, ROOT, Server, python


def last_line(result):
    return result.stderr.strip().splitlines()[-1]


def test_the_package_prints_where_its_jar_is():
    path = python("-m", "sparksae").stdout.strip()
    with zipfile.ZipFile(path) as jar:
        assert "org/sparksae/spark/ml/SparseAutoencoder.class" in jar.namelist()


# One epoch in place of ten will do.
EXAMPLE = (ROOT / "src/main/python/examples/clothes.py").read_text().replace("=10", "=1")


def test_the_example_runs_at_a_server(server):
    result = python("-c", EXAMPLE, SPARK_REMOTE=server.url)
    assert result.returncode == 0, result.stderr
    assert "unexplained variance: 0." in result.stdout


def program(page):
    return "\n".join(re.findall("```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL))


def test_the_example_and_the_programs_of_the_documents_run(classic):
    # In one session, which needs Java's second compiler for what it computes.
    programs = [
        program("README.md").replace("=10", "=1"),
        program("src/site/markdown/guide/python.md"),
        EXAMPLE,
    ]
    code = "\n".join(f"exec({text!r}, {{}})" for text in programs)
    result = python("-c", code, JDK_JAVA_OPTIONS=QUICK_START)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("code|") == 3
    assert "unexplained variance: 0." in result.stdout


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


WITHOUT_JAR = """
from pyspark.sql import SparkSession
import sparksae
SparkSession.builder.getOrCreate()
for use in (sparksae.ArrayVectorizer, lambda: sparksae.SparseAutoencoderModel.load("/nowhere")):
    try:
        use()
    except RuntimeError as e:
        print(e)
"""


def test_a_session_without_the_jar_is_said(classic):
    said = python("-c", WITHOUT_JAR, JDK_JAVA_OPTIONS=JAVA_OPTIONS).stdout
    assert said.count("this session was started without the jar of sparksae") == 2


def test_a_server_without_the_jar_is_said(server, tmp_path):
    without = Server(tmp_path)
    try:
        said = python("-c", WITHOUT_JAR, SPARK_REMOTE=without.url).stdout
        assert said.count("the Spark Connect server was started without the jar of sparksae") == 2
    finally:
        without.stop()
