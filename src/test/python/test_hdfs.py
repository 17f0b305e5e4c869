"""A Spark Connect server whose default file system is an HDFS."""

import subprocess
from pathlib import Path

import pytest
from pyspark.find_spark_home import _find_spark_home

import sparksae
from conftest import QUICK_START, Server, python

CLIENT = """
import threading
from pyspark.sql import SparkSession
from sparksae import SparseAutoencoder, SparseAutoencoderModel

spark = SparkSession.builder.getOrCreate()
data = [(i, [float(i % 3), float(i % 2), 1.0]) for i in range(60)]
spark.createDataFrame(data, "id int, features array<float>").write.parquet("/rows")
rows = spark.read.parquet("/rows")

def codes(model):
    encoded = model.transform(rows).orderBy("id").select("code").collect()
    return [row.code.toArray().tolist() for row in encoded]

columns = dict(inputCol="features", outputCol="code", hiddenLayers=[4], solver="adam")
model = SparseAutoencoder(**columns, maxIter=2, checkpointDir="/checkpoints").fit(rows)
before = codes(model)
model.save("/models/mine")
loaded = SparseAutoencoderModel.load("/models/mine")
assert codes(loaded) == before
assert loaded.summary.totalIterations == model.summary.totalIterations == 2
assert model.weights()["encoder.0.weight"].shape == (4, 3)
assert model.report()["statistics"]["rows"] == 60

if not spark.version.startswith("4.0."):  # Servers put models aside from Spark 4.1 on.
    spark.client._delete_ml_cache([model._java_obj.ref_id], evict_only=True)
assert model.summary.totalIterations == 2
assert codes(model) == before

ended = threading.Event()

def cancel():  # Again, because nothing hears it before the fit is at the server.
    while not ended.wait(2):
        spark.interruptTag("endless")

spark.addTag("endless")
threading.Thread(target=cancel).start()
try:
    SparseAutoencoder(**columns, maxIter=10_000_000).fit(rows)
except Exception as e:
    assert "OPERATION_CANCELED" in str(e), e
    print("cancelled")
finally:
    ended.set()
    spark.removeTag("endless")
for file in spark.read.format("binaryFile").option("recursiveFileLookup", True).load("/").collect():
    print(file.path)
spark.stop()
"""


@pytest.fixture
def hdfs(tmp_path):
    # Of a build of this library: the version that PySpark's own Hadoop has.
    jars = Path(_find_spark_home(), "jars")
    (client,) = jars.glob("hadoop-client-api-*.jar")
    version = client.stem.removeprefix("hadoop-client-api-")
    name = "hadoop-client-minicluster"
    maven = Path.home() / ".m2/repository/org/apache/hadoop"
    cluster = maven / name / version / f"{name}-{version}.jar"
    if not cluster.exists():
        pytest.skip(f"there is no {cluster}")
    source = Path(__file__).with_name("MiniHdfs.java")
    command = ["java", *QUICK_START.split(), "-cp", f"{jars}/*:{cluster}", source, tmp_path]
    pipe = subprocess.PIPE
    with (tmp_path / "hdfs.log").open("w") as log:
        running = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, text=True)
    with running:
        uri = running.stdout.readline().strip()
        assert uri.startswith("hdfs://"), (tmp_path / "hdfs.log").read_text()[-3000:]
        yield uri
        running.stdin.close()


@pytest.mark.usefixtures("server")
def test_models_live_on_the_hdfs_of_a_server(hdfs, tmp_path):
    options = ["--jars", sparksae.jar(), "--conf", f"spark.hadoop.fs.defaultFS={hdfs}"]
    server = Server(tmp_path, *options)
    try:
        result = python("-c", CLIENT, SPARK_REMOTE=server.url)
    finally:
        server.stop()
    assert result.returncode == 0, result.stderr
    said = result.stdout.splitlines()
    assert "cancelled" in said
    files = [line.removeprefix(hdfs) for line in said if line.startswith(hdfs)]
    assert "/models/mine/weights.safetensors" in files
    assert any(file.startswith("/checkpoints/") for file in files)
    assert not any("sparksae-" in file for file in files), "weights() left its directory"
