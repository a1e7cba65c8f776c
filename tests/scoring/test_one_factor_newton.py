"""Newton's method for many one-factor models: its derivatives, and where it ends."""

from __future__ import annotations

import numpy as np

from vaar.scoring.one_factor import BOUNDARY, _searched, fit_one_factor, fit_one_factors
from vaar.scoring.one_factor_newton import minima, place_of

LEAST = float(np.log(BOUNDARY))


def correlations(groups: int, items: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    strength = rng.uniform(0.4, 1.2, size=(groups, 1, items))
    rows = strength * rng.normal(size=(groups, 150, 1)) + rng.normal(size=(groups, 150, items))
    return np.array([np.corrcoef(one, rowvar=False) for one in rows])


def test_derivatives_are_those_of_the_deviance() -> None:
    """By central differences, whose error is some 1e-10 here."""
    one, x, step = correlations(1, 5, 3), np.log([[0.4, 0.6, 0.5, 0.8, 0.7]]), 1e-5
    sides = [[place_of(one, x + sign * step * unit) for sign in (1, -1)] for unit in np.eye(5)]
    gradient = [(a.deviance[0] - b.deviance[0]) / (2 * step) for a, b in sides]
    hessian = [(a.gradient[0] - b.gradient[0]) / (2 * step) for a, b in sides]
    here = place_of(one, x)
    np.testing.assert_allclose(here.gradient[0], gradient, atol=1e-8)
    np.testing.assert_allclose(here.hessian[0], hessian, atol=1e-8)


def test_it_ends_where_the_bounded_search_ends() -> None:
    """That is polished to rounding; 1e-10 leaves room for the conditioning of a matrix."""
    every = correlations(30, 6, 4)
    start = np.log(1 / np.einsum("gii->gi", np.linalg.inv(every)))
    found, inside = minima(every, start, LEAST)
    assert inside.mean() > 0.8
    for g in np.flatnonzero(inside):
        searched = _searched(start[g], every[g])
        assert searched is not None
        np.testing.assert_allclose(found[g], searched, atol=1e-10)


def test_matrices_of_several_sizes_keep_their_places() -> None:
    improper = np.array([[1, 0.9, 0.9], [0.9, 1, 0.5], [0.9, 0.5, 1]])
    every = [*correlations(3, 4, 5), improper, *correlations(2, 7, 6)]
    for together, one in zip(fit_one_factors(every), every, strict=True):
        alone = fit_one_factor(one)
        assert together is not None
        assert alone is not None
        np.testing.assert_allclose(together.residuals, alone.residuals, rtol=1e-9)


def test_items_without_a_common_factor_are_left_to_the_other_search() -> None:
    found, inside = minima(np.eye(4)[None], np.full((1, 4), -0.1), LEAST)
    assert found.shape == (1, 4)
    assert not inside.any()
