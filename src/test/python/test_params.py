"""Params: values, defaults and errors."""

import numpy as np
import pytest

from sparksae import ConvolutionalSparseAutoencoder, ReconstructionEvaluator, SparseAutoencoder


@pytest.mark.usefixtures("spark")
class TestParams:
    def test_values_of_numpy_are_taken(self):
        stage = SparseAutoencoder(
            k=np.int32(3),
            seed=np.int64(2**40),
            stepSize=np.float32(0.25),
            tiedWeights=np.bool_(True),
            hiddenLayers=np.array([8, 4]),
            sparsityTargets=np.array([0.5, 0.25], dtype=np.float32),
            sparsityWeights=[np.float32(2), 3],
        )
        assert stage.getK() == 3 and type(stage.getK()) is int
        assert stage.getSeed() == 2**40
        assert stage.getStepSize() == 0.25 and type(stage.getStepSize()) is float
        assert stage.getTiedWeights() is True
        assert stage.getHiddenLayers() == [8, 4]
        assert stage.getSparsityTargets() == [0.5, 0.25]
        assert stage.getSparsityWeights() == [2.0, 3.0]

    @pytest.mark.parametrize(
        "params", [{"k": 2.5}, {"hiddenLayers": 8}, {"tiedWeights": 1}, {"stepSize": "fast"}]
    )
    def test_a_value_of_another_type_is_refused_by_name(self, params):
        with pytest.raises(TypeError, match=f'param "{next(iter(params))}"'):
            SparseAutoencoder(**params)

    def test_an_unknown_param_is_refused_by_name(self):
        with pytest.raises(TypeError, match="'kk'"):
            SparseAutoencoder(kk=3)
        with pytest.raises(TypeError, match="SparseAutoencoder has no Param 'filters'"):
            SparseAutoencoder().setParams(filters=[3])

    def test_none_leaves_a_param_unset(self):
        stage = SparseAutoencoder(k=None, maxIter=3).setParams(maxIter=None)
        assert not stage.isDefined(stage.k)
        assert stage.getMaxIter() == 3

    def test_a_positional_argument_is_refused(self):
        with pytest.raises(TypeError, match="keyword arguments"):
            SparseAutoencoder("features")

    def test_params_explain_themselves(self):
        text = ConvolutionalSparseAutoencoder(filters=[4]).explainParams()
        assert "topKBy: what makes a unit large" in text
        assert "current: [4]" in text

    def test_the_default_of_the_output_column_has_the_uid(self):
        stage = SparseAutoencoder()
        assert stage.getOutputCol() == stage.uid + "__output"
        stage._resetUid("mine")
        assert stage.getOutputCol() == "mine__output"

    def test_an_evaluator_knows_which_metrics_should_be_large(self):
        larger = [
            name
            for name in ("mse", "fvu", "explainedVariance", "cosine", "l0", "l1", "deadFraction")
            if ReconstructionEvaluator(metricName=name).isLargerBetter()
        ]
        assert larger == ["explainedVariance", "cosine"]


def test_a_value_against_the_rule_is_refused_by_the_library(rows):
    with pytest.raises(Exception, match="k must be 1 or more, got 0"):
        SparseAutoencoder(inputCol="features", hiddenLayers=[8], k=0).fit(rows)


def test_a_missing_column_is_refused_by_the_library(rows):
    with pytest.raises(Exception, match="inputCol"):
        SparseAutoencoder(inputCol="feature", hiddenLayers=[8]).fit(rows)
