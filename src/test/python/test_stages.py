"""Stages do in Python what they do in Java, in classic sessions and with Spark Connect."""

import sys

import numpy as np
import pytest
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.tuning import CrossValidator, CrossValidatorModel, ParamGridBuilder

from conftest import codes
from sparksae import (
    ArrayVectorizer,
    ConvolutionalSparseAutoencoder,
    ConvolutionalSparseAutoencoderModel,
    ImageVectorizer,
    PatchScaling,
    PatchScalingModel,
    ReconstructionEvaluator,
    SparseAutoencoder,
    SparseAutoencoderModel,
    ZcaWhitening,
    ZcaWhiteningModel,
)


def test_a_model_adds_codes(model, rows):
    added = model.transform(rows)
    assert added.columns == ["id", "features", "label", "code", "back"]
    assert all(np.count_nonzero(code) == 2 for code in codes(added))


def test_a_column_of_the_rows_is_found_after_transform(model, rows):
    added = model.transform(rows)
    assert added.select(rows["label"], "code").count() == 200
    assert added.join(rows.select("id"), "id").count() == 200


def test_a_model_has_the_params_of_its_estimator(model, autoencoder):
    assert model.uid == autoencoder.uid
    assert model.getK() == 2
    assert model.getHiddenLayers() == [8]


def test_params_of_a_model_change_transform(model, rows):
    more = model.copy().setEncodeK(4).setOutputCol("more")
    assert all(np.count_nonzero(code) == 4 for code in codes(more.transform(rows), "more"))
    assert not model.isSet("encodeK")


def test_params_of_a_call_do_not_stay(autoencoder, rows):
    one = autoencoder.fit(rows, {autoencoder.k: np.int64(1), autoencoder.maxIter: 1})
    assert one.getK() == 1
    assert autoencoder.getK() == 2


def test_several_models_come_in_the_order_of_their_params(autoencoder, rows):
    maps = [{autoencoder.k: 1, autoencoder.maxIter: 1}, {autoencoder.k: 3, autoencoder.maxIter: 1}]
    assert [one.getK() for one in autoencoder.fit(rows, maps)] == [1, 3]


def test_a_fit_has_a_summary(model):
    assert model.hasSummary
    assert model.summary.totalIterations == 5
    history = model.summary.objectiveHistory
    assert len(history) == 5 and history[-1] < history[0]


def test_a_report_has_the_statistics(model):
    report = model.report()
    assert report["statistics"]["rows"] == 200
    assert 0 < report["statistics"]["fvu"] < 1
    assert report["stages"][0]["history"]


def test_a_loaded_model_is_the_model(model, rows, tmp_path):
    model.write().overwrite().save(str(tmp_path / "model"))
    loaded = SparseAutoencoderModel.load(str(tmp_path / "model"))
    assert loaded.uid == model.uid
    assert loaded.getK() == 2
    assert loaded.hasSummary
    assert loaded.summary.objectiveHistory == model.summary.objectiveHistory
    assert codes(loaded.transform(rows)) == codes(model.transform(rows))


def test_a_loaded_estimator_has_the_params_that_were_set(autoencoder, tmp_path):
    autoencoder.save(str(tmp_path / "estimator"))
    loaded = SparseAutoencoder.load(str(tmp_path / "estimator"))
    assert {p.name: v for p, v in loaded._paramMap.items()} == {
        p.name: v for p, v in autoencoder._paramMap.items()
    }
    assert not loaded.isSet("activation")


def test_weights_are_arrays_by_name(model, rows):
    weights = model.weights()
    assert {name: array.shape for name, array in weights.items()} == {
        "encoder.0.weight": (8, 6),
        "encoder.0.bias": (8,),
        "decoder.0.weight": (8, 6),
        "decoder.0.bias": (6,),
    }
    # A k-sparse code: the two of largest magnitude; x_hat = D' h + c.
    x = np.array(rows.orderBy("id").select("features").first()[0], dtype=np.float32)
    h = weights["encoder.0.weight"] @ x + weights["encoder.0.bias"]
    h[np.argsort(-np.abs(h))[2:]] = 0
    back = h @ weights["decoder.0.weight"] + weights["decoder.0.bias"]
    first = model.transform(rows).orderBy("id").first()
    assert np.allclose(first.code.toArray(), h, atol=1e-5)
    assert np.allclose(first.back.toArray(), back, atol=1e-5)


def test_without_torch_the_message_names_the_remedy(model, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(ImportError, match="install torch"):
        model.to_torch()


def test_an_evaluator_measures_columns(model, rows):
    measured = ReconstructionEvaluator(inputCol="features", reconstructionCol="back")
    share = measured.evaluate(model.transform(rows))
    assert share == pytest.approx(1 - model.report()["statistics"]["fvu"], rel=1e-5)
    assert measured.evaluate(model.transform(rows), {measured.metricName: "mse"}) > 0


def test_a_pipeline_is_saved_and_loaded(autoencoder, rows, tmp_path):
    stages = [
        ArrayVectorizer(inputCol="features", outputCol="vector"),
        autoencoder.copy({autoencoder.inputCol: "vector"}),
        LogisticRegression(featuresCol="code", maxIter=5),
    ]
    pipeline = Pipeline(stages=stages)
    pipeline.save(str(tmp_path / "pipeline"))
    fitted = Pipeline.load(str(tmp_path / "pipeline")).fit(rows)
    fitted.save(str(tmp_path / "fitted"))
    loaded = PipelineModel.load(str(tmp_path / "fitted"))
    assert [type(stage) for stage in loaded.stages[:2]] == [ArrayVectorizer, SparseAutoencoderModel]
    assert codes(loaded.transform(rows)) == codes(fitted.transform(rows))
    assert loaded.stages[1].hasSummary


def test_a_pipeline_is_loaded_where_nothing_is_imported(model, tmp_path, monkeypatch):
    PipelineModel(stages=[model]).save(str(tmp_path / "fitted"))
    for name in [name for name in sys.modules if name.startswith("org.sparksae")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sparksae", None)
    stage = PipelineModel.load(str(tmp_path / "fitted")).stages[0]
    assert type(stage).__name__ == "SparseAutoencoderModel"
    assert type(stage) is not SparseAutoencoderModel
    assert stage.getK() == 2


def test_cross_validation_chooses_k(autoencoder, rows, tmp_path):
    validator = CrossValidator(
        estimator=autoencoder,
        estimatorParamMaps=ParamGridBuilder().addGrid(autoencoder.k, [1, 3]).build(),
        evaluator=ReconstructionEvaluator(inputCol="features", reconstructionCol="back"),
        numFolds=2,
        seed=1,
    )
    chosen = validator.fit(rows)
    assert chosen.avgMetrics[1] > chosen.avgMetrics[0]
    assert chosen.bestModel.getK() == 3
    chosen.save(str(tmp_path / "chosen"))
    loaded = CrossValidatorModel.load(str(tmp_path / "chosen"))
    assert isinstance(loaded.bestModel, SparseAutoencoderModel)
    assert isinstance(loaded.getEvaluator(), ReconstructionEvaluator)
    assert codes(loaded.transform(rows)) == codes(chosen.transform(rows))


@pytest.mark.parametrize(
    ("estimator", "type_of_model"),
    [(PatchScaling, PatchScalingModel), (ZcaWhitening, ZcaWhiteningModel)],
)
def test_preparing_stages_learn_and_are_saved(estimator, type_of_model, rows, tmp_path):
    fitted = estimator(inputCol="features", outputCol="ready").fit(rows)
    assert type(fitted) is type_of_model
    fitted.save(str(tmp_path / "fitted"))
    loaded = type_of_model.load(str(tmp_path / "fitted"))
    assert loaded.getOutputCol() == "ready"
    assert codes(loaded.transform(rows), "ready") == codes(fitted.transform(rows), "ready")


def test_a_default_output_column_is_that_of_the_estimator(rows):
    estimator = ZcaWhitening(inputCol="features")
    fitted = estimator.fit(rows)
    assert fitted.getOutputCol() == estimator.uid + "__output"
    assert fitted.transform(rows).columns[-1] == estimator.uid + "__output"


def test_a_convolutional_model_learns_and_is_saved(rows, tmp_path):
    estimator = ConvolutionalSparseAutoencoder(
        inputCol="features",
        outputCol="code",
        imageShape=[1, 2, 3],
        filters=[2],
        kernelSizes=[1],
        solver="adam",
        maxIter=2,
    )
    fitted = estimator.fit(rows)
    fitted.save(str(tmp_path / "fitted"))
    loaded = ConvolutionalSparseAutoencoderModel.load(str(tmp_path / "fitted"))
    assert codes(loaded.transform(rows)) == codes(fitted.transform(rows))
    assert len(codes(loaded.transform(rows))[0]) == 2 * 2 * 3
    assert loaded.weights()["encoder.0.weight"].shape[0] == 2


def test_images_become_vectors(spark):
    one_pixel = bytes.fromhex(
        "424d3a000000000000003600000028000000010000000100000001001800000000000400000000000000000000"
        "0000000000000000000000ff00"
    )
    images = spark.createDataFrame([(0, bytearray(one_pixel))], "id int, content binary")
    stage = ImageVectorizer(inputCol="content", outputCol="pixels", imageShape=[3, 1, 1])
    assert codes(stage.transform(images), "pixels") == [[1.0, 0.0, 0.0]]


def test_a_model_encodes_a_stream(model, rows, spark, tmp_path):
    rows.write.parquet(str(tmp_path / "rows"))
    stream = spark.readStream.schema(rows.schema).parquet(str(tmp_path / "rows"))
    query = (
        model.transform(stream)
        .writeStream.format("parquet")
        .option("checkpointLocation", str(tmp_path / "checkpoints"))
        .trigger(availableNow=True)
        .start(str(tmp_path / "codes"))
    )
    assert query.awaitTermination(120)
    encoded = spark.read.parquet(str(tmp_path / "codes"))
    assert codes(encoded) == codes(model.transform(rows))


def test_sql_encodes_with_a_saved_model(model, rows, spark, tmp_path):
    model.save(str(tmp_path / "model"))
    rows.createOrReplaceTempView("rows")
    encoded = spark.sql(f"SELECT id, code FROM sae_encode(TABLE(rows), '{tmp_path}/model')")
    assert codes(encoded) == codes(model.transform(rows))
