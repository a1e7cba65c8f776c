from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.sem.data.ordinal.sample import OrdinalSample, Statistics
from vaar.sem.estimators.dwls.objective import (
    DiagonalLeastSquares,
    Places,
    implied_statistics,
    slopes,
)
from vaar.sem.model.latent_response import response_scale
from vaar.sem.model.matrices import imply

MODEL = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ f\nx1 ~~ y1"


@pytest.fixture(params=["delta", "theta"])
def fit(request: pytest.FixtureRequest) -> sem.Fit:
    """Simulated answers, one variable of them continuous, in two groups."""
    rng = np.random.default_rng(3)
    parts = []
    for name in "uv":
        f = rng.normal(size=200)
        g = 0.5 * f + rng.normal(size=200)
        y = np.column_stack([0.8 * f, f, 0.7 * f, g, 0.9 * g, 0.6 * g]) + rng.normal(size=(200, 6))
        part = pd.DataFrame(
            np.searchsorted([-1, 0.3, 1.2], y), columns=["x1", "x2", "x3", "y1", "y2", "y3"]
        )
        part["x3"] = y[:, 2]
        part["group"] = name
        parts.append(part)
    return sem.fit(
        MODEL,
        pd.concat(parts, ignore_index=True),
        group="group",
        estimator="WLSMV",
        ordered=["x1", "x2", "y1", "y2", "y3"],
        parameterization=request.param,
        group_equal=["loadings", "thresholds", "intercepts"],
    )


def statistics_of(fit: sem.Fit) -> Statistics:
    assert isinstance(fit.sample, OrdinalSample)
    return fit.sample.statistics


def objective_at(fit: sem.Fit, base: np.ndarray) -> DiagonalLeastSquares:
    statistics = statistics_of(fit)
    every = np.arange(base.shape[1])
    places = Places.of(every, fit.structure, statistics.frame)
    return DiagonalLeastSquares(statistics, statistics.weight, fit.structure, places, base)


def away(fit: sem.Fit) -> np.ndarray:
    """A point that is not the minimum."""
    step = np.random.default_rng(1).normal(scale=0.05, size=fit.solution.theta.shape)
    return fit.solution.theta + step


def numerical(function, theta: np.ndarray) -> np.ndarray:
    """Central differences, by parameter, along a last axis."""
    out = []
    for place in range(theta.shape[1]):
        step = np.zeros_like(theta)
        step[:, place] = 1e-6
        out.append((function(theta + step) - function(theta - step)) / 2e-6)
    return np.stack(out, axis=-1)


def test_slopes_are_the_derivatives_of_the_implied_statistics(fit: sem.Fit) -> None:
    theta, frame = away(fit), statistics_of(fit).frame

    def statistics(at: np.ndarray) -> np.ndarray:
        implied = imply(at, fit.structure)
        return implied_statistics(implied, response_scale(implied, fit.structure), frame)

    implied = imply(theta, fit.structure)
    places = Places.of(np.arange(theta.shape[1]), fit.structure, frame)
    scale = response_scale(implied, fit.structure)
    expected = numerical(statistics, theta)
    for group in range(2):
        found = slopes(implied, scale, fit.structure, frame, places, group)
        np.testing.assert_allclose(found.full, expected[group], atol=1e-7)


def test_gradient_is_the_derivative_of_the_loss(fit: sem.Fit) -> None:
    theta = away(fit)
    objective = objective_at(fit, theta)
    expected = numerical(lambda at: objective.loss(objective.evaluate(at)), theta)
    np.testing.assert_allclose(
        objective.gradient(objective.evaluate(theta)), expected, rtol=1e-5, atol=1e-5
    )


def test_information_is_the_weighted_product_of_the_slopes(fit: sem.Fit) -> None:
    theta, statistics = away(fit), statistics_of(fit)
    objective = objective_at(fit, theta)
    at = objective.evaluate(theta)
    frame, places = statistics.frame, objective.places
    for group in range(2):
        found = slopes(at.implied, at.scale, fit.structure, frame, places, group)
        jacobian, weight = found.full, statistics.weight[group][:, None]
        np.testing.assert_allclose(
            found.information(statistics.weight[group]),
            jacobian.T @ (weight * jacobian),
            rtol=1e-9,
            atol=1e-9,
        )
        np.testing.assert_allclose(
            found.scores(statistics.influence[group], statistics.weight[group]),
            statistics.influence[group] @ (weight * jacobian),
            rtol=1e-9,
            atol=1e-9,
        )


def test_scales_out_of_their_domain_are_never_best(fit: sem.Fit) -> None:
    objective = objective_at(fit, fit.solution.theta)
    kind = "~*~" if fit.spec.parameterization == "delta" else "~~"
    place = next(
        i
        for i, row in enumerate(fit.spec.rows)
        if row.op == kind and row.lhs == "x1" and row.rhs == "x1"
    )
    theta = fit.solution.theta.copy()
    theta[1, place] = -9.0
    with np.errstate(invalid="ignore"):
        loss = objective.loss(objective.evaluate(theta))
    assert np.isfinite(loss[0])
    assert np.isinf(loss[1])
