"""What is special with Spark Connect: models that a server puts aside, fits that are cancelled."""

import json
import threading
import time
import urllib.request

import pytest
from pyspark import __version__
from pyspark.util import VersionUtils

from conftest import codes
from sparksae import ModelFormats, SparseAutoencoder

pytestmark = pytest.mark.usefixtures("server")


def is_in_memory(model, spark):
    return any(model._java_obj.ref_id in info for info in spark.client._get_ml_cache_info())


def test_a_model_that_was_put_aside_comes_back(autoencoder, rows, spark):
    if VersionUtils.majorMinorVersion(__version__) < (4, 1):
        pytest.skip("servers put models aside from Spark 4.1 on")
    model = autoencoder.fit(rows)
    before = codes(model.transform(rows)), model.summary.objectiveHistory
    spark.client._delete_ml_cache([model._java_obj.ref_id], evict_only=True)
    assert not is_in_memory(model, spark)
    assert (codes(model.transform(rows)), model.summary.objectiveHistory) == before
    assert is_in_memory(model, spark)


def running(server):
    jobs = f"http://127.0.0.1:{server.ui_port}/api/v1/applications"
    with urllib.request.urlopen(jobs) as answer:
        application = json.load(answer)[0]["id"]
    with urllib.request.urlopen(f"{jobs}/{application}/jobs?status=running") as answer:
        return json.load(answer)


def wait_until(holds):
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def kill_on_web_page(server):
    page = f"http://127.0.0.1:{server.ui_port}/jobs/job/kill/"
    for job in running(server):
        urllib.request.urlopen(page, data=f"id={job['jobId']}".encode()).close()


@pytest.mark.parametrize("solver", ["adam", "l-bfgs"])
@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("tag", "OPERATION_CANCELED"),
        ("page", " was cancelled: "),
    ],
)
def test_a_cancelled_fit_ends_and_leaves_no_job(by, message, solver, rows, spark, server):
    endless = SparseAutoencoder(
        inputCol="features", hiddenLayers=[8], solver=solver, maxIter=10_000_000, tol=0
    )
    failures = []

    def fit():
        spark.addTag("endless")
        try:
            endless.fit(rows)
        except Exception as failure:
            failures.append(failure)

    fitting = threading.Thread(target=fit, daemon=True)
    fitting.start()
    try:
        wait_until(lambda: running(server))
        if by == "page":
            # A fit by l-bfgs makes one job after another: that of a moment ago may have ended.
            wait_until(lambda: kill_on_web_page(server) or not fitting.is_alive())
    finally:
        spark.interruptTag("endless")
    fitting.join(120)
    assert not fitting.is_alive()
    assert message in str(failures[0])
    wait_until(lambda: not running(server))


def test_what_a_server_cannot_do_is_said(model, rows):
    with pytest.raises(NotImplementedError, match="ReconstructionEvaluator"):
        model.evaluate(rows)
    with pytest.raises(NotImplementedError, match="import-model"):
        ModelFormats.read("/nowhere")


def test_weights_leave_nothing_behind(model, tmp_path):
    model.weights(str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_an_imported_or_unfitted_model_has_no_summary(model, tmp_path):
    model.save(str(tmp_path / "model"))
    (tmp_path / "model" / "summary.json").unlink()
    for file in tmp_path.glob("model/.summary.json.crc"):
        file.unlink()
    loaded = type(model).load(str(tmp_path / "model"))
    assert not loaded.hasSummary
    with pytest.raises(RuntimeError, match="no summary"):
        _ = loaded.summary
    with pytest.raises(RuntimeError, match="no summary"):
        loaded.report()
