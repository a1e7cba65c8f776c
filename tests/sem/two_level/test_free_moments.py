"""Free moments of two levels."""

from __future__ import annotations

import numpy as np

import vaar.sem as sem
from vaar.sem.two_level.estimator import TwoLevelMaximumLikelihood
from vaar.sem.two_level.fit import TwoLevelFit
from vaar.sem.two_level.free_moments import free_moments

from .conftest import clustered


def test_the_free_model_is_a_stationary_point_of_the_likelihood() -> None:
    """A model of all moments, found by the general search, has the same ones: predictors of one
    level alone among them."""
    free = "level: 1\ny1 ~~ y2 + y3 + x\ny2 ~~ y3 + x\ny3 ~~ x\nlevel: 2\n"
    free += "y1 ~~ y2 + y3 + w\ny2 ~~ y3 + w\ny3 ~~ w"
    data = clustered(4, 60)
    fit = sem.fit(free, data, cluster="cluster")
    assert isinstance(fit, TwoLevelFit)
    sample = fit.sample
    found = free_moments(sample, np.ones(fit.solution.implied.cov.shape[1], dtype=bool))
    assert found.inside.all() and found.converged.all()
    np.testing.assert_allclose(found.cov, fit.solution.implied.cov, atol=2e-5)
    np.testing.assert_allclose(found.mean, fit.solution.implied.mean, atol=2e-5)
    assert fit.measures["chisq"] < 1e-6 and fit.measures["df"] == 0


def test_more_variables_than_clusters_of_any_size_have_a_test_all_the_same() -> None:
    data = clustered(7, 24)
    for j in range(4, 11):
        rng = np.random.default_rng(j)
        data[f"y{j}"] = 0.7 * data["y1"] + rng.normal(size=len(data))
    items = " + ".join(f"y{j}" for j in range(1, 11))
    fit = sem.fit(f"level: 1\nf =~ {items}\nlevel: 2\nf =~ {items}", data, cluster="cluster")
    assert isinstance(fit, TwoLevelFit)
    assert np.isfinite(fit.measures["chisq"])
    assert isinstance(fit.estimator, TwoLevelMaximumLikelihood)
    assert fit.free_at_boundary == ("all",)
    assert "at its boundary: all" in repr(fit)
