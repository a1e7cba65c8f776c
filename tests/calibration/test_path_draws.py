from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.paths import PathIndex, estimates
from vaar.analyses.alignment.resample import bootstrapping
from vaar.calibration.path_draws import drawing, path_covariances
from vaar.study.model import Hypothesis

MODEL = "f =~ a + b + c\ny ~ f + x"
PATHS = (Hypothesis("y", "f", 1), Hypothesis("y", "x", 1))


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    f, x = rng.standard_normal((2, 300))
    y = 0.4 * f + 0.3 * x + rng.standard_normal(300)
    data = {n: f + rng.standard_normal(300) for n in "abc"} | {"x": x, "y": y}
    groups = np.repeat(["one", "two"], 150)
    return pd.DataFrame(data).assign(g=groups)


@pytest.fixture(scope="module")
def fit(data):
    return sem.fit(MODEL, data, "g", "MLR", std_lv=True)


def test_variances_are_the_squared_standard_errors_of_the_fit(fit):
    index = PathIndex.of(fit, PATHS)
    covariances = path_covariances(fit, index)
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    assert np.sqrt(variances) == pytest.approx(estimates(fit, index).std_se, rel=1e-8)


def test_draws_have_these_moments(fit):
    index = PathIndex.of(fit, PATHS)
    estimate = estimates(fit, index).std_estimate
    draws = drawing(np.random.default_rng(2), 20_000)(fit, index)
    error = estimates(fit, index).std_se / np.sqrt(20_000)
    assert (np.abs(draws.mean(axis=0) - estimate) < 4 * error).all()
    for g, covariance in enumerate(path_covariances(fit, index)):
        assert np.cov(draws[:, g].T) == pytest.approx(covariance, rel=0.05, abs=1e-4)


def test_units_are_drawn_whole(fit, data):
    """Rows of a unit add up: every row twice over has the covariance of the rows themselves."""
    index = PathIndex.of(fit, PATHS)
    twice = sem.fit(MODEL, pd.concat([data, data], ignore_index=True), "g", "MLR", std_lv=True)
    units = pd.Series(np.tile(np.arange(len(data)), 2))
    alone = path_covariances(fit, index)
    assert path_covariances(twice, index, units) == pytest.approx(alone, rel=1e-5)
    assert path_covariances(twice, index) == pytest.approx(alone / 2, rel=1e-5)


def test_a_unit_does_not_reach_from_group_to_group(fit, data):
    index = PathIndex.of(fit, PATHS)
    numbers = np.arange(150)
    apart = path_covariances(fit, index, pd.Series(np.concatenate([numbers, 1000 + numbers])))
    alike = path_covariances(fit, index, pd.Series(np.tile(numbers, 2)))
    assert alike == pytest.approx(apart, rel=1e-12)


def test_draws_spread_as_the_bootstrap_does(fit):
    index = PathIndex.of(fit, PATHS)
    again = bootstrapping(AlignmentOptions(replicates=800))(fit, index)
    drawn = drawing(np.random.default_rng(3), 800)(fit, index)
    # errors of either spread are 2.5 %; at 150 rows the bootstrap is wider to second order
    assert drawn.std(axis=0) == pytest.approx(again.std(axis=0), rel=0.15)


def test_what_has_no_errors_is_not_drawn(fit):
    index = PathIndex.of(fit, PATHS)
    unknown = replace(fit, solution=replace(fit.solution, precision=None))
    wider = PathIndex((*index.groups, "dropped"), index.rows)
    draws = drawing(np.random.default_rng(), 5)
    assert np.isnan(draws(unknown, index)).all()
    assert np.isnan(draws(fit, wider)[:, 2]).all() and np.isfinite(draws(fit, wider)[:, :2]).all()
