import numpy as np
import pytest

import vaar.sem as sem
from vaar.analyses.alignment.paths import PathIndex, estimates
from vaar.calibration.path_draws import path_covariances, path_draws
from vaar.study.model import Hypothesis

MODEL = "f =~ a + b + c\ny ~ f + x"
PATHS = (Hypothesis("y", "f", 1), Hypothesis("y", "x", 1))


@pytest.fixture(scope="module")
def fit():
    import pandas as pd

    rng = np.random.default_rng(1)
    f, x = rng.standard_normal((2, 300))
    y = 0.4 * f + 0.3 * x + rng.standard_normal(300)
    data = {n: f + rng.standard_normal(300) for n in "abc"} | {"x": x, "y": y}
    groups = np.repeat(["one", "two"], 150)
    return sem.fit(MODEL, pd.DataFrame(data).assign(g=groups), "g", "MLR", std_lv=True)


def test_variances_are_the_squared_standard_errors_of_the_fit(fit):
    index = PathIndex.of(fit, PATHS)
    covariances = path_covariances(fit, index)
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    assert np.sqrt(variances) == pytest.approx(estimates(fit, index).std_se, rel=1e-8)


def test_draws_have_these_moments(fit):
    index = PathIndex.of(fit, PATHS)
    estimate = estimates(fit, index).std_estimate
    draws = path_draws(fit, index, estimate, np.random.default_rng(2), 20_000)
    error = estimates(fit, index).std_se / np.sqrt(20_000)
    assert (np.abs(draws.mean(axis=0) - estimate) < 4 * error).all()
    for g, covariance in enumerate(path_covariances(fit, index)):
        assert np.cov(draws[:, g].T) == pytest.approx(covariance, rel=0.05, abs=1e-4)


def test_what_is_not_estimable_is_not_drawn(fit):
    index = PathIndex.of(fit, PATHS)
    estimate = estimates(fit, index).std_estimate.copy()
    estimate[1, 0] = np.nan
    draws = path_draws(fit, index, np.vstack([estimate, [np.nan, np.nan]]), np.random.default_rng())
    assert np.isfinite(draws[:, 0]).all()
    assert np.isnan(draws[:, 1:]).all()
