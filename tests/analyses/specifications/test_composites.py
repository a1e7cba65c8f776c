"""Corrected composites against the closed form of parallel indicators, and against the engine."""

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.analyses.specifications.composites import Composites
from vaar.study.model import Hypothesis

MODEL = """
f =~ f1 + f2 + f3
g =~ g1 + g2 + g3 + g4
y =~ y1 + y2
y ~ f + g
"""
HYPOTHESES = (Hypothesis("y", "f", -1), Hypothesis("y", "g", 1))


@pytest.fixture(scope="module")
def composites():
    return Composites.of(MODEL, HYPOTHESES)


def covariance(composites, error):
    """Of parallel indicators: true paths −.4 and .3, predictors correlated .2, variances 1."""
    paths, between = np.array([-0.4, 0.3]), np.array([[1.0, 0.2], [0.2, 1.0]])
    latent = np.eye(3)
    latent[:2, :2] = between
    latent[2, :2] = latent[:2, 2] = between @ paths
    owner = [{"f": 0, "g": 1, "y": 2}[name[0]] for name in composites.columns]
    return latent[np.ix_(owner, owner)] + np.diag(np.full(len(owner), error))


@pytest.mark.parametrize("error", [0.2, 1.0, 4.0])
def test_parallel_indicators_give_the_true_paths_whatever_their_error(composites, error):
    found = composites.corrected(covariance(composites, error))
    np.testing.assert_allclose(found, [-0.4, 0.3], atol=1e-12)


def test_it_is_the_model_in_which_error_variances_are_fixed(composites):
    """The engine, composites as single indicators whose error variance is (1 − α) times theirs."""
    rng = np.random.default_rng(3)
    rows = pd.DataFrame(
        rng.multivariate_normal(np.zeros(9), covariance(composites, 0.8), 300),
        columns=list(composites.columns),
    )
    whole, again = composites.estimated(rows, [np.arange(300)])
    np.testing.assert_allclose(again[0], whole)
    lines, means = [MODEL.splitlines()[-1]], {}
    for name, own in composites.indicators.items():
        block = np.cov(rows[list(own)].to_numpy(), rowvar=False)
        alpha = len(own) / (len(own) - 1) * (1 - np.trace(block) / block.sum())
        means[f"m{name}"] = rows[list(own)].mean(axis=1)
        # ML has the divisor n
        error = (1 - alpha) * means[f"m{name}"].var(ddof=0)
        lines += [f"{name} =~ 1*m{name}", f"m{name} ~~ {error:.12f}*m{name}"]
    fit = sem.fit("\n".join([*lines, "f ~~ g"]), pd.DataFrame(means))
    paths = fit.params[fit.params["op"] == "~"]["std_all"]
    np.testing.assert_allclose(paths, whole, atol=1e-5)  # the search ends within that


def test_no_reliability_no_path(composites):
    unrelated = np.eye(9) - 0.2 * (1 - np.eye(9))
    assert np.isnan(composites.corrected(unrelated)).all()
