"""Newton's method for many one-factor models at once.

The deviance, concentrated on the logarithms x of the residual variances of a correlation matrix, is
Σ (γ − ln γ − 1) over all eigenvalues γ of Θ^(−½) S Θ^(−½) but the largest. With eigenvectors ω its
derivatives have closed forms (Clarke, 1970, British Journal of Mathematical and Statistical
Psychology 23, 43–52; here by ln θ, in which they are shorter).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-9
"""Largest entry of the gradient at a minimum."""

_STEPS = 60
_LAST = 2  # Newton's steps from there, each of which squares the distance
_FIRST, _LEAST = 1e-3, 1e-12  # damping
_CLOSE = 1e-6  # to a bound, where another search decides

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Place:
    """Deviances (G,) with their gradients (G, k) and second derivatives (G, k, k).

    Attributes
    ----------
    usual : (G,) array
        Whether the largest eigenvalue exceeds 1, so that there is a factor, and the next one.
    """

    deviance: Array
    gradient: Array
    hessian: Array
    usual: Bools


def minima(correlations: Array, start: Array, least: float) -> tuple[Array, Bools]:
    """Search all minima together.

    Parameters
    ----------
    correlations : (G, k, k) array
        Positive definite.
    start : (G, k) array
        Logarithms of residual variances.
    least : float
        Their lower bound; the upper one is 0.

    Returns
    -------
    (G, k) array, (G,) array
        Where the searches ended, and which of them at a minimum between the bounds: to rounding, so
        that every machine ends at one figure.
    """
    x = start.copy()
    found = np.zeros(len(x), dtype=bool)
    damping = np.full(len(x), _FIRST)
    left = np.arange(len(x))
    here = place_of(correlations, x)
    for _ in range(_STEPS):
        done = np.abs(here.gradient).max(axis=1) < TOLERANCE
        found[left[done & here.usual]] = True
        going = ~done & here.usual & (damping[left] < 1 / _LEAST)
        left, here = left[going], _taken(here, going)
        if not left.size:
            break
        moved = np.clip(x[left] + _step(here, damping[left]), least, 0.0)
        there = place_of(correlations[left], moved)
        better = there.usual & (there.deviance <= here.deviance + 1e-13)
        x[left[better]] = moved[better]
        damping[left] = np.where(better, np.maximum(damping[left] / 10, _LEAST), damping[left] * 10)
        here = _either(better, there, here)
    found &= (x > least + _CLOSE).all(axis=1) & (x < -_CLOSE).all(axis=1)
    for _ in range(_LAST):
        x[found] += _step(place_of(correlations[found], x[found]), np.zeros(found.sum()))
    return x, found


def place_of(correlations: Array, x: Array) -> Place:
    """The deviance with its derivatives at (G, k) logarithms of residual variances."""
    root = np.exp(-x / 2)
    values, vectors = np.linalg.eigh(correlations * root[:, :, None] * root[:, None, :])
    rest, first = values[:, :-1], values[:, -1:]
    other, factor = vectors[:, :, :-1], vectors[:, :, -1]
    usual = (first[:, 0] > 1) & (first[:, 0] > rest[:, -1] + 1e-8) & (rest[:, 0] > 0)
    known = np.where(rest > 0, rest, 1.0)
    across = other.transpose(0, 2, 1)
    apart = np.where(usual[:, None], first - rest, 1.0)
    turned = (1 - rest) * (rest + first) / -apart
    hessian = (other @ across) * ((other * rest[:, None, :]) @ across)
    hessian -= ((other * turned[:, None, :]) @ across) * factor[:, :, None] * factor[:, None, :]
    return Place(
        np.where(usual, (rest - np.log(known) - 1).sum(axis=1), np.inf),
        np.einsum("gim,gm->gi", other**2, 1 - rest),
        hessian,
        usual,
    )


def _step(here: Place, damping: Array) -> Array:
    """Newton's step; where the curvature is not positive, along its eigenvectors made positive."""
    values, vectors = np.linalg.eigh(here.hessian)
    size = np.maximum(np.abs(values), 1e-8) + damping[:, None] * np.abs(values).max(axis=1)[:, None]
    along = np.einsum("gij,gi->gj", vectors, here.gradient) / size
    return np.asarray(-np.einsum("gij,gj->gi", vectors, along))


def _taken(place: Place, which: Bools) -> Place:
    return Place(
        place.deviance[which], place.gradient[which], place.hessian[which], place.usual[which]
    )


def _either(which: Bools, one: Place, other: Place) -> Place:
    return Place(
        np.where(which, one.deviance, other.deviance),
        np.where(which[:, None], one.gradient, other.gradient),
        np.where(which[:, None, None], one.hessian, other.hessian),
        np.where(which, one.usual, other.usual),
    )
