"""The traces against their textbook formulas, with Γ and U as whole matrices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.sem.data.ordinal.sample import OrdinalSample
from vaar.sem.estimators.dwls.estimator import slopes_at
from vaar.sem.fit_measures.ordinal_robust import (
    Traces,
    baseline_traces,
    mean_adjusted,
    mean_variance_adjusted,
    model_traces,
    pieces_of,
)


@pytest.fixture
def fit() -> sem.Fit:
    """Simulated answers in two groups of different size."""
    rng = np.random.default_rng(5)
    parts = []
    for name, n in (("u", 120), ("v", 180)):
        f = rng.normal(size=n)
        y = np.outer(f, [0.8, 1.0, 0.6, 0.9]) + rng.normal(size=(n, 4))
        part = pd.DataFrame(np.searchsorted([-1, 0.5], y), columns=["x1", "x2", "x3", "x4"])
        parts.append(part.assign(group=name))
    data = pd.concat(parts, ignore_index=True)
    equal = ["loadings", "thresholds"]
    model = "f =~ x1 + x2 + x3 + x4"
    return sem.fit(model, data, group="group", estimator="WLSMV", ordered=True, group_equal=equal)


def sample_of(fit: sem.Fit) -> OrdinalSample:
    assert isinstance(fit.sample, OrdinalSample)
    return fit.sample


def whole_matrices(fit: sem.Fit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Γ/n, weights n W and J of both groups together."""
    sample, layout = sample_of(fit), fit.layout
    statistics = sample.statistics
    found = slopes_at(sample, fit.structure, layout, fit.solution.theta)
    size = statistics.frame.size
    gamma = np.zeros((2 * size, 2 * size))
    jacobian = np.zeros((2 * size, layout.n_free))
    for g, influence in enumerate(statistics.influence):
        part = slice(g * size, (g + 1) * size)
        gamma[part, part] = influence.T @ influence / statistics.n[g] ** 2
        for column, place in enumerate(found.places.at):
            if layout.index[g, place] >= 0:
                jacobian[part, layout.index[g, place]] += found(g).full[:, column]
    weight = (statistics.n[:, None] * statistics.weight).ravel()
    return gamma, weight, jacobian


def test_model_traces(fit: sem.Fit) -> None:
    pieces = list(pieces_of(sample_of(fit), fit.structure, fit.layout, fit.solution))
    gamma, weight, jacobian = whole_matrices(fit)
    weighted = weight[:, None] * jacobian
    u = np.diag(weight) - weighted @ np.linalg.solve(jacobian.T @ weighted, weighted.T)
    traces = model_traces(pieces[0]) + model_traces(pieces[1])
    assert traces.first == pytest.approx(np.trace(u @ gamma), rel=1e-9)
    assert traces.second == pytest.approx(np.trace(u @ gamma @ u @ gamma), rel=1e-9)


def test_baseline_traces(fit: sem.Fit) -> None:
    gamma, weight, _ = whole_matrices(fit)
    statistics = sample_of(fit).statistics
    pairs = np.zeros(weight.shape, dtype=bool).reshape(2, -1)
    pairs[:, statistics.frame.pairs] = True
    u = np.diag(np.where(pairs.ravel(), weight, 0.0))
    parts = [
        baseline_traces(
            influence[:, statistics.frame.pairs],
            statistics.weight[g, statistics.frame.pairs],
            statistics.n[g],
        )
        for g, influence in enumerate(statistics.influence)
    ]
    traces = parts[0] + parts[1]
    assert traces.first == pytest.approx(np.trace(u @ gamma))
    assert traces.second == pytest.approx(np.trace(u @ gamma @ u @ gamma))


def test_adjusted_tests_have_the_moments_of_chi_square() -> None:
    eigenvalues = np.array([0.3, 0.8, 1.7, 2.2])
    traces = Traces(eigenvalues.sum(), (eigenvalues**2).sum())
    both = mean_variance_adjusted(10.0, 4.0, traces)
    assert traces.first / both.factor + both.shift == pytest.approx(4.0)
    assert 2 * traces.second / both.factor**2 == pytest.approx(8.0)
    mean = mean_adjusted(10.0, 4.0, traces)
    assert traces.first / mean.factor == pytest.approx(4.0)
    assert mean.shift == 0.0


def test_no_degrees_of_freedom_no_adjustment() -> None:
    found = mean_variance_adjusted(0.0, 0.0, Traces(0.0, 0.0))
    assert found.scaled == 0.0 and np.isnan(found.factor)
