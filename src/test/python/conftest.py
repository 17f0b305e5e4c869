"""One session for all tests: a classic one, or with --connect one at a Spark Connect server."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from pyspark.find_spark_home import _find_spark_home
from pyspark.sql import SparkSession

import sparksae

ROOT = Path(__file__).parents[3]

# The rows are few: Spark's start costs more than what it computes.
SETTINGS = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.showConsoleProgress": "false",
}
QUICK_START = "-XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
JAVA_OPTIONS = f"{QUICK_START} -XX:TieredStopAtLevel=1"

# Python's processes that Spark starts have to be of the same environment.
os.environ["PYSPARK_PYTHON"] = sys.executable


def pytest_addoption(parser):
    parser.addoption("--connect", action="store_true", help="test with a Spark Connect server")


def codes(transformed, column="code"):
    """The vectors of a column, in the order of the ids."""
    ordered = transformed.orderBy("id").select(column)
    return [row[0].toArray().tolist() for row in ordered.collect()]


def python(*arguments, **environment):
    """Runs another Python at the root of the repository."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", **environment},
        capture_output=True,
        text=True,
        timeout=600,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A Spark Connect server in a process of its own."""

    def __init__(self, directory, *options):
        self.port = free_port()
        self.ui_port = free_port()
        self.log = Path(directory, "server.log")
        settings = {
            **SETTINGS,
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": self.port,
            "spark.ui.port": self.ui_port,
            "spark.sql.warehouse.dir": Path(directory, "warehouse"),
            "spark.driver.extraJavaOptions": f"{JAVA_OPTIONS} -Djava.io.tmpdir={directory}",
        }
        command = [Path(_find_spark_home(), "bin", "spark-submit"), "--master", "local[2]"]
        for key, value in settings.items():
            command += ["--conf", f"{key}={value}"]
        command += [*options, "--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
        with self.log.open("wb") as log:
            # Spark's scripts replace themselves by Java, so this is the server itself.
            self.process = subprocess.Popen(
                [*map(str, command), "spark-internal"], cwd=directory, stdout=log, stderr=log
            )
        self.wait()

    @property
    def url(self):
        return f"sc://127.0.0.1:{self.port}"

    def wait(self):
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        self.stop()
        pytest.fail(f"the Spark Connect server did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


@pytest.fixture(scope="session")
def on_connect(request):
    return request.config.getoption("--connect")


@pytest.fixture(scope="session")
def server(on_connect, tmp_path_factory):
    if not on_connect:
        pytest.skip("needs --connect")
    directory = tmp_path_factory.mktemp("server")
    (directory / "jobs").symlink_to(ROOT / "jobs")  # The example's rows, as the server sees them.
    server = Server(directory, "--jars", sparksae.jar())
    yield server
    server.stop()


@pytest.fixture
def classic(on_connect):
    if on_connect:
        pytest.skip("needs a classic session")


@pytest.fixture(scope="session")
def spark(request, on_connect, tmp_path_factory):
    builder = SparkSession.builder
    if on_connect:
        builder = builder.remote(request.getfixturevalue("server").url)
    else:
        settings = {
            **SETTINGS,
            "spark.driver.extraJavaOptions": JAVA_OPTIONS,
            "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
            "spark.ui.enabled": "false",
        }
        builder = builder.master("local[2]").config(map=settings)
    session = sparksae.configure(builder).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def rows(spark):
    """200 rows of 6 values on two of three lines, with a label."""
    random = np.random.default_rng(1)
    lines = random.normal(size=(3, 6))
    data = []
    for i in range(200):
        values = random.uniform(0.5, 1.5) * lines[i % 3] + random.uniform(0.5, 1.5) * lines[i % 2]
        data.append((i, values.tolist(), i % 3))
    return spark.createDataFrame(data, "id int, features array<float>, label int").cache()


@pytest.fixture(scope="session")
def autoencoder(spark):
    return sparksae.SparseAutoencoder(
        inputCol="features",
        outputCol="code",
        reconstructionCol="back",
        hiddenLayers=[8],
        k=2,
        solver="adam",
        maxIter=5,
        stepSize=0.05,
    )


@pytest.fixture(scope="session")
def model(autoencoder, rows):
    return autoencoder.fit(rows)
