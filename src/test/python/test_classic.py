"""What only classic sessions can: models of Java, and calls that Spark Connect does not have."""

import sys
import types

import numpy as np
import pytest
from pyspark.ml import PipelineModel
from pyspark.ml.wrapper import JavaWrapper
from pyspark.util import VersionUtils

from conftest import codes
from sparksae import ModelFormats, SparseAutoencoder, SparseAutoencoderModel, ZcaWhiteningModel

pytestmark = pytest.mark.usefixtures("classic")


def java(spark, name, *arguments, **params):
    """A stage in Java."""
    stage = getattr(spark._jvm.org.sparksae.spark.ml, name)(*arguments)
    for param, value in params.items():
        stage.set(stage.getParam(param).w(value))
    return stage


def test_a_pipeline_of_java_is_loaded_in_python(spark, rows, tmp_path):
    whitening = java(spark, "ZcaWhitening", inputCol="features", outputCol="white")
    autoencoder = java(
        spark,
        "SparseAutoencoder",
        "mine",
        inputCol="white",
        outputCol="code",
        hiddenLayers=[4],
        maxIter=3,
    )
    stages = spark.sparkContext._gateway.new_array(spark._jvm.org.apache.spark.ml.PipelineStage, 2)
    stages[0], stages[1] = whitening, autoencoder
    fitted = spark._jvm.org.apache.spark.ml.Pipeline().setStages(stages).fit(rows._jdf)
    fitted.save(str(tmp_path / "fitted"))

    loaded = PipelineModel.load(str(tmp_path / "fitted"))
    assert [type(stage) for stage in loaded.stages] == [ZcaWhiteningModel, SparseAutoencoderModel]
    assert loaded.stages[1].uid == "mine"
    assert loaded.stages[1].getHiddenLayers() == [4]
    assert loaded.stages[1].summary.totalIterations == 3
    expected = JavaWrapper(fitted)._call_java("transform", rows)
    assert codes(loaded.transform(rows)) == codes(expected)


def test_a_model_of_python_is_loaded_in_java(model, spark, rows, tmp_path):
    model.save(str(tmp_path / "model"))
    loaded = spark._jvm.org.sparksae.spark.ml.SparseAutoencoderModel.load(str(tmp_path / "model"))
    assert loaded.getOrDefault(loaded.getParam("k")) == 2
    assert codes(JavaWrapper(loaded)._call_java("transform", rows)) == codes(model.transform(rows))


@pytest.fixture
def calls(spark, monkeypatch):
    """The commands that go to the JVM."""
    client = type(spark.sparkContext._gateway._gateway_client)
    send, sent = client.send_command, []

    def counted(self, command, *arguments, **options):
        sent.append(command)
        return send(self, command, *arguments, **options)

    monkeypatch.setattr(client, "send_command", counted)
    return sent


def test_a_stage_sends_only_what_is_set(autoencoder, model, rows, calls):
    another = model.copy()
    calls.clear()
    model.transform(rows)
    transformed = len(calls)
    autoencoder._create_model(another._java_obj)
    created = len(calls) - transformed
    # A stage has more than 60 Params, of which 8 are set; each takes two calls or more.
    assert (transformed < 60, created < 10) == (True, True), (transformed, created)


def test_a_param_that_is_cleared_is_javas_default(model, rows):
    cleared = model.copy({model.encodeK: 1})
    assert all(np.count_nonzero(code) == 1 for code in codes(cleared.transform(rows)))
    cleared.clear(cleared.encodeK)
    assert codes(cleared.transform(rows)) == codes(model.transform(rows))


def test_a_default_that_depends_on_others_is_the_libraries(rows):
    # Not set, the solver of a BatchTopK model is adam, though PySpark's default says l-bfgs.
    wide = SparseAutoencoder(inputCol="features", hiddenLayers=[8], batchTopK=2, maxIter=1)
    assert wide.fit(rows).report()["stages"][0]["activity"]["firingFrequencies"]


def test_a_model_measures_its_training_rows_as_the_fit_did(model, rows):
    measured = model.evaluate(rows)
    reported = model.report()["statistics"]
    assert measured["rows"] == 200
    assert measured["l0"] == reported["l0"]
    assert measured["fvu"] == pytest.approx(reported["fvu"], rel=1e-9)


def test_a_model_goes_through_the_files_of_another_library(model, rows, tmp_path):
    ModelFormats.write(model, "saelens", str(tmp_path / "saelens"))
    back = ModelFormats.read(str(tmp_path / "saelens"))
    assert type(back) is SparseAutoencoderModel
    assert not back.hasSummary
    back.setInputCol("features").setOutputCol("code")
    assert np.allclose(codes(back.transform(rows)), codes(model.transform(rows)), atol=1e-5)
    with pytest.raises(Exception, match="exists already"):
        ModelFormats.write(model, "saelens", str(tmp_path / "saelens"))
    with pytest.raises(Exception, match="no such folder"):
        ModelFormats.read(str(tmp_path / "nowhere"))


@pytest.fixture
def no_default_file_system(spark):
    hadoop = spark.sparkContext._jsc.hadoopConfiguration()
    before = hadoop.get("fs.defaultFS")
    hadoop.set("fs.defaultFS", "elsewhere://host")
    yield
    hadoop.set("fs.defaultFS", before)


def test_the_driver_alone_writes_weights(model, spark, no_default_file_system):
    spark.sparkContext.setJobGroup("weights", "weights and report")
    try:
        assert model.weights()["encoder.0.weight"].shape == (8, 6)
        assert model.report()["statistics"]["rows"] == 200
    finally:
        spark.sparkContext.setLocalProperty("spark.jobGroup.id", None)
    if (4, 1) <= VersionUtils.majorMinorVersion(spark.version):
        assert not spark.sparkContext.statusTracker().getJobIdsForGroup("weights")


def test_a_model_becomes_tensors_of_torch(model, monkeypatch, no_default_file_system):
    torch = types.SimpleNamespace(from_numpy=lambda array: ("tensor", array))
    monkeypatch.setitem(sys.modules, "torch", torch)
    tensors = model.to_torch()
    assert tensors["encoder.0.weight"][0] == "tensor"
    assert np.array_equal(tensors["encoder.0.bias"][1], model.weights()["encoder.0.bias"])
