from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.scoring.one_factor import BOUNDARY, OneFactor, fit_one_factor

LOADINGS = np.array([0.9, 1.4, -0.5, 2.0])
RESIDUALS = np.array([0.5, 1.0, 0.7, 3.0])


def implied(loadings: np.ndarray, residuals: np.ndarray) -> np.ndarray:
    return np.outer(loadings, loadings) + np.diag(residuals)


def test_a_one_factor_covariance_is_recovered() -> None:
    model = fit_one_factor(implied(LOADINGS, RESIDUALS))
    assert model is not None
    np.testing.assert_allclose(model.residuals, RESIDUALS, rtol=1e-5)
    sign = np.sign(model.loadings[0])
    np.testing.assert_allclose(sign * model.loadings, LOADINGS, rtol=1e-5)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), scale=st.lists(st.floats(0.01, 100), min_size=5, max_size=5))
def test_rescaled_items_rescale_the_solution(seed: int, scale: list[float]) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(80, 1)) + rng.normal(size=(80, 5))
    covariance, factors = np.cov(rows, rowvar=False), np.array(scale)
    plain = fit_one_factor(covariance)
    scaled = fit_one_factor(covariance * np.outer(factors, factors))
    assert plain is not None
    assert scaled is not None
    np.testing.assert_allclose(scaled.residuals, plain.residuals * factors**2, rtol=1e-4)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_the_deviance_is_stationary_to_rounding(seed: int) -> None:
    """Σ⁻¹ (Σ − S) Σ⁻¹ has a diagonal of zeros wherever no residual lies at a bound."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(200, 1)) + rng.normal(size=(200, 6))
    covariance = np.cov(rows, rowvar=False)
    model = fit_one_factor(covariance)
    assert model is not None
    sigma = implied(model.loadings, model.residuals)
    slope = np.diag(model.inverse @ (sigma - covariance) @ model.inverse)
    np.testing.assert_allclose(slope, 0, atol=1e-12)


def test_the_information_is_the_curvature_of_the_likelihood() -> None:
    """At the true covariance, half the second derivative of the deviance, by differences."""
    model = OneFactor(LOADINGS, RESIDUALS)
    covariance, point, step = implied(LOADINGS, RESIDUALS), np.r_[LOADINGS, RESIDUALS], 1e-4

    def deviance(at: np.ndarray) -> float:
        sigma = implied(at[:4], at[4:])
        return np.linalg.slogdet(sigma)[1] + np.trace(np.linalg.solve(sigma, covariance))

    unit = step * np.eye(8)
    hessian = np.array(
        [
            [
                deviance(point + a + b)
                - deviance(point + a - b)
                - deviance(point - a + b)
                + deviance(point - a - b)
                for b in unit
            ]
            for a in unit
        ]
    ) / (4 * step**2)
    np.testing.assert_allclose(model.information(), hessian / 2, atol=2e-5)


def test_an_improper_solution_stops_at_the_boundary() -> None:
    covariance = np.array([[1, 0.9, 0.9], [0.9, 1, 0.5], [0.9, 0.5, 1]])
    model = fit_one_factor(covariance)
    assert model is not None
    assert model.residuals[0] == pytest.approx(BOUNDARY)


def test_scores_have_mean_zero_at_the_maximum_and_the_information_as_variance() -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(20_000, 1)) * LOADINGS + rng.normal(size=(20_000, 4)) * RESIDUALS**0.5
    model = fit_one_factor(np.cov(rows, rowvar=False, ddof=0))
    assert model is not None
    scores = model.scores(rows)
    np.testing.assert_allclose(scores.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(np.cov(scores, rowvar=False), model.information(), atol=0.1)
