"""The multivariate random-intercept model."""

from __future__ import annotations

import numpy as np
import pytest
import scipy

from vaar.sem.arrays import Floats
from vaar.sem.two_level.mixed_model import Mixed, Products, fit_mixed

SIZES = np.array([2, 3, 5])


def products(
    seed: int, q: int, clusters: int, spread: float = 0.7
) -> tuple[Products, list[Floats]]:
    """Rows of q variables and a constant, in clusters of three sizes; and the clusters."""
    rng = np.random.default_rng(seed)
    rows, groups = [], []
    for size in SIZES:
        for _ in range(clusters):
            b = spread * rng.normal(size=q)
            groups.append(1 + b + rng.normal(size=(size, q)) @ (np.eye(q) + 0.3))
            rows.append(size)
    contrast = np.zeros((q + 1, q + 1))
    for y in groups:
        contrast[1:, 1:] += (y - y.mean(0)).T @ (y - y.mean(0))
    total = [contrast]
    for size in SIZES:
        means = np.array([np.append(1, y.mean(0)) for y in groups if len(y) == size])
        total.append(means.T @ means)
    n = np.array([sum(rows) - len(rows), *([clusters] * 3)], dtype=float)
    made = Products(n, np.array(total), np.array([1, *(1 / SIZES)]), np.array([0.0, 1, 1, 1]))
    return made, groups


def log_likelihood(found: Mixed, groups: list[Floats]) -> float:
    """Of whole clusters, each of whose stacked rows is normal: by its definition."""
    out = 0.0
    for y in groups:
        n = len(y)
        cov = np.kron(np.eye(n), found.within) + np.kron(np.ones((n, n)), found.between)
        mean = np.tile(found.slopes[0], n)
        out += scipy.stats.multivariate_normal.logpdf(y.ravel(), mean, cov)
    return float(out)


def test_no_step_in_any_direction_gains() -> None:
    made, groups = products(1, 2, 12)
    found = fit_mixed(made, np.eye(2), np.eye(2))
    assert found.inside and found.converged
    best = log_likelihood(found, groups)
    for part in ("within", "between"):
        for i, j in ((0, 0), (0, 1), (1, 1)):
            step = np.zeros((2, 2))
            step[i, j] = step[j, i] = 1e-3
            for sign in (1, -1):
                moved = {name: getattr(found, name) for name in ("within", "between", "slopes")}
                moved[part] = moved[part] + sign * step
                other = log_likelihood(Mixed(**moved, inside=True, converged=True), groups)
                assert 0 < best - other < 1e-2


def test_unrelated_variables_are_those_fitted_one_by_one() -> None:
    made, _ = products(2, 3, 15)
    found = fit_mixed(made, np.eye(3), np.eye(3), diagonal=True)
    for j in range(3):
        alone = fit_mixed(made.of([0, 1 + j]), np.eye(1), np.eye(1))
        assert found.within[j, j] == pytest.approx(alone.within[0, 0], rel=1e-6)
        assert found.between[j, j] == pytest.approx(alone.between[0, 0], rel=1e-5)
    assert not (found.within - np.diag(np.diagonal(found.within))).any()


def test_without_an_inner_maximum_no_variance_is_negative() -> None:
    """Two clusters of each size for four variables: where clusters of the largest size leave a
    direction empty, the likelihood has no bound."""
    made, groups = products(3, 4, 2, spread=0.0)
    found = fit_mixed(made, np.eye(4), np.eye(4))
    assert not found.inside and found.converged
    values = np.linalg.eigvalsh(found.between)
    assert values[0] > -1e-9
    nothing = Mixed(found.within, np.zeros((4, 4)), found.slopes, False, True)
    assert log_likelihood(found, groups) >= log_likelihood(nothing, groups)
